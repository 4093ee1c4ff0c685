"""What lies on the desks of the demo's accounts today: enough of each state to try all of them."""

from dataclasses import dataclass
from enum import Enum, auto

from app.blueprints.demo.plots import ASKED_BY_DEPARTMENT, ASTRAY, JOINT, USUAL, Plot, plot


class Whose(Enum):
    """Whose desk a case of today is made for."""

    ANYBODY = auto()
    HANDLER = auto()
    """A category of the department whose handler is an account to try."""
    GRID_WORKER = auto()
    """A place in the grid whose grid worker is one."""
    RIDER = auto()
    """Filed by the rider who is one."""


@dataclass(frozen=True)
class Laid:
    """So many cases with one plot, whose steps are spread over the hours since each was filed."""

    count: int
    plot: Plot
    hours: tuple[float, float]
    whose: Whose = Whose.ANYBODY


TO_DEPARTMENT = plot("accept dispatch")
TAKEN = plot("accept dispatch take")
HANDLED = plot("accept dispatch take finish")
ALL_BUT_LAST = USUAL[:-1]

TODAY = (
    Laid(12, (), (0.05, 4)),
    Laid(3, plot("reject appeal"), (5, 60)),
    Laid(4, plot("accept"), (0.5, 6)),
    Laid(3, plot("ask"), (1, 20)),
    Laid(4, (*plot("accept"), ASTRAY, *plot("return")), (3, 40)),
    Laid(4, TO_DEPARTMENT, (0.5, 8)),
    Laid(5, TAKEN, (1, 30)),
    Laid(3, (*plot("accept"), JOINT, *plot("take")), (2, 30)),
    Laid(2, (*plot("accept"), JOINT, *plot("supervise take finish_part")), (20, 60)),
    Laid(2, (*TAKEN, ASKED_BY_DEPARTMENT), (3, 40)),
    Laid(3, HANDLED, (4, 50)),
    Laid(3, plot("accept dispatch take finish fail"), (20, 70)),
    Laid(4, ALL_BUT_LAST, (6, 60)),
    Laid(3, (*USUAL, *plot("reopen")), (40, 120)),
    Laid(6, TO_DEPARTMENT, (0.3, 5), Whose.HANDLER),
    Laid(3, TO_DEPARTMENT, (30, 80), Whose.HANDLER),
    Laid(6, TAKEN, (0.7, 6), Whose.HANDLER),
    Laid(3, (*plot("accept dispatch supervise"), *plot("take")), (50, 120), Whose.HANDLER),
    Laid(2, plot("accept dispatch take ask_extension"), (4, 20), Whose.HANDLER),
    Laid(2, (*TAKEN, ASKED_BY_DEPARTMENT), (5, 30), Whose.HANDLER),
    Laid(2, plot("accept dispatch take finish fail"), (20, 60), Whose.HANDLER),
    Laid(8, HANDLED, (3, 40), Whose.GRID_WORKER),
    Laid(2, (*USUAL, *plot("reopen")), (50, 140), Whose.GRID_WORKER),
    Laid(2, TAKEN, (2, 20), Whose.GRID_WORKER),
    Laid(1, plot("accept ask"), (3, 6), Whose.RIDER),
    Laid(1, USUAL, (30, 48), Whose.RIDER),
    Laid(1, plot("reject"), (4, 20), Whose.RIDER),
    Laid(1, TAKEN, (2, 5), Whose.RIDER),
    Laid(1, (), (0.1, 0.4), Whose.RIDER),
)
