"""Which check-ins are one visit: docs/decisions/0016.

Of one rider at one station, in the order of their times, each that comes less than two hours after
the one before belongs to the same visit; the first of it leads. Whether one leads is told by the
one just before it alone, so what is added or taken away changes nobody but its next.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

GAP = timedelta(hours=2)


class Member(Protocol):
    """A check-in that may lead: neither marked nor taken back."""

    @property
    def key(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def leads(self) -> bool: ...


def order(member: Member) -> tuple[datetime, str]:
    """Where a check-in stands among the others of its rider, however it came."""
    return member.at, member.key


def leaders(
    there: Iterable[Member], *, new: Sequence[Member] = (), gone: frozenset[str] = frozenset()
) -> dict[str, bool]:
    """Who leads now, by key: each of `new`, and of those that are `there` whoever leads no longer
    or only now. `there` holds all of one rider at one station from two hours before the first
    change to two hours after the last, those that are `gone` too."""
    added = {one.key for one in new}
    answer: dict[str, bool] = {}
    before: datetime | None = None
    changed = False
    for one in sorted([*there, *new], key=order):
        if one.key in gone:
            changed = True
            continue
        leads = one.leads
        if one.key in added or changed:
            leads = before is None or one.at - before >= GAP
        if one.key in added or leads != one.leads:
            answer[one.key] = leads
        changed = one.key in added
        before = one.at
    return answer
