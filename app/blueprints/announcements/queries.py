"""Reading announcements: those of one's own offices, and those that one was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.announcements.audience import Audience, Sender, people, senders_of
from app.blueprints.announcements.models import Announcement, AnnouncementEvent
from app.blueprints.deliveries.models import Delivery
from app.blueprints.notifications.models import Notification
from app.errors import NotFound

PAGE = 30
DELIVERIES_KEPT = timedelta(days=29)
"""A day less than `app.blueprints.deliveries.jobs` keeps them."""


@dataclass(frozen=True)
class Page:
    """Announcements, the newest first; `after` is the id with which the next page begins."""

    items: Sequence[Announcement]
    after: int | None


@dataclass(frozen=True)
class Results:
    """How many people were told, had it pushed to a phone, had it shown there, and opened it.
    `pushed` is None once that is no longer known."""

    told: int
    pushed: int | None
    shown: int
    opened: int


def visible_to(actor: User) -> ColumnElement[bool]:
    """Announcements of the offices for which somebody may announce; the authority sees all."""
    senders = senders_of(actor)
    if any(one.reaches_everybody for one in senders):
        return true()
    return Announcement.organisation_id.in_({one.organisation.id for one in senders})


def own(actor: User) -> ColumnElement[bool]:
    """Announcements that somebody may change and send: of the same office, in the same role."""
    same = [
        and_(Announcement.organisation_id == one.organisation.id, Announcement.role == one.role)
        for one in senders_of(actor)
    ]
    return or_(false(), *same)


def page_of(session: Session, actor: User, *, after: int | None = None) -> Page:
    """What somebody may see, older than the one of an id."""
    wanted = select(Announcement).where(visible_to(actor))
    if after is not None:
        wanted = wanted.where(Announcement.id < after)
    found = session.scalars(wanted.order_by(Announcement.id.desc()).limit(PAGE + 1)).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def visible(session: Session, actor: User, announcement_id: int) -> Announcement:
    """One that somebody may see. Raises NotFound."""
    wanted = select(Announcement).where(Announcement.id == announcement_id, visible_to(actor))
    return _one(session, wanted.options(joinedload(Announcement.author)))


def changeable(session: Session, actor: User, announcement_id: int) -> Announcement:
    """One that somebody may change, whatever its state. Raises NotFound."""
    return _one(session, select(Announcement).where(Announcement.id == announcement_id, own(actor)))


def told(session: Session, actor: User, announcement_id: int) -> Announcement:
    """One that somebody was told. Raises NotFound."""
    wanted = (
        select(Announcement)
        .join(Notification, Notification.wording_id == Announcement.wording_id)
        .where(Announcement.id == announcement_id, Notification.user_id == actor.id)
    )
    return _one(session, wanted)


def count(session: Session, sender: Sender, audience: Audience, *, now: datetime) -> int:
    """How many people an audience has at present."""
    found = people(sender, audience, now=now).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def events_of(session: Session, announcement: Announcement) -> Sequence[AnnouncementEvent]:
    """What was done to it, the oldest first."""
    wanted = (
        select(AnnouncementEvent)
        .where(AnnouncementEvent.announcement_id == announcement.id)
        .options(joinedload(AnnouncementEvent.actor))
        .order_by(AnnouncementEvent.id)
    )
    return session.scalars(wanted).all()


def results(session: Session, announcement: Announcement, *, now: datetime) -> Results:
    """The figures of an announcement."""
    counted = select(
        func.count(), func.count(Notification.shown_at), func.count(Notification.read_at)
    ).where(Notification.wording_id == announcement.wording_id)
    told, shown, opened = session.execute(counted).one()
    return Results(told, _pushed(session, announcement, now), shown, opened)


def _pushed(session: Session, announcement: Announcement, now: datetime) -> int | None:
    """How many people had it sent to a phone of theirs."""
    if announcement.send_at is None or announcement.send_at < now - DELIVERIES_KEPT:
        return None
    sent = (
        select(func.count(func.distinct(Delivery.notification_id)))
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Notification.wording_id == announcement.wording_id, Delivery.sent_at.is_not(None))
    )
    return session.scalar(sent) or 0


def _one(session: Session, wanted: Select[Announcement]) -> Announcement:
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found
