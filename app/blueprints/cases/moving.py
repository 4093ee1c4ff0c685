"""Handing over all that lies at a department to another one, in one act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.telling import handlers
from app.blueprints.cases.transitions import AT_DEPARTMENT
from app.blueprints.notifications.services import notify
from app.blueprints.organisations.models import INTAKE, Kind, Organisation
from app.blueprints.reports.models import Report, State
from app.errors import Forbidden, Invalid

BATCH = 100
"""Cases of one transaction: others wait for it no longer than for a photo."""


@dataclass(frozen=True)
class Load:
    """What lies at a department: cases that can be handed over, and those that wait for their
    reporter's answer and stay until then."""

    movable: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Moved:
    """How many cases a batch moved, and how many are left."""

    count: int
    left: int


def loads(session: Session) -> Mapping[int, Load]:
    """What lies at every department, by its id; those with nothing are left out."""
    waiting = Report.state == State.WAITING
    counted = session.execute(
        select(Report.department_id, func.count(), func.sum(case((waiting, 1), else_=0)))
        .where(Report.state.in_((*AT_DEPARTMENT, State.WAITING)))
        .group_by(Report.department_id)
    )
    return {
        department: Load(count - waits, waits)
        for department, count, waits in counted
        if department is not None
    }


def move_queue(
    session: Session, actor: User, source_id: int, target_id: int, note: str, now: datetime
) -> Moved:
    """Hand over a batch of what lies at a department to another, the oldest first, and tell the
    handlers of both.

    Call it again in a transaction of its own while something is left. Raises Forbidden for
    anybody but the centre, Invalid at `source_id`, `target_id` and `note`.
    """
    if not actor.has_role(*INTAKE):
        raise Forbidden
    source, target = _both(session, source_id, target_id)
    if not note:
        raise Invalid({"note": [_("Say why, or what was done.")]})
    there = (Report.department_id == source_id, Report.state.in_(AT_DEPARTMENT))
    batch = session.scalars(
        select(Report).where(*there).order_by(Report.id).limit(BATCH).with_for_update(of=Report)
    ).all()
    details = Details(
        note=note, department_id=target_id, data={"from": source_id}, quiet=True
    )  # fmt: skip
    for one in batch:
        take_step(session, actor, one, "redispatch", details, now=now)
    if batch:
        _tell(session, actor, source, target, len(batch), now)
    left = select(func.count()).where(*there)
    return Moved(len(batch), session.scalar(left) or 0)


def _both(session: Session, source_id: int, target_id: int) -> tuple[Organisation, Organisation]:
    found = {
        one.id: one
        for one in session.scalars(
            select(Organisation).where(
                Organisation.id.in_((source_id, target_id)), Organisation.kind == Kind.DEPARTMENT
            )
        )
    }
    wrong: dict[str, list[str]] = {}
    for name, number in (("source_id", source_id), ("target_id", target_id)):
        if number not in found:
            wrong[name] = [_("There is no such department.")]
    if not wrong and source_id == target_id:
        wrong["target_id"] = [_("Choose another department.")]
    if wrong:
        raise Invalid(wrong)
    return found[source_id], found[target_id]


def _tell(
    session: Session, actor: User, source: Organisation, target: Organisation, count: int,
    now: datetime,
) -> None:  # fmt: skip
    data = {
        "count": count,
        "from": {"zh": source.name_zh, "en": source.name_en},
        "to": {"zh": target.name_zh, "en": target.name_en},
    }
    staff = handlers(session, [source.id, target.id])
    people = set().union(*staff.values()) - {actor.id}
    notify(session, people, kind="queue_moved", data=data, url="/field", now=now)
