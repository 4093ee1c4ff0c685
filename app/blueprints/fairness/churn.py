"""Rewards redeemed and cancelled again and again: stock is kept from others, and points that
would expire last longer each time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.fairness import limits
from app.blueprints.fairness.deeds import BATCH, LAG, last_read
from app.blueprints.fairness.models import Pattern
from app.blueprints.fairness.notice import Notice, week_of
from app.blueprints.rewards.models import Redemption, RedemptionEvent
from app.lib.clock import start_of_day


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A redemption that its rider gave back."""

    id: int
    rider_id: int
    redemption_id: int
    at: datetime


_OWN = (
    select(
        RedemptionEvent.id, Redemption.rider_id, RedemptionEvent.redemption_id, RedemptionEvent.at
    )
    .join(Redemption, Redemption.id == RedemptionEvent.redemption_id)
    .where(
        RedemptionEvent.step == "cancel", RedemptionEvent.actor_id == Redemption.rider_id
    )
)  # fmt: skip


def new_cancelled(session: Session, *, now: datetime) -> Sequence[Cancelled]:
    """The next that were given back, up to the first that is too young."""
    behind = RedemptionEvent.id > last_read(session, "cancelled")
    found = session.execute(_OWN.where(behind).order_by(RedemptionEvent.id).limit(BATCH))
    rows = [Cancelled(*row) for row in found]
    young = (place for place, row in enumerate(rows) if row.at > now - LAG)
    return rows[: next(young, len(rows))]


def churn(session: Session, cancelled: Sequence[Cancelled]) -> Iterator[Notice]:
    """More given back in a local week than somebody changes their mind. Evidence: `cancelled`, how
    many, and `redemptions`, their ids."""
    weeks = {(one.rider_id, _monday(one.at)) for one in cancelled}
    if not weeks:
        return
    of_weeks = [
        (Redemption.rider_id == rider)
        & (RedemptionEvent.at >= start)
        & (RedemptionEvent.at < start + limits.CHURN_WITHIN)
        for rider, start in sorted(weeks)
    ]
    by_week: dict[tuple[int, str], list[int]] = {}
    for row in session.execute(_OWN.where(or_(*of_weeks)).order_by(RedemptionEvent.id)):
        one = Cancelled(*row)
        by_week.setdefault((one.rider_id, week_of(one.at)), []).append(one.redemption_id)
    for (rider, week), ids in by_week.items():
        if len(ids) > limits.MOST_CANCELLED:
            shown = ids[: limits.MOST_DEEDS]
            yield Notice(
                Pattern.CHURN, rider, week, evidence={"cancelled": len(ids), "redemptions": shown}
            )


def _monday(moment: datetime) -> datetime:
    day = start_of_day(moment)
    return day - timedelta(days=day.weekday())
