"""The ladder: what a star level takes. Known to nobody but by these functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.lib.clock import to_local

COUNTED_MONTHS = 12
"""The present month, and those before it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A level, and the points and the number of roles that it takes."""

    level: int
    points: int
    breadth: int


LADDER = (
    Step(1, 0, 0), Step(2, 30, 1), Step(3, 80, 2), Step(4, 160, 3), Step(5, 320, 4),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earned:
    """What counts for a level."""

    points: int = 0
    breadth: int = 0

    @property
    def level(self) -> int:
        """The highest whose points and roles are both there."""
        return max(
            step.level
            for step in LADDER
            if self.points >= step.points and self.breadth >= step.breadth
        )


def earned_of(by_role: Mapping[str, int] | Iterable[tuple[str, int]]) -> Earned:
    """From points by role; "" is of no role."""
    sums = dict(by_role)
    breadth = sum(1 for role, points in sums.items() if role and points > 0)
    return Earned(max(sum(sums.values()), 0), breadth)


def next_step(level: int) -> Step | None:
    """The step above a level; None for the highest."""
    return next((step for step in LADDER if step.level == level + 1), None)


def month_of(at: datetime) -> date:
    """The month in Suzhou, by its first day."""
    return to_local(at).date().replace(day=1)


def months_back(month: date, count: int) -> date:
    """The month so many before another; below zero, after it."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def first_counted(now: datetime) -> date:
    """The earliest month that counts."""
    return months_back(month_of(now), COUNTED_MONTHS - 1)
