"""How somebody wishes to hear of things: topics switched off, and quiet hours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.notifications.kinds import TOPICS
from app.blueprints.notifications.models import MutedTopic, Preference
from app.blueprints.notifications.quiet import DAY_MINUTES, DEFAULT, Quiet
from app.errors import Invalid


@dataclass(frozen=True)
class Wishes:
    """Of one person."""

    quiet: Quiet = DEFAULT
    muted: frozenset[str] = field(default_factory=frozenset)


NO_WISHES = Wishes()


def wishes_of(session: Session, people: Collection[int]) -> Mapping[int, Wishes]:
    """The wishes of these people, by their ids; who is missing has the defaults."""
    rows: Sequence[Preference] = session.scalars(
        select(Preference).where(Preference.user_id.in_(people))
    ).all()
    quiet = {row.user_id: Quiet(row.quiet, row.quiet_from, row.quiet_until) for row in rows}
    muted: dict[int, set[str]] = {}
    for user_id, topic in session.execute(
        select(MutedTopic.user_id, MutedTopic.topic).where(MutedTopic.user_id.in_(people))
    ):
        muted.setdefault(user_id, set()).add(topic)
    return {
        person: Wishes(quiet.get(person, DEFAULT), frozenset(muted.get(person, ())))
        for person in quiet.keys() | muted.keys()
    }


def change(
    session: Session, actor: User, *, quiet: Quiet, muted: Collection[str], now: datetime
) -> None:
    """Somebody says what they wish. Raises Invalid for a topic that there is not, or a time that
    no day has."""
    _check_topics(muted)
    if not all(0 <= minutes < DAY_MINUTES for minutes in (quiet.begins, quiet.ends)):
        raise Invalid({"quiet": [_("That is no time of day.")]})
    row = session.get(Preference, actor.id) or Preference(user_id=actor.id)
    row.quiet, row.quiet_from, row.quiet_until = quiet.on, quiet.begins, quiet.ends
    row.changed_at = now
    session.add(row)
    session.execute(delete(MutedTopic).where(MutedTopic.user_id == actor.id))
    session.add_all(
        MutedTopic(user_id=actor.id, topic=topic, muted_at=now) for topic in sorted(set(muted))
    )
    session.flush()


def mute(session: Session, actor: User, topic: str, *, now: datetime) -> None:
    """Somebody has heard enough of this. Raises Invalid for a topic that there is not."""
    _check_topics([topic])
    if session.get(MutedTopic, (actor.id, topic)) is None:
        session.add(MutedTopic(user_id=actor.id, topic=topic, muted_at=now))
    session.flush()


def _check_topics(topics: Collection[str]) -> None:
    if not set(topics) <= TOPICS.keys():
        raise Invalid({"topics": [_("There is no such kind of message.")]})
