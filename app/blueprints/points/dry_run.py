"""What a rule would have paid: the deeds of the last 30 days, reckoned once more."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.points.models import Occasion, Occurrence, Outcome
from app.blueprints.points.rules import Day, Happened, Terms, reckon

TRIED_FOR = timedelta(days=30)
MOST_TRIED = 200_000
_UNDONE = (Outcome.UNDONE, Outcome.TO_UNDO)


@dataclass(frozen=True)
class Trial:
    """Deeds, riders, points by the rule that is tried, points that were paid, and how many deeds
    met a cap. `cut` when there were more deeds than are tried."""

    deeds: int
    riders: int
    points: int
    paid: int
    capped: int
    cut: bool


def try_rule(session: Session, occasion: Occasion, rule: Terms, *, now: datetime) -> Trial:
    """Reckon the deeds of the last 30 days by a rule, in the order in which they were done."""
    since = now - TRIED_FOR
    found = session.execute(
        select(
            Occurrence.rider_id, Occurrence.at, Occurrence.worth, Occurrence.five_role,
            Occurrence.place_id, Occurrence.amount,
        )
        .where(
            Occurrence.occasion == occasion, Occurrence.at >= since, Occurrence.at < now,
            Occurrence.outcome.not_in(_UNDONE),
        )
        .order_by(Occurrence.at, Occurrence.id)
        .limit(MOST_TRIED + 1)
    ).all()  # fmt: skip
    rows = found[:MOST_TRIED]
    deeds = [Happened(*row[:5]) for row in rows]
    done_before = _paid_before(session, occasion, since)
    amounts = list(_reckoned(rule, deeds, done_before))
    return Trial(
        deeds=len(deeds), riders=len({deed.rider_id for deed in deeds}),
        points=sum(amount for amount, _capped in amounts), paid=sum(row[5] for row in rows),
        capped=sum(capped for _amount, capped in amounts), cut=len(found) > MOST_TRIED,
    )  # fmt: skip


def _paid_before(session: Session, occasion: Occasion, since: datetime) -> set[int]:
    """Riders who had been paid before: they get no bonus for a first time."""
    found = select(Occurrence.rider_id).where(
        Occurrence.occasion == occasion, Occurrence.at < since, Occurrence.transfer_id.is_not(None)
    )
    return set(session.scalars(found.group_by(Occurrence.rider_id)))


def _reckoned(
    rule: Terms, deeds: Iterable[Happened], paid_before: set[int]
) -> Iterable[tuple[int, bool]]:
    """Points of each deed, and whether a cap cut them."""
    paid: dict[tuple[int, date], list[tuple[int, int | None]]] = defaultdict(list)
    had = set(paid_before)
    for deed in deeds:
        today = paid[deed.rider_id, deed.day]
        reckoned = reckon(rule, deed, Day.of(today, deed.place_id, first=deed.rider_id not in had))
        if reckoned.amount:
            today.append((reckoned.amount, deed.place_id))
            had.add(deed.rider_id)
        yield reckoned.amount, reckoned.why is not None


def paid_lately(session: Session, *, now: datetime) -> dict[Occasion, int]:
    """Points that each occasion was paid in the last 30 days."""
    found = session.execute(
        select(Occurrence.occasion, func.sum(Occurrence.amount))
        .where(Occurrence.outcome == Outcome.PAID, Occurrence.at >= now - TRIED_FOR)
        .group_by(Occurrence.occasion)
    )
    return {row[0]: row[1] for row in found}
