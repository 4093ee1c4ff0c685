"""Taking a step of a redemption: the new state and its event, and who is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.notifications.services import notify
from app.blueprints.points import books
from app.blueprints.points.models import Hold
from app.blueprints.rewards.models import Redemption, RedemptionEvent, RedemptionState
from app.blueprints.rewards.transitions import leads
from app.blueprints.stations.models import Station
from app.errors import Conflict

MAX_NOTE = 200
REFUND = "refund"


def locked(session: Session, redemption_ids: Iterable[int]) -> dict[int, Redemption]:
    """Redemptions by their ids as they are now. Their riders' accounts are locked, in the order
    of those, and whoever takes a step holds that lock: so nobody else takes one meanwhile."""
    ids = set(redemption_ids)
    if not ids:
        return {}
    accounts = select(Hold.account_id).join(Redemption, Redemption.hold_id == Hold.id)
    books.locked(session, session.scalars(accounts.where(Redemption.id.in_(ids))).all())
    wanted = (
        select(Redemption)
        .where(Redemption.id.in_(ids))
        .options(
            joinedload(Redemption.reward), joinedload(Redemption.slot),
            joinedload(Redemption.hold), joinedload(Redemption.station),
        )
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return {row.id: row for row in session.scalars(wanted)}


def take(
    session: Session, redemption: Redemption, step: str, *,
    actor_id: int | None, now: datetime, note: str = "",
) -> None:  # fmt: skip
    """Let a redemption go on. Raises Conflict where the table knows no such step."""
    reached = leads(step, redemption.state)
    if reached is None:
        raise Conflict
    redemption.state, redemption.moved_at = reached, now
    if reached == RedemptionState.GIVEN:
        redemption.given_at = now
    if step == REFUND:
        redemption.refunded_at = now
    write(session, redemption, step, actor_id=actor_id, now=now, note=note)


def write(
    session: Session, redemption: Redemption, step: str, *,
    actor_id: int | None, now: datetime, note: str = "",
) -> None:  # fmt: skip
    """Keep that a step was taken."""
    session.add(
        RedemptionEvent(
            redemption_id=redemption.id, actor_id=actor_id, step=step,
            to_state=redemption.state, note=note, at=now,
        )
    )  # fmt: skip
    session.flush()


def tell_rider(
    session: Session, redemption: Redemption, kind: str, *, now: datetime, **more: Any
) -> None:
    """Tell the rider something of a voucher of theirs."""
    data = {"reward": name_of(redemption), "points": redemption.cost, **more}
    notify(session, [redemption.rider_id], kind=kind, data=data, url=url_of(redemption), now=now)


def url_of(redemption: Redemption) -> str:
    """Where its rider sees it. What is given to charity has no voucher."""
    return f"/vouchers#v={redemption.id}" if redemption.code else "/points"


def name_of(redemption: Redemption) -> dict[str, str]:
    """What was redeemed, as notifications carry names."""
    reward = redemption.reward
    return {"zh": reward.name_zh, "en": reward.name("en")}


def station_name(station: Station) -> dict[str, str]:
    """A station's names, as notifications carry them."""
    return {"zh": station.organisation.name_zh, "en": station.organisation.name_en}
