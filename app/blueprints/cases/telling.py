"""Who is told of a step, and what.

Everybody who reported the problem hears what becomes of it. Of the others only who has something
to do next, or nothing more: the handlers of the departments concerned, and the grid workers of
the place. The dispatchers are told of what only the centre can answer and what nobody there
expects; what is new or handled they see in their queues, which they work off anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.cases.models import CasePart
from app.blueprints.notifications.services import Notice, notify_all
from app.blueprints.organisations.finding import ids_of
from app.blueprints.organisations.holding import holders
from app.blueprints.organisations.models import HANDLING, VERIFYING, Membership, Role
from app.blueprints.reports.models import Report, ReportEvent, State

TO_REPORTER = ("accept", "reject", "ask", "merge", "split", "close", "reopen")
"""Steps of which everybody who reported the problem is told."""
TO_DEPARTMENT = (
    "dispatch", "redispatch", "fail", "grant", "refuse", "answer", "go_on", "supervise", "lift",
)  # fmt: skip
"""Steps of which the handlers of the leading department are told."""
TO_ASSISTANTS = ("dispatch",)
"""Those of which the handlers of departments with a part are told."""
GONE = ("return", "recall", "redispatch", "merge")
"""Those after which a department, or one with a part, has nothing more to do."""
TO_CENTRE = ("appeal", "return", "ask_extension", "reopen")
"""Those of which the dispatchers are told."""
TO_VERIFIERS = ("finish",)
"""Those of which the grid workers of the place are told."""


@dataclass(frozen=True)
class Concerned:
    """The ids of the departments that a case concerned before a step."""

    lead: int | None = None
    assistants: frozenset[int] = frozenset()


def concerned(session: Session, case: Report, step: str) -> Concerned:
    """Whom a step may take the case from; nobody for the other steps."""
    if step not in GONE:
        return Concerned()
    return Concerned(case.department_id, _assistants(session, case))


def tell(
    session: Session, case: Report, event: ReportEvent, before: Concerned, *, now: datetime
) -> None:
    """Tell whom a step concerns, but never whoever took it."""
    step, told = event.step, dict[int, Notice]()
    data = about(case)
    if step in TO_CENTRE:
        told |= _all(holders(session, Role.DISPATCHER), f"case_{step}", data, case)
    if step in TO_VERIFIERS:
        told |= _all(verifiers(session, case), f"case_{step}", data, case)
    told |= _departments(session, case, step, before, data)
    if step in TO_REPORTER:
        told |= {
            person: Notice(person, f"case_{step}", about(own), f"/reports/{own.id}")
            for person, own in reporters(session, case).items()
        }
    told.pop(event.actor_id or 0, None)
    notify_all(session, told.values(), now=now)


def _departments(
    session: Session, case: Report, step: str, before: Concerned, data: Mapping[str, Any]
) -> dict[int, Notice]:
    """What the departments are told; who has it now reads that, not that it is gone."""
    lead = case.department_id if _is_for_department(case, step) else None
    assistants = _assistants(session, case) if step in TO_ASSISTANTS else frozenset()
    stays = _assistants(session, case) if step == "redispatch" else frozenset()
    gone = set(before.assistants - stays)
    if before.lead is not None and step != "return":  # who gave it back knows
        gone.add(before.lead)
    gone.discard(case.department_id or 0)
    kinds = dict.fromkeys(gone, "case_gone") | dict.fromkeys(assistants, "case_part")
    if lead is not None:
        kinds[lead] = f"case_{step}"
    staff = handlers(session, sorted(kinds))
    return {
        person: Notice(person, kind, data, f"/cases/{case.id}")
        for department, kind in kinds.items()
        for person in staff.get(department, ())
    }


def _is_for_department(case: Report, step: str) -> bool:
    """Of an answer a department is told only where it was asked there."""
    return step in TO_DEPARTMENT and (
        step not in ("answer", "go_on") or case.state == State.HANDLING
    )


def _all(
    people: set[int], kind: str, data: Mapping[str, Any], case: Report
) -> dict[int, Notice]:  # fmt: skip
    return {person: Notice(person, kind, data, f"/cases/{case.id}") for person in people}


def about(case: Report) -> dict[str, Any]:
    """What a message says of a case: its number and its category, nothing of people."""
    category = case.category
    return {"case": case.number, "category": {"zh": category.name_zh, "en": category.name_en}}


def reporters(session: Session, case: Report) -> dict[int, Report]:
    """Who reported this problem, each with an own report: this case, or one merged into it."""
    same = or_(Report.id == case.id, Report.merged_into_id == case.id)
    found = session.scalars(select(Report).where(same).order_by(Report.id.desc()))
    return {one.reporter_id: one for one in found} | {case.reporter_id: case}


def handlers(session: Session, departments: list[int]) -> dict[int, set[int]]:
    """The handlers of departments, by theirs."""
    if not departments:
        return {}
    found = select(Membership.organisation_id, Membership.user_id).where(
        Membership.organisation_id.in_(departments),
        Membership.role.in_(HANDLING),
        Membership.ended_at.is_(None),
    )
    staff: dict[int, set[int]] = {}
    for department, person in session.execute(found):
        staff.setdefault(department, set()).add(person)
    return staff


def verifiers(session: Session, case: Report) -> set[int]:
    """The grid workers of a case's grid, and of what stands above it."""
    if case.grid is None:
        return set()
    found = select(Membership.user_id).where(
        Membership.organisation_id.in_(ids_of(case.grid)),
        Membership.role.in_(VERIFYING),
        Membership.ended_at.is_(None),
    )
    return set(session.scalars(found))


def _assistants(session: Session, case: Report) -> frozenset[int]:
    found = select(CasePart.department_id).where(CasePart.report_id == case.id)
    return frozenset(session.scalars(found))
