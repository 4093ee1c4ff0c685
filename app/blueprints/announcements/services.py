"""Writing announcements: drafts, when they are sent, and taking them back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import queries, steps
from app.blueprints.announcements.audience import Audience, Sender, sender_of
from app.blueprints.announcements.checking import check_audience, checked_wording
from app.blueprints.announcements.models import Announcement, State
from app.blueprints.deliveries.models import Delivery
from app.blueprints.notifications.models import Notification, Wording
from app.errors import Invalid, NotFound
from app.lib import jobs
from app.lib.database import alone

JOB = "announce"
MOST_AHEAD = timedelta(days=90)
MOST_SENT, SENT_WITHIN = 3, timedelta(hours=24)
"""So many an organisation may send within any such time."""


@dataclass(frozen=True)
class Draft:
    """An announcement as it is entered. English that is left empty is the Chinese."""

    sender: Sender
    audience: Audience
    title_zh: str
    body_zh: str
    title_en: str = ""
    body_en: str = ""


def create(session: Session, actor: User, draft: Draft, *, now: datetime) -> Announcement:
    """Keep a draft. Raises Invalid at `sender`, the four texts, `roles`, `companies` and `area`."""
    texts = _checked(session, actor, draft)
    wording = Wording(**texts)
    session.add(wording)
    session.flush()
    announcement = Announcement(
        organisation_id=draft.sender.organisation.id, role=draft.sender.role, author_id=actor.id,
        wording_id=wording.id, state=State.DRAFT, audience=draft.audience.stored(), created_at=now,
    )  # fmt: skip
    session.add(announcement)
    session.flush()
    steps.note(session, actor, announcement, "create", now=now)
    return announcement


def change(
    session: Session, actor: User, announcement_id: int, draft: Draft, *, now: datetime
) -> Announcement:
    """Set all of a draft. Raises NotFound, Conflict when it is no draft any more, and Invalid as
    `create` does."""
    announcement = _locked(session, announcement_id, queries.own(actor))
    steps.take(session, actor, announcement, "change", now=now)
    texts = _checked(session, actor, draft)
    for name, text in texts.items():
        setattr(announcement.wording, name, text)
    announcement.organisation_id = draft.sender.organisation.id
    announcement.role = draft.sender.role
    announcement.audience = draft.audience.stored()
    session.flush()
    return announcement


def schedule(
    session: Session, actor: User, announcement_id: int, *, at: datetime | None, now: datetime
) -> Announcement:
    """Let it be sent at a moment, or now with None. Raises NotFound, Conflict, and Invalid at
    `send_at` when the moment is over, more than 90 days ahead, or one too many of the day; at
    `roles` when nobody would be told."""
    announcement = _locked(session, announcement_id, queries.own(actor))
    steps.take(session, actor, announcement, "schedule", now=now)
    _check_moment(at, now)
    _check_audience_still_there(session, announcement, now)
    announcement.send_at = at or now
    _check_rate(session, announcement, announcement.send_at)
    session.flush()
    jobs.wake(session, JOB)
    return announcement


def recall(session: Session, actor: User, announcement_id: int, *, now: datetime) -> Announcement:
    """Take one back: nobody else is told, no phone hears of it any more, and whoever was told
    reads that it was taken back. Raises NotFound and Conflict."""
    announcement = _locked(session, announcement_id, queries.visible_to(actor))
    steps.take(session, actor, announcement, "recall", now=now)
    announcement.recalled_at = announcement.wording.recalled_at = now
    session.flush()
    _stop_deliveries(session, announcement)
    return announcement


def _locked(session: Session, announcement_id: int, mine: ColumnElement[bool]) -> Announcement:
    """The announcement as it is, kept from the worker until the transaction ends."""
    wanted = (
        select(Announcement)
        .where(Announcement.id == announcement_id, mine)
        .with_for_update(of=Announcement)
        .execution_options(populate_existing=True)
    )
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _checked(session: Session, actor: User, draft: Draft) -> dict[str, str]:
    """The texts as they are kept."""
    wrong = check_audience(session, actor, draft.sender, draft.audience)
    texts, wrong_texts = checked_wording(
        title_zh=draft.title_zh, body_zh=draft.body_zh, title_en=draft.title_en,
        body_en=draft.body_en,
    )  # fmt: skip
    if wrong or wrong_texts:
        raise Invalid({**wrong, **wrong_texts})
    return texts


def _check_moment(at: datetime | None, now: datetime) -> None:
    if at is not None and at <= now:
        raise Invalid({"send_at": [_("That time is over.")]})
    if at is not None and at > now + MOST_AHEAD:
        far = _("At most %(days)s days ahead.", days=MOST_AHEAD.days)
        raise Invalid({"send_at": [far]})


def _check_audience_still_there(
    session: Session, announcement: Announcement, now: datetime
) -> None:
    audience = Audience.of(announcement.audience)
    if not queries.count(session, sender_of(announcement), audience, now=now):
        raise Invalid({"roles": [_("Nobody is in this audience.")]})


def _check_rate(session: Session, announcement: Announcement, at: datetime) -> None:
    """Of any moments so close together there are not more than may be."""
    alone(session, f"announcements {announcement.organisation_id}")
    others = select(Announcement.send_at).where(
        Announcement.organisation_id == announcement.organisation_id,
        Announcement.id != announcement.id,
        Announcement.send_at > at - SENT_WITHIN,
        Announcement.send_at < at + SENT_WITHIN,
        or_(Announcement.state != State.RECALLED, Announcement.written > 0),
    )
    moments = sorted([at, *(one for one in session.scalars(others) if one)])
    windows = zip(moments, moments[MOST_SENT:], strict=False)
    if any(last - first < SENT_WITHIN for first, last in windows):
        many = _("At most %(most)s announcements within 24 hours.", most=MOST_SENT)
        raise Invalid({"send_at": [many]})


def _stop_deliveries(session: Session, announcement: Announcement) -> None:
    """What waits for its phone waits no more. What a worker is at stays with it: it looks itself
    whether the words were taken back."""
    waiting = (
        select(Delivery.id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Notification.wording_id == announcement.wording_id, Delivery.work_state == "pending")
        .with_for_update(skip_locked=True, key_share=True, of=Delivery)
    )
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(waiting))
        .values(work_state="done")
        .execution_options(synchronize_session=False)
    )
