"""What the register's page shows, put together from queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import queries, scopes
from app.blueprints.badges.models import Badge, BadgeEvent, Holder, Portrait
from app.blueprints.badges.queries import RiderPage, Which


@dataclass(frozen=True)
class Register:
    """Some riders, with what each sent last and the badges of each, by rider."""

    page: RiderPage
    portraits: Mapping[int, Portrait]
    badges: Mapping[int, Sequence[Badge]]
    waiting: int
    first_waiting: int | None


@dataclass(frozen=True)
class Dossier:
    """One rider, with everything that a desk decides on."""

    holder: Holder
    newest: Portrait | None
    badges: Sequence[Badge]
    events: Sequence[BadgeEvent]
    groups: Mapping[int, str]


def register(
    session: Session, actor: User, *, state: Which, text: str, after: int | None
) -> Register:
    """The list, with as many queries for thirty riders as for one."""
    page = queries.riders(session, actor, text=text, state=state, after=after)
    ids = [one.user_id for one in page.riders]
    return Register(
        page=page,
        portraits=queries.newest_portraits(session, ids),
        badges=queries.standing_badges(session, ids),
        waiting=queries.waiting_count(session, actor),
        first_waiting=queries.next_waiting(session, actor, after=0),
    )


def dossier(session: Session, actor: User, rider_id: int) -> Dossier:
    """One rider. Raises NotFound if there is none, or not for the actor."""
    holder = queries.rider(session, actor, rider_id)
    return Dossier(
        holder=holder,
        newest=queries.newest_portrait(session, rider_id),
        badges=queries.badges_of(session, holder),
        events=queries.events_of(session, holder),
        groups=scopes.groups(session),
    )
