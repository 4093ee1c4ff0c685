"""The tables of the figures as rows of a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.insight.figure_words import figures_for
from app.blueprints.insight.figures import OF_COMPANY, Asked, Figures, Line
from app.blueprints.insight.sums import Counted
from app.blueprints.visits.words import PURPOSES
from app.lib.tables import Cell

WIDTHS = (12, 28, *(14,) * 7)
Row = Sequence[Cell]
_FILES: dict[str, Any] = {
    "station": _l("By station"), "hour": _l("By hour"), "purpose": _l("By purpose"),
    "company": _l("By company"), "unused": _l("Not used"),
}  # fmt: skip


@dataclass(frozen=True)
class Content:
    """What stands on the page, with all lines of it, in a language."""

    asked: Asked
    found: Figures
    lines: Sequence[Line]
    companies: Mapping[int, str]
    locale: str


def files_for(of: str) -> dict[str, Any]:
    """The tables there are in a sight, by what they are called in an address."""
    return {"station": _FILES["station"]} if of == OF_COMPANY else _FILES


def lines(by: str, content: Content) -> Iterator[Row]:
    """The head and the rows of a table."""
    if by == "station":
        return _stations(content)
    return {"hour": _hours, "purpose": _purposes, "company": _companies, "unused": _unused}[by](
        content
    )


def _stations(content: Content) -> Iterator[Row]:
    columns = figures_for(content.asked.of)
    yield [_("Number"), _("Station"), *(str(one.words) for one in columns)]
    for line in content.lines:
        named = line.place.number, line.place.name(content.locale)
        yield [*named, *(one.cell(line.numbers) for one in columns)]
    yield ["", _("In all"), *(one.cell(content.found.total) for one in columns)]


def _hours(content: Content) -> Iterator[Row]:
    yield [_("Hour"), *_heads()]
    for hour, counted in enumerate(content.found.hours):
        yield [f"{hour:02}:00", *_cells(counted)]


def _purposes(content: Content) -> Iterator[Row]:
    yield [_("Purpose"), *_heads()]
    for purpose, counted in content.found.purposes:
        yield [str(PURPOSES[purpose].text), *_cells(counted)]


def _companies(content: Content) -> Iterator[Row]:
    yield [_("Company"), *_heads()]
    for company, counted in content.found.companies:
        yield [content.companies.get(company, str(company)), *_cells(counted)]


def _unused(content: Content) -> Iterator[Row]:
    yield [_("Number"), _("Station"), _("Last month with a check-in")]
    for one in content.found.unused:
        last = f"{one.last:%Y-%m}" if one.last else ""
        yield [one.place.number, one.place.name(content.locale), last]


def _heads() -> list[str]:
    return [_("Visits"), _("People"), _("Check-ins")]


def _cells(counted: Counted) -> list[Cell]:
    return [counted.visits, counted.people, counted.check_ins]
