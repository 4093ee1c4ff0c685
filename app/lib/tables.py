"""Tables as files: CSV and XLSX, written row by row."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, cast

import xlsxwriter

from app.lib import clock

IN_MEMORY_BYTES = 2 * 1024 * 1024
"""A larger file is written to disk while it grows."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
Cell = str | int | float
Lines = Iterable[Sequence[Cell]]
"""The head first. Numbers stay numbers in a workbook."""


def harmless(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def moment(at: datetime | None) -> str:
    """A moment as a cell, on a clock in Suzhou; "" for none."""
    return f"{clock.to_local(at):%Y-%m-%d %H:%M:%S}" if at else ""


def cut(rows: Iterable[Sequence[Cell]], most: int, word: str) -> Iterator[Sequence[Cell]]:
    """So many rows at most, and below them a word when there were more."""
    for number, row in enumerate(rows):
        if number == most:
            yield [word]
            return
        yield row


def write_csv(out: IO[bytes], lines: Lines, _widths: Sequence[int] = ()) -> None:
    """Write lines as CSV (RFC 4180), UTF-8 with a byte order mark so that Excel knows it."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([harmless(cell) for cell in line])
    text.flush()
    text.detach()


def write_xlsx(out: IO[bytes], lines: Lines, widths: Sequence[int] = ()) -> None:
    """Write lines as a workbook of one sheet; text is text, whatever it looks like."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            put = sheet.write_string if isinstance(cell, str) else sheet.write_number
            put(number, column, cell, bold if number == 0 else None)
    book.close()


@dataclass(frozen=True)
class Format:
    """A kind of file: how it is written, and its media type."""

    write: Callable[[IO[bytes], Lines, Sequence[int]], None]
    media_type: str


FORMATS: dict[str, Format] = {
    "csv": Format(write_csv, "text/csv; charset=utf-8"),
    "xlsx": Format(write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def table_file(kind: str, lines: Lines, widths: Sequence[int] = ()) -> IO[bytes]:
    """A file of a kind of `FORMATS`, ready to be read from its beginning."""
    out = cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY_BYTES))  # noqa: SIM115
    FORMATS[kind].write(out, lines, widths)
    out.seek(0)
    return out
