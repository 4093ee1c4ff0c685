"""Tables that people send: what is read, and what a hostile workbook cannot do."""

import io
import time
import zipfile
from datetime import date
from datetime import time as clock_time

import pytest
import xlsxwriter

from app.lib.sheets import MAX_BYTES, MAX_CELL, MAX_COLUMNS, BadTable, read_table


def reason(content: bytes) -> tuple[str, int | None]:
    with pytest.raises(BadTable) as refused:
        read_table(content)
    return refused.value.reason, refused.value.row


def workbook(cells: dict[tuple[int, int], object]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet()
    for (row, column), value in cells.items():
        sheet.write(row, column, value)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_as_spreadsheets_write_it(delimiter: str, encoding: str) -> None:
    text = f'编号{delimiter}名称\r\nA1{delimiter}"两\r\n行"\r\n\r\n'
    assert read_table(text.encode(encoding)).rows == [["编号", "名称"], ["A1", "两\r\n行"], []]


def test_the_apostrophe_of_an_export_is_taken_off() -> None:
    assert read_table(b"a\n'=1+1\n'+86\n'tis\n").rows[1:] == [["=1+1"], ["+86"], ["'tis"]]


def test_a_workbook_keeps_numbers_as_typed_and_names_dates() -> None:
    table = read_table(
        workbook({(1, 0): 2, (1, 1): 2.5, (2, 1): date(2026, 3, 1), (3, 0): clock_time(8)})
    )
    assert table.rows[1] == ["2", "2.5"]
    assert table.dates == {(2, 1), (3, 0)}


def test_long_cells_and_rows_are_cut() -> None:
    (row,) = read_table(b"x" * 5000 + b",y" * 100).rows
    assert (len(row[0]), len(row)) == (MAX_CELL, MAX_COLUMNS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ("empty", None)),
        (b" \n,,\n", ("empty", None)),
        (b"a" * (MAX_BYTES + 1), ("too_large", None)),
        (b"a\n" * 20_001, ("too_many_rows", None)),
        (b'a\n"b\n', ("broken", 2)),
        (b'a\n"b"c\n', ("broken", 2)),
        (b"a\0b", ("not_a_table", None)),
        (b"\xff\xfe\x00", ("not_a_table", None)),
        (b"\xd0\xcf\x11\xe0", ("old_workbook", None)),
        (b"PK\x03\x04", ("broken", None)),
        (workbook({(0, 0): "a", (20_000, 0): "b"}), ("too_many_rows", None)),
    ],
    ids=[
        "nothing",
        "blank",
        "large",
        "long",
        "open quote",
        "odd quote",
        "nul",
        "utf-16",
        "xls",
        "no zip",
        "long workbook",
    ],
)
def test_what_is_no_table(content: bytes, said: tuple[str, int | None]) -> None:
    assert reason(content) == said


def unpacking_to(size: int) -> bytes:
    """A workbook of some KB whose one cell has so many letters."""
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"a" * size + b"</t></is></c></row>"
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({(0, 0): "a"}))) as plain,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in plain.namelist():
            content = head + cell + b"</sheetData></worksheet>" if "sheet1" in name else None
            packed.writestr(name, content or plain.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [unpacking_to(700_000_000), workbook({(0, 0): "a", (19_000, 16_383): "b"})],
    ids=["much from little", "far to the right"],
)
def test_a_hostile_workbook_takes_neither_memory_nor_time(content: bytes) -> None:
    assert len(content) < 1_000_000
    started = time.monotonic()
    assert reason(content) == ("broken", None)
    assert time.monotonic() - started < 25
