"""Reading wishes and ratings. Who may see which is part of the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.blueprints.visits.models import CheckIn
from app.blueprints.voices.models import Rating, Wish, WishEvent, WishState
from app.errors import NotFound

PAGE = 20
LATELY = timedelta(days=90)
"""What counts of ratings when somebody asks how a station is."""
SHOWN: dict[str, tuple[WishState, ...]] = {
    "waiting": (WishState.OPEN, WishState.PLANNED),
    "answered": (WishState.FULFILLED, WishState.DECLINED),
    "hidden": (WishState.HIDDEN,),
}
"""Which wishes each part of a desk shows; what was withdrawn it shows no more."""
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows; `after` is the id with which the next page begins."""

    items: Sequence[Row]
    after: int | None


def may_see_hidden(actor: User) -> bool:
    """Whether somebody reads what was hidden from others."""
    return actor.has_role(Role.ADMINISTRATOR)


def wishes_run_by(actor: User) -> ColumnElement[bool]:
    """Wishes to the stations that somebody works at; hidden ones for administrators alone."""
    here = Wish.station_id.in_(run_by(actor).with_only_columns(Station.organisation_id))
    return here if may_see_hidden(actor) else and_(here, Wish.state != WishState.HIDDEN)


def own_wish(session: Session, actor: User, wish_id: int) -> Wish:
    """A rider's own wish, kept from others until the transaction ends. Raises NotFound."""
    return _held(session, select(Wish).where(Wish.id == wish_id, Wish.rider_id == actor.id), Wish)


def run_wish(session: Session, actor: User, station_id: int, wish_id: int) -> Wish:
    """A wish that the actor answers, kept from others. Raises NotFound."""
    wanted = select(Wish).where(
        Wish.id == wish_id, Wish.station_id == station_id, wishes_run_by(actor)
    )
    return _held(session, wanted, Wish)


def any_wish(session: Session, actor: User, station_id: int, wish_id: int) -> Wish:
    """The same for administrators alone. Raises NotFound."""
    if not may_see_hidden(actor):
        raise NotFound
    return run_wish(session, actor, station_id, wish_id)


def run_rating(session: Session, actor: User, station_id: int, rating_id: int) -> Rating:
    """A rating of a station that the actor works at, kept from others. Raises NotFound."""
    here = run_by(actor).with_only_columns(Station.organisation_id)
    wanted = select(Rating).where(
        Rating.id == rating_id, Rating.station_id == station_id, Rating.station_id.in_(here)
    )
    return _held(session, wanted, Rating)


def any_rating(session: Session, actor: User, station_id: int, rating_id: int) -> Rating:
    """The same for administrators alone. Raises NotFound."""
    if not may_see_hidden(actor):
        raise NotFound
    return run_rating(session, actor, station_id, rating_id)


def own_wishes(session: Session, actor: User, *, after: int | None = None) -> Page[Wish]:
    """What a rider wished, the newest first, with the stations."""
    wanted = select(Wish).where(Wish.rider_id == actor.id).options(joinedload(Wish.station))
    return _newest(session, wanted, after)


def hidden_reasons(session: Session, wishes: Sequence[Wish]) -> dict[int, str]:
    """Why those of the wishes that are hidden are so, by their ids."""
    hidden = [one.id for one in wishes if one.state == WishState.HIDDEN]
    if not hidden:
        return {}
    wanted = select(WishEvent.wish_id, WishEvent.note).where(
        WishEvent.wish_id.in_(hidden), WishEvent.step == "hide"
    )
    return {row[0]: row[1] for row in session.execute(wanted.order_by(WishEvent.id))}


def desk_wishes(
    session: Session, actor: User, shown: str, *,
    station_id: int | None = None, after: int | None = None,
) -> Page[Wish]:  # fmt: skip
    """Wishes to one station or to all that the actor works at: those that wait with the oldest
    first, others with the newest."""
    wanted = (
        select(Wish)
        .join(Wish.station)
        .options(contains_eager(Wish.station))
        .where(wishes_run_by(actor), Wish.state.in_(SHOWN[shown]))
    )
    if station_id is not None:
        wanted = wanted.where(Wish.station_id == station_id)
    return (_oldest if shown == "waiting" else _newest)(session, wanted, after)


def counts(session: Session, actor: User, *, station_id: int | None = None) -> dict[str, int]:
    """How many wishes each part of a desk has."""
    wanted = select(Wish.state, func.count()).where(wishes_run_by(actor)).group_by(Wish.state)
    if station_id is not None:
        wanted = wanted.where(Wish.station_id == station_id)
    found = {row[0]: row[1] for row in session.execute(wanted)}
    return {part: sum(found.get(state, 0) for state in states) for part, states in SHOWN.items()}


def desk_ratings(
    session: Session, station_id: int, *, hidden: bool = False, after: int | None = None
) -> Page[Rating]:
    """How a station was rated, the newest first; or only what has hidden words. The caller knows
    that whoever asks works there."""
    wanted = select(Rating).where(Rating.station_id == station_id)
    if hidden:
        wanted = wanted.where(Rating.hidden_at.is_not(None))
    if after is not None:
        last = session.scalar(
            select(Rating.at).where(Rating.id == after, Rating.station_id == station_id)
        )
        if last is None:
            raise NotFound
        wanted = wanted.where(or_(Rating.at < last, and_(Rating.at == last, Rating.id < after)))
    wanted = wanted.order_by(Rating.at.desc(), Rating.id.desc()).limit(PAGE + 1)
    return _cut(session.scalars(wanted).all())


def fulfilled(session: Session, station_id: int, *, after: int | None = None) -> Page[Wish]:
    """Wishes to a station that came true, as anybody may read them."""
    wanted = select(Wish).where(Wish.station_id == station_id, Wish.state == WishState.FULFILLED)
    return _newest(session, wanted, after)


def counting(now: datetime) -> Select[int, int, int]:
    """Ratings that count, by station and score: of the last 90 days, of check-ins that nothing
    speaks against."""
    return (
        select(Rating.station_id, Rating.score, func.count())
        .join(CheckIn, CheckIn.key == Rating.check_in_key)
        .where(Rating.at >= now - LATELY, CheckIn.mark.is_(None), CheckIn.undone_at.is_(None))
        .group_by(Rating.station_id, Rating.score)
    )


def scores(session: Session, station_id: int, *, now: datetime) -> dict[int, int]:
    """How many ratings of each score a station has lately."""
    wanted = counting(now).where(Rating.station_id == station_id)
    return {score: count for _station, score, count in session.execute(wanted)}


def own_ratings(session: Session, actor: User, *, since: datetime) -> Sequence[Rating]:
    """What a rider said since a moment."""
    return session.scalars(
        select(Rating).where(Rating.rider_id == actor.id, Rating.at >= since)
    ).all()


def own_check_ins(session: Session, actor: User, *, since: datetime) -> Sequence[CheckIn]:
    """A rider's check-ins since a moment."""
    return session.scalars(
        select(CheckIn).where(CheckIn.rider_id == actor.id, CheckIn.at >= since)
    ).all()


def _held(session: Session, wanted: Select[Row], model: type[Row]) -> Row:
    held = wanted.with_for_update(of=model).execution_options(populate_existing=True)
    found = session.scalar(held)
    if found is None:
        raise NotFound
    return found


def _newest(session: Session, wanted: Select[Wish], after: int | None) -> Page[Wish]:
    if after is not None:
        wanted = wanted.where(Wish.id < after)
    return _cut(session.scalars(wanted.order_by(Wish.id.desc()).limit(PAGE + 1)).all())


def _oldest(session: Session, wanted: Select[Wish], after: int | None) -> Page[Wish]:
    if after is not None:
        wanted = wanted.where(Wish.id > after)
    return _cut(session.scalars(wanted.order_by(Wish.id).limit(PAGE + 1)).all())


def _cut(found: Sequence[Row]) -> Page[Row]:
    last: object = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], getattr(last, "id", None))
