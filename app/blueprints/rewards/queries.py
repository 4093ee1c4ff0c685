"""Reading redemptions and what is handed out. Who may see a row is part of the query."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.rewards.models import Redemption, RedemptionState, RewardStock
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.errors import NotFound

MOST_OWN = 100


def own_vouchers(session: Session, rider: User) -> Sequence[Redemption]:
    """A rider's vouchers with what a phone shows of them: those that are good before those that
    have ended, the newest first. Charity has none."""
    wanted = _shown().where(Redemption.rider_id == rider.id, Redemption.code != "")
    ended = Redemption.state != RedemptionState.HELD
    return session.scalars(wanted.order_by(ended, Redemption.id.desc()).limit(MOST_OWN)).all()


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
