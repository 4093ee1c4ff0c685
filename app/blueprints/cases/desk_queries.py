"""What the desk's list shows: the queues with their counts, and a page of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.cases import paging, queues
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.paging import CasePage, Key
from app.blueprints.cases.queues import Queue, Sight
from app.blueprints.cases.standing import visible_cases
from app.blueprints.reports.models import OPEN, Report, State

_SUMS = {
    "overdue": queues.overdue, "supervised": queues.supervised, "flagged": queues.flagged,
    "stuck": queues.stuck,
}  # fmt: skip
"""Queues that are counted across states, all in one statement."""


@dataclass(frozen=True)
class CaseList:
    """A page of a queue, narrowed by a filter. `counts` are by the names of queues, those of what
    has ended left out; `joint` are the ids of cases that several departments work on."""

    filter: CaseFilter
    queues: Sequence[Queue]
    counts: Mapping[str, int]
    page: CasePage
    joint: frozenset[int]


def case_list(
    session: Session, actor: User, wanted: CaseFilter, sight: Sight, *, after: str | None,
    before: str | None,
) -> CaseList:  # fmt: skip
    """The list, with as many statements for thirty cases as for one."""
    page = paging.page(
        session, _with_what_a_row_shows(found(actor, wanted, sight)), wanted.sort,
        after=after, before=before, leads=wanted.leads,
    )  # fmt: skip
    return CaseList(
        filter=wanted,
        queues=queues.queues_for(actor),
        counts=counts(session, actor, sight),
        page=page,
        joint=_joint(session, [one.id for one in page.cases]),
    )


def found(actor: User, wanted: CaseFilter, sight: Sight) -> Select[Report]:
    """The cases of a filter, of those that the actor may see."""
    return wanted.apply(visible_cases(actor), sight)


def _with_what_a_row_shows(cases: Select[Report]) -> Select[Report]:
    return cases.options(selectinload(Report.photos), joinedload(Report.department))


def rows(session: Session, actor: User, ids: Sequence[int]) -> Sequence[Report]:
    """Some cases as rows of the list show them, as far as the actor may see them."""
    wanted = visible_cases(actor).where(Report.id.in_(ids))
    return session.scalars(_with_what_a_row_shows(wanted)).all()


def _joint(session: Session, ids: Sequence[int]) -> frozenset[int]:
    parts = select(CasePart.report_id).where(CasePart.report_id.in_(ids)).distinct()
    return frozenset(session.scalars(parts)) if ids else frozenset()


def counts(session: Session, actor: User, sight: Sight) -> dict[str, int]:
    """How many cases wait in each queue that is counted: two statements, by the index of states."""
    by_state = session.execute(
        visible_cases(actor)
        .where(Report.state.in_(OPEN))
        .with_only_columns(
            Report.state, func.count(), *(_sum_of(one(sight)) for one in _SUMS.values())
        )
        .group_by(Report.state)
    ).all()
    states = {State(row[0]): row[1] for row in by_state}
    sums = {name: sum(row[at] for row in by_state) for at, name in enumerate(_SUMS, start=2)}
    parts = {"parts": _parts(session, actor, sight)} if sight.departments else {}
    return {
        queue.name: (sums | parts).get(queue.name, sum(states.get(one, 0) for one in queue.states))
        for queue in queues.queues_for(actor)
        if queue.counted
    }


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _parts(session: Session, actor: User, sight: Sight) -> int:
    waiting = CaseFilter(queue="parts").apply(visible_cases(actor), sight)
    return session.scalar(waiting.with_only_columns(func.count())) or 0


def next_down(
    session: Session, actor: User, wanted: CaseFilter, sight: Sight, place: Key
) -> int | None:
    """The id of the case that stands below a place in a list."""
    below = found(actor, wanted, sight)
    return paging.next_after(session, below, wanted.sort, place, leads=wanted.leads)
