"""Services of wishes: made, answered, withdrawn. A step and its event stand in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.notifications.services import notify
from app.blueprints.organisations.models import Membership, Organisation, Role
from app.blueprints.stations.models import Station
from app.blueprints.voices import steps
from app.blueprints.voices.models import Wish, WishState
from app.blueprints.voices.queries import own_wish, run_wish
from app.blueprints.voices.saying import MAX_ANSWER, MAX_WISH, MOST_WISHES, day_of, line, too_long
from app.blueprints.voices.transitions import ANSWERS
from app.errors import Conflict, DomainError, Forbidden, Invalid, TooMany
from app.lib.database import alone

WAITING = (WishState.OPEN, WishState.PLANNED)
MAX_NUMBER = 16
WAITED = timedelta(days=7)
"""The longest that a wish may have waited for network; an older time is no time."""
_TOLD = {"plan": "wish_planned", "fulfil": "wish_fulfilled", "decline": "wish_declined"}


@dataclass(frozen=True, slots=True)
class WishDraft:
    """A wish as it was written: to a station by its id. `key` is the outbox item's."""

    key: str
    rider: User
    station_id: int
    text: str
    at: datetime


def draft_wish(
    actor: User, *, key: str, station_id: int | None, text: object, at: datetime
) -> WishDraft:
    """What a rider wishes, checked; `station_id` is None where no station was named. Raises
    Forbidden for who is no rider, and Invalid."""
    if not actor.has_role(Role.RIDER):
        raise Forbidden
    said = line(text)
    wrong = {"text": too_long(said, MAX_WISH) if said else [_("Write what you wish.")]}
    if station_id is None:
        wrong["station"] = [_("There is no such station.")]
    if station_id is None or wrong["text"]:
        raise Invalid({field: texts for field, texts in wrong.items() if texts})
    return WishDraft(key, actor, station_id, said, at)


def station_numbered(session: Session, number: object) -> int | None:
    """The id of the station that people call by a number; None for what is no such number."""
    said = line(number).upper()
    if not 0 < len(said) <= MAX_NUMBER:
        return None
    return session.scalar(
        select(Station.organisation_id).where(Station.number == said, Station.ended_at.is_(None))
    )


def wish(session: Session, draft: WishDraft, *, now: datetime) -> Wish:
    """Keep one wish. Raises what `wish_all` answers."""
    [answer] = wish_all(session, [draft], now=now)
    if isinstance(answer, DomainError):
        raise answer
    return answer


def wish_all(
    session: Session, drafts: Sequence[WishDraft], *, now: datetime
) -> list[Wish | DomainError]:
    """Keep the wishes of one rider, in their order: for each the wish, or why it was not kept:
    Invalid, Conflict (its key was used) or TooMany. Of what is not kept nothing is written."""
    alone(session, f"voices of {drafts[0].rider.id}")
    stations = _stations(session, {draft.station_id for draft in drafts})
    answers: list[Wish | DomainError] = []
    for draft in drafts:  # three a day: what was kept just now counts for the next
        timed = replace(draft, at=max(draft.at, now - WAITED))
        try:
            answers.append(_keep(session, timed, stations, now))
        except DomainError as error:
            answers.append(error)
    return answers


def withdraw(session: Session, actor: User, wish_id: int, *, now: datetime) -> Wish:
    """A rider no longer wishes it. Raises NotFound and Conflict."""
    found = own_wish(session, actor, wish_id)
    steps.take(session, actor, found, "withdraw", now=now)
    return found


def answer(
    session: Session, actor: User, station_id: int, wish_id: int, *,
    step: str, text: str, seen: str, now: datetime,
) -> Wish:  # fmt: skip
    """Who works at the station answers a wish: `step` is one of ANSWERS, `seen` the state in which
    they saw it. The rider is told. Raises NotFound, Invalid, and Conflict when it moved on."""
    found = run_wish(session, actor, station_id, wish_id)
    said = line(text)
    wrong = {"answer": too_long(said, MAX_ANSWER) if said else [_("Say a word to the rider.")]}
    if step not in ANSWERS:
        wrong["step"] = [_("Choose an answer.")]
    if any(wrong.values()):
        raise Invalid({field: texts for field, texts in wrong.items() if texts})
    if found.state != seen:
        raise Conflict
    steps.take(session, actor, found, step, note=said, now=now)
    found.answer = said
    data = {"station": steps.name_of(found.station), "answer": said}
    notify(session, [found.rider_id], kind=_TOLD[step], data=data, url="/wishes", now=now)
    return found


def _keep(
    session: Session, draft: WishDraft, stations: Mapping[int, Station], now: datetime
) -> Wish:
    station = stations.get(draft.station_id)
    if station is None:
        raise Invalid({"station": [_("There is no such station.")]})
    if session.scalar(select(Wish.id).where(Wish.key == draft.key)) is not None:
        raise Conflict
    _check_doubled(session, draft)
    _check_day(session, draft)
    made = Wish(
        key=draft.key, station_id=draft.station_id, rider_id=draft.rider.id, text=draft.text,
        state=WishState.OPEN, at=draft.at, moved_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    steps.write(session, draft.rider, made, "wish", now=now)
    _tell_hosts(session, station, now)
    return made


def _check_doubled(session: Session, draft: WishDraft) -> None:
    same = select(Wish.id).where(
        Wish.rider_id == draft.rider.id,
        Wish.station_id == draft.station_id,
        Wish.text == draft.text,
        Wish.state.in_((*WAITING, WishState.HIDDEN)),
    )
    if session.scalar(same.limit(1)) is not None:
        raise Invalid({"text": [_("You have wished for this here already.")]})


def _check_day(session: Session, draft: WishDraft) -> None:
    """By the time of the capture, so that what waited for network is not held against anybody."""
    begun, ended = day_of(draft.at)
    counted = select(func.count()).where(
        Wish.rider_id == draft.rider.id, Wish.at >= begun, Wish.at < ended
    )
    if (session.scalar(counted) or 0) >= MOST_WISHES:
        raise TooMany(_("At most %(most)s wishes a day.", most=MOST_WISHES))


def _stations(session: Session, ids: set[int]) -> dict[int, Station]:
    """Those of the stations that are not given up."""
    wanted = select(Station).where(Station.organisation_id.in_(ids), Station.ended_at.is_(None))
    return {one.organisation_id: one for one in session.scalars(wanted)}


def _tell_hosts(session: Session, station: Station, now: datetime) -> None:
    """The hosts of the station itself; those of its street or company look when they like."""
    hosts = session.scalars(
        select(Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id == station.organisation_id,
            Membership.role == Role.HOST,
            Membership.ended_at.is_(None),
        )
    )
    notify(
        session, hosts, kind="wish_new", data={"station": steps.name_of(station)},
        url=f"/stations/desk/{station.organisation_id}/voices", now=now,
    )  # fmt: skip
