"""A case in the hands of its department, with photos, and who works on it."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.reports.models import EventPhoto, Report, ReportEvent, ReportPhoto
from app.extensions import db
from app.lib import clock
from tests.support.people import Person

BODIES = {
    "POST /cases/<int:case_id>/<step>": {"note": "看过了"},
    "POST /cases/<int:case_id>/reporter": {"reason": "回访"},
    "POST /cases/bulk": {"act": "note", "note": "看过了", "case": "1:1"},
    "POST /cases/saved": {"name": "我的"},
}
"""What forms of the desk carry when everything about them is right."""


@dataclass(frozen=True)
class CaseScene:
    """A department with a handler, a grid with a grid worker, and a dispatcher; ids of both."""

    department_id: int
    street_id: int
    grid_id: int
    handler: Person
    grid_worker: Person
    dispatcher: Person


def build(app: Flask) -> CaseScene:
    """Write the organisations and the people."""
    with app.app_context():
        session = db.session()
        street = _organisation(session, Kind.STREET, None)
        grid = _organisation(session, Kind.GRID, _organisation(session, Kind.COMMUNITY, street))
        department = _organisation(session, Kind.DEPARTMENT, None)
        centre = _organisation(session, Kind.CENTRE, None)
        scene = CaseScene(
            department.id, street.id, grid.id,
            handler=_person(session, "+8613700000011", Role.HANDLER, department),
            grid_worker=_person(session, "+8613700000012", Role.GRID_WORKER, grid),
            dispatcher=_person(session, "+8613700000013", Role.DISPATCHER, centre),
        )  # fmt: skip
        session.commit()
        return scene


def send_to_department(app: Flask, scene: CaseScene, report_id: int) -> dict[str, int]:
    """File a report and dispatch it to the department of the scene, in its grid; answers values
    for the parts of paths. The dispatch carries the report's first photo."""
    with app.app_context():
        session = db.session()
        actor, now = session.get_one(User, scene.dispatcher.id), clock.now()
        case = session.get_one(Report, report_id)
        case.grid_id, case.street_id = scene.grid_id, scene.street_id
        session.flush()
        take_step(session, actor, case, "accept", Details(), now=now)
        to = Details(department_id=scene.department_id)
        event = take_step(session, actor, case, "dispatch", to, now=now)
        _with_photo(session, event)
        session.commit()
        return {"case_id": report_id, "event_id": event.id}


def _with_photo(session: Session, event: ReportEvent) -> None:
    first = select(ReportPhoto.sha256).where(ReportPhoto.report_id == event.report_id).limit(1)
    sha256 = session.scalar(first)
    if sha256 is not None:
        session.add(EventPhoto(event_id=event.id, position=1, sha256=sha256))
        session.flush()


def _organisation(session: Session, kind: Kind, parent: Organisation | None) -> Organisation:
    made = Organisation(
        kind=kind, path="", name_zh=f"{kind}乙", name_en=f"Another {kind}",
        parent_id=parent.id if parent else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    return made


def _person(session: Session, phone: str, role: Role, home: Organisation) -> Person:
    now = clock.now()
    user = User(phone=phone, name=f"{role}乙", created_at=now)
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, organisation_id=home.id, role=role, created_at=now))
    return Person(user.id, phone, user.name)
