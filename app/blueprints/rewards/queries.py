"""Reading redemptions and what is handed out. Who may see a row is part of the query."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.rewards.models import Redemption, RedemptionState, RewardStock
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.errors import NotFound

MOST_OPEN = 2000
"""Open vouchers that a counter is told of: its own first, then those for any station."""
MOST_OWN = 100


def open_vouchers(
    session: Session, station_ids: Collection[int], now: datetime
) -> Sequence[Redemption]:
    """Vouchers that may be handed out at one of these stations, with their rewards."""
    at = Redemption.station_id
    wanted = (
        select(Redemption)
        .where(
            Redemption.state == RedemptionState.HELD, Redemption.until > now,
            or_(at.in_(station_ids), at.is_(None)),
        )
        .options(joinedload(Redemption.reward), joinedload(Redemption.slot))
        .order_by(at.is_(None), Redemption.until, Redemption.id)
        .limit(MOST_OPEN)
    )  # fmt: skip
    return session.scalars(wanted).all()


def own_vouchers(session: Session, rider: User) -> Sequence[Redemption]:
    """A rider's vouchers, the newest first, with what a phone shows of them. Charity has none."""
    wanted = _shown().where(Redemption.rider_id == rider.id, Redemption.code != "")
    return session.scalars(wanted.order_by(Redemption.id.desc()).limit(MOST_OWN)).all()


def own_voucher(session: Session, rider: User, redemption_id: int) -> Redemption:
    """One of them. Raises NotFound."""
    wanted = _shown().where(Redemption.rider_id == rider.id, Redemption.id == redemption_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _shown() -> Select[Redemption]:
    return select(Redemption).options(
        joinedload(Redemption.reward), joinedload(Redemption.slot), joinedload(Redemption.station)
    )


def stocks_of(actor: User) -> Select[RewardStock]:
    """The stocks where somebody works: administrators all, those of no station too."""
    found = select(RewardStock)
    if actor.has_role(Role.ADMINISTRATOR):
        return found
    here = run_by(actor).with_only_columns(Station.organisation_id)
    return found.where(RewardStock.station_id.in_(here))
