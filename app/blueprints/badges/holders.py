"""Riders as the programme knows them: a row is made from the membership in a company."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import Holder, Standing
from app.blueprints.organisations.models import Membership, Role
from app.blueprints.stars.queries import level_of, levels_of
from app.errors import Forbidden
from app.lib.database import insert_of

BATCH = 500


def holder_of(session: Session, rider: User, *, now: datetime) -> Holder:
    """The rider's row, made if there is none, moved if the rider has moved to another company.

    Raises Forbidden for who rides for no company.
    """
    companies = companies_ridden_for(rider)
    if not companies:
        raise Forbidden
    holder = session.get(Holder, rider.id)
    if holder is None:
        _insert_once(session, [_row(rider.id, companies[0], level_of(session, rider.id), now)])
        return session.get_one(Holder, rider.id)
    if holder.company_id not in companies:
        holder.company_id = companies[0]
        session.flush()
        session.expire(holder, ["company"])
    return holder


def companies_ridden_for(rider: User) -> list[int]:
    """The companies that somebody is a rider of at present."""
    return [one.organisation_id for one in rider.memberships if one.role == Role.RIDER]


def enter_riders(session: Session, *, now: datetime) -> int:
    """Make rows for riders who have none yet, so that their company sees them before they ever
    open their badge; at most 500 at a time, answers how many."""
    missing = session.execute(_missing().limit(BATCH)).all()
    if missing:
        stars = levels_of(session, [row.user_id for row in missing])
        rows = [_row(user_id, home, stars[user_id], now) for user_id, home in missing]
        _insert_once(session, rows)
    return len(missing)


def any_missing(session: Session) -> bool:
    """Whether there are riders without a row."""
    return session.execute(_missing().limit(1)).first() is not None


def _missing() -> Select[int, int]:
    return (
        select(Membership.user_id, func.min(Membership.organisation_id))
        .where(Membership.role == Role.RIDER, Membership.ended_at.is_(None))
        .where(~select(Holder).where(Holder.user_id == Membership.user_id).exists())
        .group_by(Membership.user_id)
    )


def _insert_once(session: Session, rows: list[dict[str, object]]) -> None:
    """Safe when two phones of a rider come at once."""
    session.execute(insert_of(session, Holder).on_conflict_do_nothing(), rows)


def _row(user_id: int, company_id: int, stars: int, now: datetime) -> dict[str, object]:
    return {
        "user_id": user_id,
        "company_id": company_id,
        "stars": stars,
        "scope": 0,
        "standing": Standing.ACTIVE,
        "created_at": now,
    }
