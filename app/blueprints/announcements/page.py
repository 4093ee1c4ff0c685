"""One announcement as its desk shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import queries
from app.blueprints.announcements.audience import Audience, sender_of, senders_of
from app.blueprints.announcements.models import Announcement, AnnouncementEvent, State
from app.blueprints.announcements.queries import Results
from app.blueprints.announcements.transitions import possible
from app.blueprints.announcements.words import Look, audience_words, look_of, step_word

_WITH_RESULTS = (State.SENT, State.RECALLED)


@dataclass(frozen=True)
class View:
    """An announcement, what it may become by whom looks, and its figures.

    `audience` is the parts of `audience_words`; `count` is how many people it has at present, for
    one that is not being sent yet; `results` are those of one that was sent; `moves` when the
    worker is at it.
    """

    announcement: Announcement
    look: Look
    audience: Sequence[Sequence[str]]
    count: int | None
    results: Results | None
    moves: bool
    events: Sequence[tuple[str, AnnouncementEvent]]
    may_send: bool
    may_recall: bool


def view_of(
    session: Session, actor: User, announcement: Announcement, *, locale: str, now: datetime
) -> View:
    """All that the page of an announcement shows to somebody who may see it."""
    sender, audience = sender_of(announcement), Audience.of(announcement.audience)
    state = announcement.state
    waits = state in (State.DRAFT, State.SCHEDULED)
    done = state in _WITH_RESULTS and announcement.written > 0
    is_own = sender.key in {one.key for one in senders_of(actor)}
    return View(
        announcement=announcement,
        look=look_of(state),
        audience=audience_words(session, sender, audience, locale),
        count=queries.count(session, sender, audience, now=now) if waits else None,
        results=queries.results(session, announcement, now=now) if done else None,
        moves=_moves(announcement, now),
        events=[(step_word(one.step), one) for one in queries.events_of(session, announcement)],
        may_send=is_own and possible(state, "schedule"),
        may_recall=possible(state, "recall"),
    )


def _moves(announcement: Announcement, now: datetime) -> bool:
    due = announcement.send_at is not None and announcement.send_at <= now
    return announcement.state in (State.SCHEDULED, State.SENDING) and due
