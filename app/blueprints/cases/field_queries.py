"""What handlers and grid workers take along: the cases they have something to do with now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.standing import homes
from app.blueprints.cases.timeline import LOADS
from app.blueprints.cases.transitions import AT_DEPARTMENT, Who
from app.blueprints.organisations.models import HANDLING, VERIFYING, Kind, Organisation
from app.blueprints.reports.models import Report, State

MOST = 200
"""So many cases of a list go to a phone."""
LATELY = timedelta(days=3)
MOST_LATELY = 30
TO_VERIFY = (State.HANDLED, State.REOPENED)
OPEN_THERE = (*AT_DEPARTMENT, State.WAITING)
_LOADS = (*LOADS, joinedload(Report.grid), joinedload(Report.department))


@dataclass(frozen=True)
class FieldCase:
    """A case, what the person is to it, and the part of an own department if there is one."""

    case: Report
    who: frozenset[Who]
    part: CasePart | None


@dataclass(frozen=True)
class FieldWork:
    """All of somebody's, in the order of work. `more`: there are others that did not fit."""

    departments: Sequence[Organisation]
    """The own ones."""
    areas: Sequence[Organisation]
    """What the person verifies in."""
    cases: Sequence[FieldCase]
    more: bool
    names: dict[int, str]
    """Of all departments, by id."""


def field_work(session: Session, actor: User, *, locale: str, now: datetime) -> FieldWork:
    """What somebody takes along; as many statements however many cases there are."""
    departments, areas = homes(actor, *HANDLING), homes(actor, *VERIFYING)
    ids = [one.id for one in departments]
    lists = [
        *([_of_departments(ids), _handed_in(ids, now)] if ids else []),
        *([_to_verify(areas)] if areas else []),
    ]
    found: dict[int, Report] = {}
    more = False
    for statement in lists:
        rows = session.scalars(statement.options(*_LOADS)).unique().all()
        more = more or len(rows) > MOST
        found |= {case.id: case for case in rows[:MOST]}
    parts = _parts(session, ids, found)
    cases = [
        FieldCase(case, _who(case, ids, areas, parts.get(case.id)), parts.get(case.id))
        for case in found.values()
    ]
    return FieldWork(departments, areas, cases, more, _names(session, locale))


def _of_departments(ids: Sequence[int]) -> Select[Report]:
    """Open cases that a department leads or has an undone part of, by deadline. This is narrower
    than what they may see."""
    parts = select(CasePart.report_id).where(
        CasePart.department_id.in_(ids), CasePart.done_at.is_(None)
    )
    return (
        select(Report)
        .where(
            Report.state.in_(OPEN_THERE), or_(Report.department_id.in_(ids), Report.id.in_(parts))
        )
        .order_by(Report.due_at.is_(None), Report.due_at, Report.id)
        .limit(MOST + 1)
    )


def _handed_in(ids: Sequence[int], now: datetime) -> Select[Report]:
    return (
        select(Report)
        .where(
            Report.state.in_((State.HANDLED, State.VERIFIED)), Report.department_id.in_(ids),
            Report.handled_at >= now - LATELY,
        )
        .order_by(Report.handled_at.desc(), Report.id.desc())
        .limit(MOST_LATELY)
    )  # fmt: skip


def _to_verify(areas: Iterable[Organisation]) -> Select[Report]:
    """What waits to be looked at in these areas, the longest waiting first."""
    return (
        select(Report)
        .where(Report.state.in_(TO_VERIFY), Report.grid_id.in_(_grids(areas)))
        .order_by(Report.moved_at, Report.id)
        .limit(MOST + 1)
    )


def _grids(areas: Iterable[Organisation]) -> Select[int]:
    below: list[ColumnElement[bool]] = [
        Organisation.path.startswith(area.path, autoescape=True) for area in areas
    ]
    return select(Organisation.id).where(or_(*below))


def _parts(
    session: Session, departments: Sequence[int], cases: Iterable[int]
) -> dict[int, CasePart]:
    """The own departments' parts by case, the undone one where there are two."""
    if not departments:
        return {}
    found = (
        select(CasePart)
        .where(CasePart.department_id.in_(departments), CasePart.report_id.in_(list(cases)))
        .options(selectinload(CasePart.department))
        .order_by(CasePart.done_at.is_(None), CasePart.department_id.desc())
    )
    return {part.report_id: part for part in session.scalars(found)}


def _who(
    case: Report, departments: Sequence[int], areas: Iterable[Organisation], part: CasePart | None
) -> frozenset[Who]:
    """What the person is to a case out of the house, whatever else they are."""
    found = set()
    if case.department_id in departments:
        found.add(Who.DEPARTMENT)
    if part is not None:
        found.add(Who.ASSISTANT)
    if case.grid is not None and any(case.grid.path.startswith(area.path) for area in areas):
        found.add(Who.VERIFIER)
    return frozenset(found)


def _names(session: Session, locale: str) -> dict[int, str]:
    found = select(Organisation).where(Organisation.kind == Kind.DEPARTMENT)
    return {one.id: one.name(locale) for one in session.scalars(found)}
