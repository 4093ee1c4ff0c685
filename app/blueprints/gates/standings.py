"""How badges stood at a moment that has passed, from what was recorded of them since."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.blueprints.badges.models import Badge, BadgeEvent, Standing

_OF_RIDER = ("suspended", "resumed", "revoked")
_REPLACED = "replaced"
_EVENTS = (
    select(BadgeEvent.user_id, BadgeEvent.badge_id, BadgeEvent.what, BadgeEvent.at)
    .where(
        BadgeEvent.user_id.in_(bindparam("riders", expanding=True)),
        BadgeEvent.what.in_((*_OF_RIDER, _REPLACED)),
    )
    .order_by(BadgeEvent.id)
)


@dataclass(frozen=True)
class Course:
    """A badge's standings: the one at `starts[n]` lasts until `starts[n + 1]`."""

    starts: Sequence[datetime]
    standings: Sequence[Standing]

    def at(self, moment: datetime) -> Standing:
        """How it stood. Before it was made it stood as at first: clocks differ a little."""
        return self.standings[max(bisect_right(self.starts, moment) - 1, 0)]


def courses_of(session: Session, badges: Iterable[Badge]) -> Mapping[int, Course]:
    """The courses of these badges, by the id of their row; one query for all."""
    badges = list(badges)
    events: dict[int, list[Any]] = {}
    found = session.execute(_EVENTS, {"riders": list({badge.user_id for badge in badges})})
    for event in found:
        events.setdefault(event.user_id, []).append(event)
    return {badge.id: course_of(badge, events.get(badge.user_id, ())) for badge in badges}


def course_of(badge: Badge, events: Iterable[Any]) -> Course:
    """A badge's course from what was done to its rider, in order. What is done to a rider is done
    to the badges there are; revoking is for good."""
    starts, standings = [badge.created_at], [Standing.ACTIVE]
    for event in events:
        if event.at < badge.created_at or event.badge_id not in (None, badge.id):
            continue
        standing = _after(standings[-1], event.what)
        if standing != standings[-1]:
            starts.append(event.at)
            standings.append(standing)
    return Course(starts, standings)


def _after(before: Standing, what: str) -> Standing:
    match before, what:
        case Standing.REVOKED, _:
            return Standing.REVOKED
        case _, "revoked" | "replaced":
            return Standing.REVOKED
        case Standing.ACTIVE, "suspended":
            return Standing.SUSPENDED
        case Standing.SUSPENDED, "resumed":
            return Standing.ACTIVE
    return before
