"""Who publishes tasks: for which organisations, and out of whose budget."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import TASKS, Kind, Membership, Organisation, Role
from app.blueprints.tasks.models import Task, TaskSeries

PAID_BY_DISTRICT = (Kind.AUTHORITY, Kind.CENTRE)


def home_ids(actor: User) -> list[int]:
    """The ids of the organisations for which somebody publishes: a grid's worker for the
    community above it."""
    return sorted({_home_of(one) for one in actor.memberships if one.role in TASKS})


def _home_of(membership: Membership) -> int:
    home = membership.organisation
    return home.parent_id if home.kind == Kind.GRID and home.parent_id else home.id


def publishers_of(session: Session, actor: User) -> Sequence[Organisation]:
    """The organisations for which somebody publishes."""
    found = select(Organisation).where(Organisation.id.in_(home_ids(actor)))
    return session.scalars(found.order_by(Organisation.id)).all()


def run_by(actor: User) -> ColumnElement[bool]:
    """Tasks that somebody changes and checks: those of the own organisations; administrators
    all."""
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    return Task.organisation_id.in_(home_ids(actor))


def waits_for(actor: User) -> ColumnElement[bool]:
    """The same as `run_by`, where claims that wait are the few from which the database should
    begin: the sum keeps it from beginning with all the tasks of an office."""
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    return (Task.organisation_id + 0).in_(home_ids(actor))


def series_run_by(actor: User) -> ColumnElement[bool]:
    """Series that somebody ends, likewise."""
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    return TaskSeries.organisation_id.in_(home_ids(actor))


def payer_of(publisher: Organisation) -> int | None:
    """Whose budget pays for a publisher's tasks; None for the district."""
    return None if publisher.kind in PAID_BY_DISTRICT else publisher.id


def people_of(session: Session, organisation_id: int) -> set[int]:
    """Everybody who checks the tasks of a publisher."""
    homes = select(Organisation.id).where(
        (Organisation.id == organisation_id)
        | ((Organisation.parent_id == organisation_id) & (Organisation.kind == Kind.GRID))
    )
    found = select(Membership.user_id).where(
        Membership.organisation_id.in_(homes), Membership.role.in_(TASKS),
        Membership.ended_at.is_(None),
    )  # fmt: skip
    return set(session.scalars(found))
