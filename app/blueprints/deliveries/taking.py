"""Taking deliveries that are due, with all that is needed to send them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app.blueprints.accounts.models import Device
from app.blueprints.deliveries.letters import letter_of
from app.blueprints.deliveries.models import Delivery, PushService, Subscription
from app.blueprints.deliveries.payload import Letter, payload
from app.blueprints.deliveries.sender import Push
from app.blueprints.notifications.kinds import kind_of
from app.blueprints.notifications.models import Notification
from app.blueprints.notifications.preferences import NO_WISHES, wishes_of
from app.lib import leases

MOST_OF_A_NIGHT = 20


@dataclass(frozen=True)
class Work:
    """A push to send. `attempts` counts the one to come; `short` is the same with less text, for a
    service that finds it too large."""

    delivery_id: int
    subscription_id: int
    attempts: int
    expires_at: datetime
    push: Push
    short: bytes


def take_pushes(session: Session, *, key_id: str, now: datetime, limit: int) -> Sequence[Work]:
    """Lease due pushes to the caller, who is inside a transaction; what nobody needs to hear any
    more is done without being sent."""
    taken = leases.take(
        session, Delivery, now=now, limit=limit, also=(Delivery.way == "push") & _may_go(now)
    )
    if not taken:
        return []
    rows = _loaded(session, [one.id for one in taken])
    wanted = [one for one in rows if _is_wanted(one, key_id, now)]
    unread = _unread(session, {one.user_id for one in wanted})
    nights = _nights(session, wanted)
    works, idle = [], [one.id for one in rows if one not in wanted]
    for one in wanted:
        work = _work(one, nights.get(one.id, ()), unread.get(one.user_id, 0), now)
        if work is None:
            idle.append(one.id)
        else:
            works.append(work)
    drop(session, idle)
    return works


def drop(session: Session, ids: Collection[int]) -> None:
    """Nobody needs these any more."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(work_state="done", lease_until=None)
        .execution_options(synchronize_session=False)
    )


def _may_go(now: datetime) -> ColumnElement[bool]:
    """Whether its push service is neither stopped nor asked for a pause."""
    held = select(PushService.origin).where(
        or_(PushService.stopped_at.is_not(None), PushService.paused_until > now)
    )
    return Delivery.origin.not_in(held)


def _loaded(session: Session, ids: Collection[int]) -> Sequence[Delivery]:
    wanted = (
        select(Delivery)
        .where(Delivery.id.in_(ids))
        .options(
            selectinload(Delivery.notification),
            joinedload(Delivery.subscription)
            .selectinload(Subscription.device)
            .raiseload(Device.user),  # with their roles: nothing here needs to know them
        )
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(wanted).all()


def _is_wanted(one: Delivery, key_id: str, now: datetime) -> bool:
    """Whether it may still be sent there, and its person has not read it meanwhile."""
    phone, told = one.subscription, one.notification
    if phone is None or phone.key_id != key_id or one.expires_at <= now:
        return False
    if phone.user_id != one.user_id or phone.device.user_id != one.user_id:
        return False
    if phone.device.ended_at is not None or phone.device.expires_at <= now:
        return False
    if told is None:
        return True
    return told.read_at is None and not _is_recalled(told)


def _is_recalled(told: Notification) -> bool:
    return told.wording is not None and told.wording.recalled_at is not None


def _unread(session: Session, people: Collection[int]) -> Mapping[int, int]:
    counted = (
        select(Notification.user_id, func.count())
        .where(Notification.user_id.in_(people), Notification.read_at.is_(None))
        .group_by(Notification.user_id)
    )
    return dict(session.execute(counted).all())


def _nights(session: Session, wanted: Sequence[Delivery]) -> Mapping[int, Sequence[Notification]]:
    """What the digests among these would tell of: what came since the night began, unread."""
    digests = [one for one in wanted if one.digest_from is not None]
    if not digests:
        return {}
    people = {one.user_id for one in digests}
    earliest = min(one.digest_from for one in digests if one.digest_from)
    found = session.scalars(
        select(Notification)
        .where(
            Notification.user_id.in_(people),
            Notification.read_at.is_(None),
            Notification.created_at >= earliest,
        )
        .order_by(Notification.id.desc())
    ).all()
    wishes = wishes_of(session, people)
    heard = [
        told
        for told in found
        if not _is_recalled(told)
        and kind_of(told).topic not in wishes.get(told.user_id, NO_WISHES).muted
    ]
    return {one.id: _of_night(one, heard) for one in digests}


def _of_night(one: Delivery, heard: Sequence[Notification]) -> Sequence[Notification]:
    begun = one.digest_from
    found = (told for told in heard if told.user_id == one.user_id)
    return [told for told in found if begun and told.created_at >= begun][:MOST_OF_A_NIGHT]


def _work(one: Delivery, night: Sequence[Notification], unread: int, now: datetime) -> Work | None:
    phone = one.subscription
    if phone is None:
        return None
    letter = letter_of(one, night, locale=phone.locale, unread=unread)
    if letter is None:
        return None
    return Work(
        delivery_id=one.id,
        subscription_id=phone.id,
        attempts=one.attempts,
        expires_at=one.expires_at,
        push=_push(one, phone, letter, now),
        short=payload(letter, site=phone.site, locale=phone.locale, short=True),
    )


def _push(one: Delivery, phone: Subscription, letter: Letter, now: datetime) -> Push:
    urgency = kind_of(one.notification).urgency if one.notification else "normal"
    return Push(
        endpoint=phone.endpoint,
        origin=phone.origin,
        p256dh=phone.p256dh,
        auth=phone.auth,
        content=payload(letter, site=phone.site, locale=phone.locale),
        ttl_s=max(int((one.expires_at - now).total_seconds()), 0),
        urgency=urgency,
        topic=letter.tag,
    )
