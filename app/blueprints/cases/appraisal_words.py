"""What the figures of the appraisal are called, what each counts, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.cases.appraisal import Line
from app.lib.tables import Cell

HOUR_S = 3600


@dataclass(frozen=True)
class Figure:
    """A column. `unit`: "count", "share" (0..1) or "hours" (kept in seconds)."""

    name: str
    words: Any
    definition: Any
    unit: str = "count"

    def of(self, line: Line) -> int | float | None:
        """The figure of a line, None where there is nothing to divide or to measure."""
        value: int | float | None = getattr(line, self.name)
        return value if value is None or self.unit != "hours" else value / HOUR_S

    def said(self, line: Line) -> str:
        """The figure as it is shown."""
        value = self.of(line)
        if value is None:
            return "–"
        if self.unit == "share":
            return f"{value:.1%}"
        return f"{value:.1f}" if self.unit == "hours" else str(value)

    def cell(self, line: Line) -> Cell:
        """The figure in a file; a share in percent."""
        value = self.of(line)
        if value is None:
            return ""
        return round(value * 100, 2) if self.unit == "share" else round(value, 2)


FIGURES = (
    Figure("received", _l("Reports"), _l("Reports received in the period.")),
    Figure("filed", _l("Cases filed"), _l("Of these, filed as cases.")),
    Figure("dispatched", _l("Cases dispatched"), _l("Of these, sent to a department.")),
    Figure("closed", _l("Cases closed"), _l("Of these, closed by now.")),
    Figure("closed_share", _l("Closed, share"), _l("Closed, of those filed."), "share"),
    Figure("on_time", _l("On time"), _l("Handled before the deadline, the last time if reworked.")),
    Figure("late", _l("Late"), _l("Handled after the deadline.")),
    Figure("on_time_share", _l("On time, share"), _l("On time, of those handled."), "share"),
    Figure("overdue", _l("Overdue now"), _l("Not handled, and the deadline has passed.")),
    Figure(
        "returned", _l("Cases returned"), _l("Cases that a department sent back to the centre.")
    ),
    Figure("reworked", _l("Cases reworked"), _l("Cases that failed verification at least once.")),
    Figure("rework_share", _l("Rework, share"), _l("Reworked, of those dispatched."), "share"),
    Figure("reopened", _l("Cases reopened"), _l("Cases that were closed and opened again.")),
    Figure(
        "satisfied_share", _l("Satisfied, share"),
        _l("Reporters who said it is solved, of those who said anything."), "share",
    ),
    Figure(
        "median_s", _l("Median, hours"),
        _l("Half of the closed cases took no longer from filing to closing, round the clock."),
        "hours",
    ),
    Figure(
        "ninetieth_s", _l("90%, hours"),
        _l("Nine of ten closed cases took no longer, round the clock."), "hours",
    ),
    Figure(
        "working_median_s", _l("Median, working hours"),
        _l("The same in working time: 09:00 to 17:00 of working days."), "hours",
    ),
    Figure(
        "working_ninetieth_s", _l("90%, working hours"),
        _l("Nine of ten, in working time."), "hours",
    ),
)  # fmt: skip
GROUPING_WORDS: dict[str, Any] = {
    "department": _l("Department"), "category": _l("Category"), "group": _l("Group"),
    "street": _l("Street"), "grid": _l("Grid"), "month": _l("Month"),
}  # fmt: skip


def most(lines: Sequence[Line], figure: Figure) -> float:
    """The greatest value of a column, for its bars; shares are of one."""
    if figure.unit == "share":
        return 1
    return max((figure.of(line) or 0 for line in lines), default=0) or 1
