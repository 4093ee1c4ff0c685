"""Where a reward is to be had, and how many: deliveries, counts, what is taken out; slots.

What lies on a shelf is what is free and what open vouchers wait for; a count is of the shelf.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.rewards import shelves
from app.blueprints.rewards.catalogue import administrators_only, held_reward, note
from app.blueprints.rewards.models import (
    MoveKind,
    Redemption,
    RewardKind,
    RewardStock,
    ServiceSlot,
    StockMove,
)
from app.blueprints.rewards.queries import stocks_of
from app.blueprints.stations.models import Station
from app.errors import Conflict, Invalid, NotFound
from app.lib.database import insert_of
from app.lib.text import clean

MOST = 100_000
MOST_LEFT = 500_000
MAX_REASON, MAX_KEY = 120, 36
MOST_PLACES = 500
AHEAD = timedelta(days=120)
LONGEST_SLOT = timedelta(hours=12)


def offer(
    session: Session, actor: User, reward_id: int, *,
    station_id: int | None, counted: bool, now: datetime,
) -> RewardStock:  # fmt: skip
    """Let a reward be had at a station, or without one: at every station, or for charity. Stock
    that is counted begins with none. Raises Forbidden, NotFound, and Invalid at `station`."""
    reward = held_reward(session, actor, reward_id)
    _check_station(session, reward.kind, station_id)
    values = {
        "reward_id": reward_id, "station_id": station_id, "left": 0 if counted else None,
        "missing": 0, "offered": True,
    }  # fmt: skip
    made = session.scalars(
        insert_of(session, RewardStock)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(RewardStock)
    ).first()
    if made is None:
        raise Invalid({"station": [_("It is to be had there already.")]})
    data = {"station": [None, station_id]}
    note(session, actor, "offer", now=now, reward_id=reward_id, data=data)
    return made


def set_offered(
    session: Session, actor: User, stock_id: int, *, offered: bool, now: datetime
) -> RewardStock:
    """Let a reward no longer be redeemed at a place, or again. Open vouchers stay good. Raises
    Forbidden, NotFound, Conflict when it is so already."""
    administrators_only(actor)
    stock = held_stock(session, actor, stock_id)
    if stock.offered == offered:
        raise Conflict
    stock.offered = offered
    step = "offer" if offered else "withdraw"
    data = {"station": [stock.station_id, stock.station_id]}
    note(session, actor, step, now=now, reward_id=stock.reward_id, data=data)
    return stock


def deliver(
    session: Session, actor: User, stock_id: int, *,
    amount: int, reason: str, key: str, now: datetime,
) -> None:  # fmt: skip
    """So many came; with the same key once. Raises Forbidden, NotFound, Conflict for what is not
    counted, and Invalid at `amount` and `reason`."""
    administrators_only(actor)
    _moved(session, actor, stock_id, MoveKind.DELIVERY, amount, reason, key, now)


def take_out(
    session: Session, actor: User, stock_id: int, *,
    amount: int, reason: str, key: str, now: datetime,
) -> None:  # fmt: skip
    """So many are gone: broken, past their date, sent elsewhere; never more than are free, and
    not without a reason. Raises as `deliver`."""
    administrators_only(actor)
    if not clean(reason):
        raise Invalid({"reason": [_("Say why.")]})
    _moved(session, actor, stock_id, MoveKind.OUT, -amount, reason, key, now)


def count(
    session: Session, actor: User, stock_id: int, *,
    on_shelf: int, reason: str, key: str, now: datetime,
) -> int:  # fmt: skip
    """What somebody who works there counted on the shelf, with what waits for open vouchers;
    answers by how many it differs from what was known. A difference needs a reason. What is not
    counted yet is from now on. Raises NotFound, and Invalid at `on_shelf` and `reason`."""
    if not 0 <= on_shelf <= MOST:
        raise Invalid({"on_shelf": [_("A number from %(least)s to %(most)s.", least=0, most=MOST)]})
    stock = held_stock(session, actor, stock_id)
    if _is_done(session, key):
        return 0
    known = None if stock.left is None else stock.left - stock.missing
    difference = on_shelf - shelves.waiting(session, stock_id) - (known or 0)
    said = _line(reason)
    if known is not None and difference and not said:
        raise Invalid({"reason": [_("It differs from what is known: say why.")]})
    if known is None:
        stock.left = 0
    stock.counted_at = now
    _write(session, actor, stock, MoveKind.COUNT, difference, said, key, now)
    return difference


def add_slot(
    session: Session, actor: User, reward_id: int, *,
    station_id: int | None, starts_at: datetime, ends_at: datetime, places: int, now: datetime,
) -> ServiceSlot:  # fmt: skip
    """A time at which a service is given at a station that has it. Raises Forbidden, NotFound,
    and Invalid at `station`, `starts_at`, `ends_at`, `places`."""
    reward = held_reward(session, actor, reward_id)
    if reward.kind != RewardKind.SERVICE:
        raise Conflict
    wrong = _wrong_times(starts_at, ends_at, now)
    if not 1 <= places <= MOST_PLACES:
        wrong["places"] = _("A number from %(least)s to %(most)s.", least=1, most=MOST_PLACES)
    here = select(RewardStock.id).where(
        RewardStock.reward_id == reward_id, RewardStock.station_id == station_id
    )
    if station_id is None or session.scalar(here) is None:
        wrong["station"] = _("Choose a station that has it.")
    same = select(ServiceSlot.id).where(
        ServiceSlot.reward_id == reward_id, ServiceSlot.station_id == station_id,
        ServiceSlot.starts_at == starts_at,
    )  # fmt: skip
    if session.scalar(same) is not None:
        wrong["starts_at"] = _("There is a slot at that time.")
    if wrong:
        raise Invalid({field: [text] for field, text in wrong.items()})
    made = ServiceSlot(
        reward_id=reward_id, station_id=station_id, starts_at=starts_at, ends_at=ends_at,
        places=places, taken=0,
    )  # fmt: skip
    session.add(made)
    data = {"slot": [None, str(starts_at)]}
    note(session, actor, "slot", now=now, reward_id=reward_id, data=data)
    return made


def drop_slot(session: Session, actor: User, slot_id: int, *, now: datetime) -> int:
    """Take a slot away that nobody has; answers its reward. Raises Forbidden, NotFound, and
    Conflict for one that somebody has had."""
    administrators_only(actor)
    found = session.get(ServiceSlot, slot_id, with_for_update=True)
    if found is None:
        raise NotFound
    if found.taken or _was_used(session, slot_id):
        raise Conflict(_("Somebody has redeemed this time: it stays."))
    reward_id = found.reward_id
    data = {"slot": [str(found.starts_at), None]}
    note(session, actor, "slot", now=now, reward_id=reward_id, data=data)
    session.delete(found)
    session.flush()
    return reward_id


def held_stock(session: Session, actor: User, stock_id: int) -> RewardStock:
    """A stock where the actor works, kept from others until the transaction ends. Raises
    NotFound."""
    wanted = stocks_of(actor).where(RewardStock.id == stock_id)
    wanted = wanted.with_for_update(of=RewardStock, key_share=True)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _moved(
    session: Session, actor: User, stock_id: int, kind: MoveKind, amount: int, reason: str,
    key: str, now: datetime,
) -> None:  # fmt: skip
    if not 1 <= abs(amount) <= MOST or (amount < 0) != (kind == MoveKind.OUT):
        raise Invalid({"amount": [_("A number from %(least)s to %(most)s.", least=1, most=MOST)]})
    stock = held_stock(session, actor, stock_id)
    if _is_done(session, key):
        return
    if stock.left is None:
        raise Conflict(_("This is not counted: count it first."))
    if stock.left + amount < 0:
        raise Invalid({"amount": [_("Only %(count)s are free.", count=stock.left)]})
    if stock.left + amount > MOST_LEFT:
        raise Invalid({"amount": [_("At most %(most)s may lie here.", most=MOST_LEFT)]})
    _write(session, actor, stock, kind, amount, _line(reason), key, now)


def _write(
    session: Session, actor: User, stock: RewardStock, kind: MoveKind, amount: int, reason: str,
    key: str, now: datetime,
) -> None:  # fmt: skip
    session.add(
        StockMove(
            stock_id=stock.id, kind=kind, amount=amount, reason=reason, actor_id=actor.id,
            key=key, at=now,
        )
    )  # fmt: skip
    session.flush()
    shelves.shift(session, stock.id, amount)
    session.refresh(stock)


def _line(text: str) -> str:
    said = " ".join(clean(text).split())
    if len(said) > MAX_REASON:
        raise Invalid({"reason": [_("At most %(most)s characters.", most=MAX_REASON)]})
    return said


def _is_done(session: Session, key: str) -> bool:
    """Whether the form was sent before."""
    if not 0 < len(key) <= MAX_KEY:
        raise Conflict
    return session.scalar(select(StockMove.id).where(StockMove.key == key)) is not None


def _check_station(session: Session, kind: RewardKind, station_id: int | None) -> None:
    if station_id is None:
        if kind == RewardKind.SERVICE:
            raise Invalid({"station": [_("A service is given at a station.")]})
        return
    if kind == RewardKind.CHARITY:
        raise Invalid({"station": [_("Nothing is handed out for charity: choose no station.")]})
    station = session.get(Station, station_id)
    if station is None or station.ended_at is not None:
        raise Invalid({"station": [_("There is no such station.")]})


def _wrong_times(starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, str]:
    if starts_at <= now:
        return {"starts_at": _("That time is over.")}
    if starts_at > now + AHEAD:
        return {"starts_at": _("At most %(days)s days ahead.", days=AHEAD.days)}
    if not starts_at < ends_at <= starts_at + LONGEST_SLOT:
        hours = LONGEST_SLOT // timedelta(hours=1)
        return {"ends_at": _("It ends within %(hours)s hours after it begins.", hours=hours)}
    return {}


def _was_used(session: Session, slot_id: int) -> bool:
    used = select(Redemption.id).where(Redemption.slot_id == slot_id)
    return session.scalar(used.limit(1)) is not None
