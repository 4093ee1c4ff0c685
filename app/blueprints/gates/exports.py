"""A compound's log as a file: CSV or XLSX, of exactly what the filter shows."""

from collections.abc import Iterable, Iterator, Sequence

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
from app.lib.tables import Cell, cut, moment

MOST_ROWS = 50_000
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
        moment(passed.at),
        gate.name(locale),
        passed.label,
        said(DIRECTIONS, passed.direction),
        said(METHODS, passed.method),
        said(CAME_BY, passed.vehicle),
        passed.guard,
        said(OUTCOMES, passed.outcome),
        verdict_words(passed.phone_level, passed.phone_reason),
        verdict_words(passed.server_level, passed.server_reason),
        moment(passed.undone_at),
    ]


def lines(rows: Rows, locale: str) -> Iterator[Sequence[Cell]]:
    """The head, the rows, and a word when not all of them fitted."""
    yield heads()
    found = (cells(passed, gate, locale) for passed, gate in rows)
    yield from cut(
        found, MOST_ROWS, _("Cut after %(count)s rows. Choose fewer days.", count=MOST_ROWS)
    )
