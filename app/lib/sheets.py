"""Tables that people send: CSV as spreadsheets write it, and the first sheet of a workbook (XLSX).

Reading a workbook unpacks a stranger's bytes: it runs in a process of its own, with bounds on
memory and time, which answers cells or nothing.
"""

import csv
import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 20_000, 64
"""Empty ones among them. What stands to the right of the columns is not read."""
MAX_CELL = 1000
"""Characters; a longer cell is cut, which any check of ours finds too long."""
MEMORY_BYTES = 512 * 1024 * 1024
CPU_S, WAIT_S = 15, 20
FORMULA = ("=", "+", "-", "@")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BROKEN, _LOCKED, _TOO_MANY = 3, 4, 5
_REASONS = {_LOCKED: "locked", _TOO_MANY: "too_many_rows"}


class BadTable(Exception):
    """The bytes are no table that we take. `reason` is empty, too_large, too_many_rows,
    old_workbook, locked, not_a_table or broken; `row` where it broke, if that is known."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row


@dataclass(frozen=True)
class Table:
    """Cells as text, row by row as the file has them. `dates` are the places, row and column from
    0 on, of what a spreadsheet has made a date or a time: what was typed there is not known."""

    rows: Sequence[Sequence[str]]
    dates: frozenset[tuple[int, int]] = frozenset()


def read_table(content: bytes) -> Table:
    """Read a file, whatever its name. Raises BadTable."""
    if len(content) > MAX_BYTES:
        raise BadTable("too_large")
    if content.startswith(_OLD_WORKBOOK):
        raise BadTable("old_workbook")
    table = _workbook(content) if content.startswith(_WORKBOOK) else _csv(content)
    if not any(any(row) for row in table.rows):
        raise BadTable("empty")
    return table


def _csv(content: bytes) -> Table:
    text = _decoded(content)
    if "\0" in text:
        raise BadTable("not_a_table")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(rows) == MAX_ROWS:
                raise BadTable("too_many_rows")
            rows.append([_typed(cell[:MAX_CELL].strip()) for cell in row[:MAX_COLUMNS]])
    except csv.Error as error:
        raise BadTable("broken", len(rows) + 1) from error
    return Table(rows)


def _typed(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what Excel writes in China (GB 18030)."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadTable("not_a_table")


def _delimiter(text: str) -> str:
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=head.count)


def _workbook(content: bytes) -> Table:
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter, our own file, numbers)
            [sys.executable, "-I", str(Path(__file__)), *map(str, (MEMORY_BYTES, CPU_S))],
            input=content, capture_output=True, timeout=WAIT_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BadTable("broken") from error
    if done.returncode != 0:
        raise BadTable(_REASONS.get(done.returncode, "broken"))
    found = json.loads(done.stdout)
    return Table(found["rows"], frozenset((row, column) for row, column in found["dates"]))


def _answer_workbook() -> int:
    """Read a workbook from the standard input, write its cells as JSON; answers the exit code."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    memory_bytes, cpu_s = map(int, sys.argv[1:])
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.total_height > MAX_ROWS:
            return _TOO_MANY
        cells = sheet.to_python(skip_empty_area=False)
        if len(cells) > MAX_ROWS:
            return _TOO_MANY
    except PasswordError:
        return _LOCKED
    except (CalamineError, IndexError):
        return _BROKEN
    json.dump(_as_json(cells), sys.stdout)
    return 0


def _as_json(cells: Iterable[Sequence[Any]]) -> dict[str, Any]:
    rows: list[list[str]] = []
    dates: list[tuple[int, int]] = []
    for number, row in enumerate(cells):
        rows.append([_as_text(cell) for cell in row[:MAX_COLUMNS]])
        dates += [(number, column) for column in _dates(row[:MAX_COLUMNS])]
    return {"rows": rows, "dates": dates}


def _dates(row: Sequence[Any]) -> Iterator[int]:
    for column, cell in enumerate(row):
        if not isinstance(cell, str | int | float | bool | None):
            yield column


def _as_text(cell: Any) -> str:
    """A number as it was typed: workbooks keep 2 as 2.0."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)[:MAX_CELL].strip()


if __name__ == "__main__":
    sys.exit(_answer_workbook())
