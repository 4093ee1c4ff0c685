"""Whether a rider may take a task, and if not why."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.stars.queries import level_of
from app.blueprints.tasks.models import Task, TaskCompany
from app.lib.geo import MOST_ACCURACY_M, Spot, distance_m


class Why(StrEnum):
    """Why a task is not for a rider."""

    ROLE = "role"
    STAR = "star"
    NO_PLACE = "no_place"
    """It asks how far the rider is, and the phone did not say."""
    FAR = "far"


WORDS = {
    Why.ROLE: _l("This task is for people with another role."),
    Why.STAR: _l("This task needs a higher star level than yours."),
    Why.NO_PLACE: _l("This task is for riders near by: let the phone say where you are."),
    Why.FAR: _l("You are too far away for this task."),
}


@dataclass(frozen=True)
class Standing:
    """What counts of a rider: companies, roles, star level."""

    companies: frozenset[int]
    roles: frozenset[str]
    star: int


def standing_of(session: Session, rider: User) -> Standing:
    """What counts of a rider."""
    companies = {one.organisation_id for one in rider.memberships if one.role == Role.RIDER}
    roles = {str(one.role) for one in rider.memberships}
    return Standing(frozenset(companies), frozenset(roles), level_of(session, rider.id))


def meant_for(companies: Collection[int]) -> ColumnElement[bool]:
    """Tasks that are not for other companies' riders alone; those nobody else sees."""
    mine = exists().where(TaskCompany.task_id == Task.id, TaskCompany.company_id.in_(companies))
    return or_(Task.for_companies.is_(False), mine)


def bar_of(task: Task, standing: Standing) -> Why | None:
    """What stands in the way wherever the rider is."""
    if task.roles and not standing.roles & set(task.roles):
        return Why.ROLE
    return Why.STAR if standing.star < task.min_star else None


def bar_at(task: Task, spot: Spot | None) -> Why | None:
    """What stands in the way where the rider is."""
    if task.distance_m is None or task.latitude is None or task.longitude is None:
        return None
    if spot is None:
        return Why.NO_PLACE
    away = distance_m(spot.latitude, spot.longitude, task.latitude, task.longitude)
    near = task.distance_m + min(spot.accuracy_m, MOST_ACCURACY_M)
    return Why.FAR if away > near else None
