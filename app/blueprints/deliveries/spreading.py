"""Finding the ways to those who are told something: which phones, when, and whether by SMS.

A notification is written in the transaction of its cause, which knows nothing of phones. This
makes of each the deliveries that it needs, a batch at a time, in one transaction a batch: a worker
that is killed leaves a batch untouched, and none is spread twice.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, User
from app.blueprints.deliveries.models import Delivery, Subscription
from app.blueprints.notifications.kind import Kind
from app.blueprints.notifications.kinds import kind_of
from app.blueprints.notifications.models import Notification
from app.blueprints.notifications.preferences import NO_WISHES, Wishes, wishes_of
from app.lib.database import insert_of

BATCH = 1_000
CAP = 3
CAP_WITHIN = timedelta(hours=24)
"""Of announcements, a person is woken by three in a day; further ones wait in the app."""
DIGEST_LIFE = timedelta(hours=12)
Row = dict[str, Any]


@dataclass(frozen=True)
class Phone:
    """A subscription that something may be sent to."""

    id: int
    origin: str


@dataclass(frozen=True)
class Known:
    """What is known of the people of a batch, by their ids."""

    phones: Mapping[int, Sequence[Phone]]
    wishes: Mapping[int, Wishes]
    announced: dict[int, int]
    """How many announcements were sent to them lately; counted on while spreading."""
    by_sms: frozenset[int]
    """Those who have a number."""


def spread(session: Session, *, key_id: str, now: datetime, limit: int = BATCH) -> int:
    """Make the deliveries of the oldest notifications that have none yet; answers how many
    notifications that were. `key_id` is of the VAPID key that is in use. The caller is inside a
    transaction."""
    unspread = (
        select(Notification)
        .where(Notification.spread_at.is_(None))
        .order_by(Notification.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=Notification)
    )
    found = session.scalars(unspread).all()
    if not found:
        return 0
    known = _known(session, found, key_id=key_id, now=now)
    rows = [row for one in found for row in deliveries_of(one, known, now=now)]
    singles = [row for row in rows if row["digest_from"] is None]
    if singles:
        session.execute(insert(Delivery), singles)
    _add_digests(session, [row for row in rows if row["digest_from"] is not None])
    session.execute(
        update(Notification)
        .where(Notification.id.in_([one.id for one in found]))
        .values(spread_at=now)
        .execution_options(synchronize_session=False)
    )
    return len(found)


def deliveries_of(told: Notification, known: Known, *, now: datetime) -> Iterator[Row]:
    """The rows of deliveries that a notification needs."""
    kind, person = kind_of(told), told.user_id
    wishes = known.wishes.get(person, NO_WISHES)
    phones = known.phones.get(person, ())
    if told.wording is not None and told.wording.recalled_at is not None:
        return
    if kind.critical and not phones and person in known.by_sms:
        yield _row(told, kind, now, way="sms")
    if kind.topic in wishes.muted and not kind.critical:
        return
    night = None if kind.critical else wishes.quiet.night(now)
    if phones and kind.topic == "announcements" and not night:
        known.announced[person] = known.announced.get(person, 0) + 1
        if known.announced[person] > CAP:
            return
    for phone in phones:
        row = _row(told, kind, now, phone=phone)
        yield row if night is None else _in_the_morning(row, night)


def _row(
    told: Notification, kind: Kind, now: datetime, *, way: str = "push", phone: Phone | None = None
) -> Row:
    return {
        "user_id": told.user_id, "way": way, "notification_id": told.id, "digest_from": None,
        "subscription_id": phone.id if phone else None, "origin": phone.origin if phone else None,
        "created_at": now, "expires_at": told.created_at + timedelta(seconds=kind.ttl_s),
        "work_state": "pending", "attempts": 0, "next_try_at": now,
    }  # fmt: skip


def _in_the_morning(row: Row, night: tuple[datetime, datetime]) -> Row:
    """The digest that tells of everything of a quiet night at its end."""
    begun, ends = night
    return row | {
        "notification_id": None, "digest_from": begun, "next_try_at": ends,
        "expires_at": ends + DIGEST_LIFE,
    }  # fmt: skip


def _add_digests(session: Session, rows: Sequence[Row]) -> None:
    """One a phone and night, whoever comes first: another worker may come to the same at once."""
    wanted = {(row["subscription_id"], row["digest_from"]): row for row in rows}
    if wanted:
        session.execute(
            insert_of(session, Delivery).on_conflict_do_nothing(), list(wanted.values())
        )


def _known(session: Session, found: Sequence[Notification], *, key_id: str, now: datetime) -> Known:
    people = {one.user_id for one in found}
    critical = {one.user_id for one in found if kind_of(one).critical}
    announced = {one.user_id for one in found if kind_of(one).topic == "announcements"}
    return Known(
        _phones(session, people, key_id=key_id, now=now),
        wishes_of(session, people),
        _announced(session, announced, now=now),
        _with_number(session, critical),
    )


def _phones(
    session: Session, people: Collection[int], *, key_id: str, now: datetime
) -> Mapping[int, Sequence[Phone]]:
    """The phones that are signed in and subscribed with the key in use."""
    wanted = (
        select(Subscription.user_id, Subscription.id, Subscription.origin)
        .join(Device, Device.id == Subscription.device_id)
        .where(
            Subscription.user_id.in_(people),
            Subscription.key_id == key_id,
            Device.user_id == Subscription.user_id,
            Device.ended_at.is_(None),
            Device.expires_at > now,
        )
    )
    found: dict[int, list[Phone]] = {}
    for user_id, subscription_id, origin in session.execute(wanted):
        found.setdefault(user_id, []).append(Phone(subscription_id, origin))
    return found


def _announced(session: Session, people: Collection[int], *, now: datetime) -> dict[int, int]:
    """How many announcements each of these was sent within the time that the cap counts."""
    if not people:
        return {}
    counted = (
        select(Delivery.user_id, func.count(func.distinct(Delivery.notification_id)))
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(
            Delivery.user_id.in_(people),
            Delivery.created_at > now - CAP_WITHIN,
            Notification.kind == "announcement",
        )
        .group_by(Delivery.user_id)
    )
    return dict(session.execute(counted).all())


def _with_number(session: Session, people: Collection[int]) -> frozenset[int]:
    if not people:
        return frozenset()
    wanted = select(User.id).where(
        User.id.in_(people), User.phone.is_not(None), User.disabled_at.is_(None)
    )
    return frozenset(session.scalars(wanted))
