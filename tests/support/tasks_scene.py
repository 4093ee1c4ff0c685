"""Rows of tasks that can be named in a path, and what its forms hold when all is right."""

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.reports.models import Report, ReportPhoto
from app.blueprints.tasks.models import Claim, ClaimPhoto, ClaimState, Task, TaskSeries
from app.extensions import db
from app.lib import clock
from tests.support.people import Person
from tests.support.station_scene import StationScene

BODIES: dict[str, dict[str, Any]] = {
    "POST /tasks/desk/<int:task_id>/<deed>": {"seen": "1"},
    "POST /tasks/desk/<int:task_id>/adjust": {"seen": "1", "needed": "3", "ends_at": ""},
    "POST /tasks/desk/claims/<int:claim_id>/check": {"seen": "2", "verdict": "accept"},
    "POST /tasks/desk/claims/<int:claim_id>/appeal": {
        "seen": "2", "verdict": "grant", "reason": "x",
    },
    "POST /tasks/desk/claims/<int:claim_id>/take-back": {"seen": "2", "reason": "x"},
    "POST /tasks/desk/claims/<int:claim_id>/report": {"category": "0102"},
}  # fmt: skip
"""By "METHOD rule"."""


def build(app: Flask, owner: Person, station: StationScene) -> dict[str, object]:
    """An open task of the department that has the owner's case, with what the owner handed in;
    ids by the names that paths have."""
    with app.app_context():
        session, now = db.session(), clock.now()
        office = _department(session)
        task = Task(
            organisation_id=office, title_zh="清点", words_zh="数一数", five_role="安全生产保障员",
            place="门口", latitude=31.31, longitude=120.72, starts_at=now,
            ends_at=now + timedelta(hours=3), needed=2, taken=1, points=0, claim_minutes=60,
            proof={"photos": 1, "place": False, "check_in": None, "questions": []}, roles=[],
            state="open", created_at=now, moved_at=now,
        )  # fmt: skip
        series = TaskSeries(
            organisation_id=office, terms={"title_zh": "巡查"}, weekdays=[0], minute=600,
            minutes=60, next_day=date(2100, 1, 1), until=date(2100, 2, 1), created_at=now,
        )  # fmt: skip
        session.add_all([task, series])
        session.flush()
        claim = _handed_in(session, task.id, owner)
        ids: dict[str, object] = {
            "task_id": task.id, "claim_id": claim, "series_id": series.id, "attempt": 1,
            "deed": "close",
        }  # fmt: skip
        ends = clock.to_local(task.ends_at + timedelta(hours=1))
        BODIES["POST /tasks/desk/<int:task_id>/adjust"]["ends_at"] = f"{ends:%Y-%m-%dT%H:%M}"
        session.commit()
        db.session.remove()
        return ids


def _department(session: Session) -> int:
    """That of `case_scene`; one of its own where there is none."""
    found = session.scalar(
        select(Membership.organisation_id)
        .where(Membership.role == Role.HANDLER)
        .order_by(Membership.id)
        .limit(1)
    )
    if found is not None:
        return found
    office = Organisation(kind=Kind.DEPARTMENT, path="/0/", name_zh="部门", name_en="Office")
    session.add(office)
    session.flush()
    return office.id


def _handed_in(session: Session, task_id: int, owner: Person) -> int:
    """A claim with the first photo of the owner's report."""
    now = clock.now()
    claim = Claim(
        task_id=task_id, rider_id=owner.id, state=ClaimState.HANDED_IN, version=2, attempts=1,
        claimed_at=now, due_at=now + timedelta(hours=1), captured_at=now, handed_in_at=now,
        marks=[], moved_at=now,
    )  # fmt: skip
    session.add(claim)
    session.flush()
    sha256 = session.scalar(
        select(ReportPhoto.sha256)
        .join(Report, Report.id == ReportPhoto.report_id)
        .where(Report.reporter_id == owner.id)
        .limit(1)
    )
    if sha256 is not None:
        session.add(ClaimPhoto(claim_id=claim.id, attempt=1, position=1, sha256=sha256))
        session.flush()
    return claim.id
