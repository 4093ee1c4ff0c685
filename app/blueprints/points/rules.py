"""What a rule pays: reckoned from the rule, the occurrence, and what was paid that day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.blueprints.points.models import Why
from app.blueprints.points.requests import MOST
from app.lib.clock import to_local


class Terms(Protocol):
    """What reckoning needs of a rule; a draft of one has it too."""

    @property
    def amount(self) -> int | None: ...
    @property
    def percent(self) -> int: ...
    @property
    def role_percents(self) -> Mapping[str, int]: ...
    @property
    def first_bonus(self) -> int: ...
    @property
    def daily_times(self) -> int | None: ...
    @property
    def daily_points(self) -> int | None: ...
    @property
    def place_daily_times(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Happened:
    """An occurrence as rules see it."""

    rider_id: int
    at: datetime
    worth: int | None
    five_role: str
    place_id: int | None

    @property
    def day(self) -> date:
        """The local day by which caps count."""
        return to_local(self.at).date()


@dataclass(frozen=True, slots=True)
class Day:
    """What a rider was paid on a day for occasions of one kind, before this one."""

    times: int = 0
    points: int = 0
    here: int = 0
    """Times at the place of this occurrence."""
    first: bool = False
    """Nothing of the kind was ever paid."""

    @classmethod
    def of(
        cls, paid: Iterable[tuple[int, int | None]], place_id: int | None, *, first: bool
    ) -> "Day":
        """From the amounts and places of what was paid that day."""
        rows = list(paid)
        here = sum(1 for _amount, place in rows if place is not None and place == place_id)
        return cls(len(rows), sum(amount for amount, _place in rows), here, first)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Points, and why they are none or fewer."""

    amount: int
    why: Why | None = None


def reckon(rule: Terms | None, happened: Happened, day: Day) -> Reckoned:
    """What an occurrence earns. Percentages round down, a bonus is added after them, and the cap
    of points cuts what is left."""
    if rule is None:
        return Reckoned(0, Why.NO_RULE)
    if _reached(rule.daily_times, day.times):
        return Reckoned(0, Why.TIMES)
    if happened.place_id is not None and _reached(rule.place_daily_times, day.here):
        return Reckoned(0, Why.PLACE)
    bonus = rule.first_bonus if day.first else 0
    amount = min(_worth(rule, happened) + bonus, MOST)
    if amount == 0:
        return Reckoned(0, Why.NO_WORTH)
    if rule.daily_points is not None and amount > rule.daily_points - day.points:
        return Reckoned(max(0, rule.daily_points - day.points), Why.POINTS)
    return Reckoned(amount)


def _reached(cap: int | None, count: int) -> bool:
    return cap is not None and count >= cap


def _worth(rule: Terms, happened: Happened) -> int:
    worth = rule.amount if rule.amount is not None else happened.worth or 0
    return worth * rule.percent * rule.role_percents.get(happened.five_role, 100) // 10_000
