"""A compound's log as a file: CSV or XLSX, of exactly what the filter shows."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO

import xlsxwriter
from flask_babel import gettext as _

from app.blueprints.gates.models import Pass
from app.blueprints.gates.pass_words import (
    CAME_BY,
    DIRECTIONS,
    METHODS,
    OUTCOMES,
    said,
    verdict_words,
)
from app.blueprints.organisations.models import Organisation
from app.lib import clock

MOST_ROWS = 50_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
Rows = Iterable[tuple[Pass, Organisation]]
WIDTHS = (20, 18, 18, 10, 16, 12, 14, 12, 26, 26, 14)


def heads() -> list[str]:
    """The names of the columns, in the person's language."""
    return [
        _("Time"), _("Gate"), _("Rider"), _("Direction"), _("How"), _("Came by"), _("Guard"),
        _("Outcome"), _("Verdict at the gate"), _("Verdict of the centre"), _("Taken back"),
    ]  # fmt: skip


def cells(passed: Pass, gate: Organisation, locale: str) -> list[str]:
    """One pass as a row of text, in the order of `heads`."""
    return [
        f"{clock.to_local(passed.at):%Y-%m-%d %H:%M:%S}",
        gate.name(locale),
        passed.label,
        said(DIRECTIONS, passed.direction),
        said(METHODS, passed.method),
        said(CAME_BY, passed.vehicle),
        passed.guard,
        said(OUTCOMES, passed.outcome),
        verdict_words(passed.phone_level, passed.phone_reason),
        verdict_words(passed.server_level, passed.server_reason),
        f"{clock.to_local(passed.undone_at):%Y-%m-%d %H:%M:%S}" if passed.undone_at else "",
    ]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_csv(out: IO[bytes], rows: Rows, locale: str) -> None:
    """Write rows as CSV (RFC 4180), UTF-8 with a byte order mark so that Excel knows it."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    for row in _lines(rows, locale):
        writer.writerow([harmless(cell) for cell in row])
    text.flush()
    text.detach()


def write_xlsx(out: IO[bytes], rows: Rows, locale: str) -> None:
    """Write rows as a workbook of one sheet; cells are text, whatever they look like."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_lines(rows, locale)):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell, bold if number == 0 else None)
    book.close()


def _lines(rows: Rows, locale: str) -> Iterator[Sequence[str]]:
    """The head, the rows, and a word when not all of them fitted."""
    yield heads()
    for number, (passed, gate) in enumerate(rows):
        if number == MOST_ROWS:
            yield [_("Cut after %(count)s rows. Choose fewer days.", count=MOST_ROWS)]
            return
        yield cells(passed, gate, locale)


WRITERS: dict[str, tuple[Callable[[IO[bytes], Rows, str], None], str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
"""How a file of each kind is written, and its media type."""
