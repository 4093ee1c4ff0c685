"""Reading at the desk: rewards, stock, vouchers, conflicts. Who may see a row is in the query."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation, Role
from app.blueprints.rewards.models import (
    HandOut,
    HandOutcome,
    Redemption,
    RedemptionEvent,
    RedemptionState,
    Reward,
    RewardEvent,
    RewardState,
    RewardStock,
    StockMove,
    Supplier,
)
from app.blueprints.rewards.queries import stocks_of
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.errors import NotFound

PAGE = 30
MOST_SUPPLIERS = 300
MOST_STATIONS = 1000
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows; `after` is the id with which the next page begins."""

    items: Sequence[Row]
    after: int | None


def rewards(session: Session, state: RewardState | None, *, after: int | None) -> Page[Reward]:
    """Rewards, the newest first."""
    wanted = select(Reward).options(joinedload(Reward.supplier), selectinload(Reward.pictures))
    if state is not None:
        wanted = wanted.where(Reward.state == state)
    return _page(session, wanted, Reward.id, after)


def reward(session: Session, reward_id: int) -> Reward:
    """One of them. Raises NotFound."""
    found = session.get(Reward, reward_id, options=[selectinload(Reward.pictures)])
    if found is None:
        raise NotFound
    return found


def events(session: Session, reward_id: int, *, after: int | None = None) -> Page[RewardEvent]:
    """What was done to a reward, the newest first."""
    wanted = select(RewardEvent).where(RewardEvent.reward_id == reward_id)
    return _page(session, wanted.options(joinedload(RewardEvent.actor)), RewardEvent.id, after)


def suppliers(session: Session) -> Sequence[Supplier]:
    """Those who deliver first, then those who did."""
    wanted = select(Supplier).order_by(Supplier.ended_at.is_not(None), Supplier.name_zh)
    return session.scalars(wanted.limit(MOST_SUPPLIERS)).all()


def supplier(session: Session, supplier_id: int) -> Supplier:
    """One of them. Raises NotFound."""
    found = session.get(Supplier, supplier_id)
    if found is None:
        raise NotFound
    return found


def free_by_reward(session: Session, ids: Collection[int]) -> Mapping[int, int]:
    """How many are free of each, of what is counted."""
    rows = session.execute(
        select(RewardStock.reward_id, func.sum(RewardStock.left))
        .where(RewardStock.reward_id.in_(ids), RewardStock.left.is_not(None))
        .group_by(RewardStock.reward_id)
    )
    return {row[0]: int(row[1] or 0) for row in rows}


def places_of(session: Session, reward_id: int) -> Sequence[RewardStock]:
    """Every place of a reward, offered or not."""
    wanted = (
        select(RewardStock)
        .outerjoin(RewardStock.station)
        .options(joinedload(RewardStock.station))
        .where(RewardStock.reward_id == reward_id)
        .order_by(RewardStock.station_id.is_not(None), Station.number)
    )
    return session.scalars(wanted.limit(MOST_STATIONS)).all()


def stocks(
    session: Session, actor: User, *, station_id: int | None, after: int | None
) -> Page[RewardStock]:
    """What lies where the actor works, the newest first; of one station, if one is named."""
    wanted = stocks_of(actor).options(
        joinedload(RewardStock.reward), joinedload(RewardStock.station)
    )
    if station_id is not None:
        wanted = wanted.where(RewardStock.station_id == station_id)
    return _page(session, wanted, RewardStock.id, after)


def stock(session: Session, actor: User, stock_id: int) -> RewardStock:
    """One of them. Raises NotFound."""
    found = session.scalar(
        stocks_of(actor)
        .where(RewardStock.id == stock_id)
        .options(joinedload(RewardStock.reward), joinedload(RewardStock.station))
    )
    if found is None:
        raise NotFound
    return found


def waiting_by_stock(session: Session, ids: Collection[int]) -> Mapping[int, int]:
    """How many of each lie there for open vouchers."""
    rows = session.execute(
        select(Redemption.stock_id, func.count())
        .where(Redemption.stock_id.in_(ids), Redemption.state == RedemptionState.HELD)
        .group_by(Redemption.stock_id)
    )
    return {row[0]: row[1] for row in rows}


def moves(session: Session, stock_id: int, *, after: int | None) -> Page[StockMove]:
    """What came and went, the newest first."""
    wanted = select(StockMove).where(StockMove.stock_id == stock_id)
    return _page(session, wanted.options(joinedload(StockMove.actor)), StockMove.id, after)


def stations_of(session: Session, actor: User) -> Sequence[Station]:
    """The stations in use where somebody works, by name."""
    wanted = run_by(actor).where(Station.ended_at.is_(None)).order_by(Organisation.name_zh)
    return session.scalars(wanted.limit(MOST_STATIONS)).all()


def conflicts(session: Session, actor: User, *, settled: bool, after: int | None) -> Page[HandOut]:
    """Hand-outs that do not count, the newest first."""
    wanted = _conflicts_of(actor).where(
        HandOut.settled_at.is_not(None) if settled else HandOut.settled_at.is_(None)
    )
    return _page(session, wanted, HandOut.id, after)


def conflict(session: Session, actor: User, hand_out_id: int) -> HandOut:
    """One of them. Raises NotFound."""
    found = session.scalar(_conflicts_of(actor).where(HandOut.id == hand_out_id))
    if found is None:
        raise NotFound
    return found


def open_conflicts(session: Session, actor: User) -> int:
    """How many wait for an administrator's word."""
    counted = _conflicts_of(actor).where(HandOut.settled_at.is_(None))
    found = session.scalar(select(func.count()).select_from(counted.with_only_columns(
        HandOut.id).subquery()))  # fmt: skip
    return found or 0


def hand_outs(session: Session, redemption_id: int) -> Sequence[HandOut]:
    """Every time that something was said to be handed out for a voucher, oldest first."""
    wanted = select(HandOut).where(HandOut.redemption_id == redemption_id)
    shown = wanted.options(joinedload(HandOut.host), joinedload(HandOut.station))
    return session.scalars(shown.order_by(HandOut.id).limit(PAGE)).all()


def redemption(session: Session, redemption_id: int) -> Redemption:
    """A redemption with what the desk shows of it. Raises NotFound."""
    found = session.scalar(_redemptions().where(Redemption.id == redemption_id))
    if found is None:
        raise NotFound
    return found


def redemption_numbered(session: Session, number: str) -> int | None:
    """The redemption of a number."""
    return session.scalar(select(Redemption.id).where(Redemption.number == number))


def steps_of(session: Session, redemption_id: int) -> Sequence[RedemptionEvent]:
    """What became of a redemption, oldest first."""
    wanted = select(RedemptionEvent).where(RedemptionEvent.redemption_id == redemption_id)
    shown = wanted.options(joinedload(RedemptionEvent.actor))
    return session.scalars(shown.order_by(RedemptionEvent.id).limit(100)).all()


def _redemptions() -> Select[Redemption]:
    return select(Redemption).options(
        joinedload(Redemption.reward), joinedload(Redemption.rider),
        joinedload(Redemption.station), joinedload(Redemption.slot),
    )  # fmt: skip


def _conflicts_of(actor: User) -> Select[HandOut]:
    return (
        select(HandOut)
        .where(HandOut.outcome == HandOutcome.CONFLICT, _may_see(actor))
        .options(
            joinedload(HandOut.redemption).joinedload(Redemption.reward),
            joinedload(HandOut.station), joinedload(HandOut.host),
            joinedload(HandOut.settled_by),
        )
    )  # fmt: skip


def _may_see(actor: User) -> ColumnElement[bool]:
    """Administrators all; hosts what they or others of their stations handed out twice."""
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    here = run_by(actor).with_only_columns(Station.organisation_id)
    other_side = select(HandOut.redemption_id).where(HandOut.host_id == actor.id)
    return or_(
        HandOut.host_id == actor.id,
        HandOut.station_id.in_(here),
        HandOut.redemption_id.in_(other_side),
    )


def _page(
    session: Session, wanted: Select[Row], column: InstrumentedAttribute[int], after: int | None
) -> Page[Row]:
    if after is not None:
        wanted = wanted.where(column < after)
    rows = session.scalars(wanted.order_by(column.desc()).limit(PAGE + 1)).all()
    ids = [row.id for row in rows]  # type: ignore[attr-defined]
    return Page(rows[:PAGE], ids[PAGE - 1] if len(rows) > PAGE else None)
