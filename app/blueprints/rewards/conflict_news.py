"""Who hears of a voucher that was handed out without being paid by points."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.notifications.services import notify
from app.blueprints.organisations.models import Membership, Role
from app.blueprints.rewards import steps
from app.blueprints.rewards.models import HandOut, HandOutcome, Redemption

MOST_TOLD = 50


def tell_of_conflict(
    session: Session, made: HandOut, redemption: Redemption, *, now: datetime
) -> None:
    """Tell the host, the one who handed it out before, and the administrators."""
    before = select(HandOut.host_id).where(
        HandOut.redemption_id == redemption.id, HandOut.outcome != HandOutcome.CONFLICT
    )
    hosts = {made.host_id, *session.scalars(before)}
    data = {
        "reward": steps.name_of(redemption), "number": redemption.number,
        "station": steps.station_name(made.station),
    }  # fmt: skip
    url = f"/rewards/desk/conflicts/{made.id}"
    people = {*hosts, *_administrators(session)}
    notify(session, people, kind="voucher_conflict", data=data, url=url, now=now)


def _administrators(session: Session) -> list[int]:
    wanted = select(Membership.user_id).where(
        Membership.role == Role.ADMINISTRATOR, Membership.ended_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Membership.user_id).limit(MOST_TOLD)))
