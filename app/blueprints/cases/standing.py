"""What somebody is to a case, and which cases they may see."""

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.transitions import Who
from app.blueprints.organisations.models import HANDLING, INTAKE, VERIFYING, Organisation, Role
from app.blueprints.reports.models import Report


def homes(actor: User, *roles: Role) -> list[Organisation]:
    """The organisations in which somebody holds one of these roles."""
    return [one.organisation for one in actor.memberships if one.role in roles]


def visible_cases(actor: User) -> Select[Report]:
    """The cases that somebody may see: the centre all, a department what is its own or has a part
    for it, a grid worker those of the own area, a reporter those of the own reports."""
    if actor.has_role(*INTAKE):
        return select(Report).where(true())
    departments = [home.id for home in homes(actor, *HANDLING)]
    seen = [Report.reporter_id == actor.id]
    if departments:
        parts = select(CasePart.report_id).where(CasePart.department_id.in_(departments))
        seen += [Report.department_id.in_(departments), Report.id.in_(parts)]
    seen += [Report.grid_id.in_(_grids_below(home)) for home in homes(actor, *VERIFYING)]
    return select(Report).where(or_(false(), *seen))


def _grids_below(home: Organisation) -> Select[int]:
    """The ids of an organisation and all below it, by its path."""
    return select(Organisation.id).where(Organisation.path.startswith(home.path, autoescape=True))


def who_is(session: Session, actor: User, case: Report) -> frozenset[Who]:
    """What somebody is to a case; empty for who has nothing to do with it."""
    found: set[Who] = set()
    if case.reporter_id == actor.id:
        found.add(Who.REPORTER)
    if actor.has_role(*INTAKE):
        found.add(Who.CENTRE)
    if actor.has_role(Role.ADMINISTRATOR):
        found.add(Who.AUTHORITY)
    departments = [home.id for home in homes(actor, *HANDLING)]
    if case.department_id in departments:
        found.add(Who.DEPARTMENT)
    if departments and own_part(session, actor, case) is not None:
        found.add(Who.ASSISTANT)
    if case.grid is not None and any(
        case.grid.path.startswith(home.path) for home in homes(actor, *VERIFYING)
    ):
        found.add(Who.VERIFIER)
    return frozenset(found)


def own_part(session: Session, actor: User, case: Report) -> int | None:
    """The department by which somebody has a part in a case, the undone ones first."""
    departments = [home.id for home in homes(actor, *HANDLING)]
    part = (
        select(CasePart.department_id)
        .where(CasePart.report_id == case.id, CasePart.department_id.in_(departments))
        .order_by(CasePart.done_at.is_not(None), CasePart.department_id)
    )
    return session.scalar(part.limit(1))
