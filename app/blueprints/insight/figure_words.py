"""What the figures of stations are called, what each counts, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.insight.figures import OF_COMPANY, Line, Numbers
from app.lib.tables import Cell


@dataclass(frozen=True)
class Figure:
    """A column: a count, or with `rate` something a day."""

    name: str
    words: Any
    definition: Any
    rate: bool = False

    def of(self, numbers: Numbers) -> int | float | None:
        """The figure, None where there is nothing to divide by."""
        value: int | float | None = getattr(numbers, self.name)
        return value

    def said(self, numbers: Numbers) -> str:
        """The figure as it is shown."""
        value = self.of(numbers)
        if value is None:
            return "–"
        return f"{value:,.2f}" if self.rate else f"{value:,}"

    def cell(self, numbers: Numbers) -> Cell:
        """The figure in a file."""
        value = self.of(numbers)
        return "" if value is None else round(value, 3)


_VISITS = Figure(
    "visits", _l("Visits"),
    _l("Check-ins less than two hours after the one before, of one rider at one station, are one visit. What is marked, too far away for example, is none."),  # noqa: E501
)  # fmt: skip
_CHECK_INS = Figure(
    "check_ins", _l("Check-ins"), _l("All that was not taken back, marked ones too.")
)
_PER_DAY = Figure(
    "per_day", _l("Visits a day"), _l("On each day of the period on which there was the station."),
    rate=True,
)  # fmt: skip
FIGURES = (
    _VISITS,
    Figure("people", _l("People"), _l("Riders and other outdoor workers, as often as they came.")),
    Figure("workers", _l("Other outdoor workers"), _l("Of these people, whom the host counted.")),
    _CHECK_INS,
    _PER_DAY,
    Figure(
        "per_rest", _l("Rest, per place and day"),
        _l("People who came to rest, on each day, by each of today's places to rest."), rate=True,
    ),
    Figure(
        "per_plug", _l("Charging, per plug and day"),
        _l("People who came to charge, on each day, by each of today's plugs for phones and e-bikes."),  # noqa: E501
        rate=True,
    ),
)  # fmt: skip
OF_A_COMPANY = (_VISITS, _CHECK_INS, _PER_DAY)


def figures_for(of: str) -> Sequence[Figure]:
    """The columns in the sight of stations, or of a company."""
    return OF_A_COMPANY if of == OF_COMPANY else FIGURES


def most(lines: Sequence[Line], figure: Figure) -> float:
    """The greatest value of a column, for its bars."""
    return max((figure.of(line.numbers) or 0 for line in lines), default=0) or 1
