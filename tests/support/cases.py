"""Cases for tests: organisations, the people who work on them, and steps by the real services."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.photos.store import photo_storage
from app.blueprints.photos.taking import take_photo
from app.blueprints.reports.models import Report, State
from app.blueprints.reports.services import Capture, draft_report, file_reports
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import Person
from tests.support.pictures import picture, sha256

RUBBISH = "0102"
"""Exposed rubbish: 4 working hours."""
_seeds = count(500_000)

Way = tuple[tuple[str, str, Mapping[str, Any]], ...]
"""Steps of a way: who (an attribute of CaseDesk), the step's name, its details. `photos` is how
many; `to` and `with_parts` name departments by the attribute of CaseDesk."""

_FILED: Way = (("dispatcher", "accept", {}),)
_SENT: Way = (*_FILED, ("dispatcher", "dispatch", {"to": "department_id"}))
_TAKEN: Way = (*_SENT, ("handler", "take", {}))
_DONE: Way = (*_TAKEN, ("handler", "finish", {"note": "已清运", "photos": 1}))
_SEEN: Way = (*_DONE, ("grid_worker", "verify", {"photos": 1}))
_OVER: Way = (*_SEEN, ("dispatcher", "close", {}))
WAYS: dict[State, Way] = {
    State.RECEIVED: (),
    State.REJECTED: (("dispatcher", "reject", {"note": "不属于受理范围"}),),
    State.APPEALED: (
        ("dispatcher", "reject", {"note": "不属于受理范围"}),
        ("rider", "appeal", {"note": "请再看一次"}),
    ),
    State.WITHDRAWN: (("rider", "withdraw", {}),),
    State.ACCEPTED: _FILED,
    State.DISPATCHED: _SENT,
    State.HANDLING: _TAKEN,
    State.RETURNED: (*_SENT, ("handler", "return", {"note": "不是我们的"})),
    State.EXTENSION_ASKED: (*_TAKEN, ("handler", "ask_extension", {"note": "等配件", "hours": 8})),
    State.WAITING: (*_TAKEN, ("handler", "ask", {"note": "在哪一侧?"})),
    State.HANDLED: _DONE,
    State.REWORK: (*_DONE, ("grid_worker", "fail", {"note": "还在", "photos": 1})),
    State.VERIFIED: _SEEN,
    State.CLOSED: _OVER,
    State.REOPENED: (*_OVER, ("rider", "reopen", {"note": "又有了"})),
    State.MERGED: (("dispatcher", "merge", {"into": True}),),
}
"""How a new case comes to each state, by real steps."""


class CaseDesk:
    """A grid, two departments and a third, and who works there; `rider` files what is filed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            session = db.session()
            self._organisations(session)
            self._people(session)
            session.commit()
            db.session.remove()

    def _organisations(self, session: Session) -> None:
        authority = organisation(session, Kind.AUTHORITY, "管委会")
        street = organisation(session, Kind.STREET, "湖东街道", authority)
        community = organisation(session, Kind.COMMUNITY, "东沙湖社区", street)
        self.grid_id = organisation(session, Kind.GRID, "一号网格", community).id
        self.other_grid_id = organisation(session, Kind.GRID, "二号网格", community).id
        self.authority_id, self.street_id, self.community_id = authority.id, street.id, community.id
        self.centre_id = organisation(session, Kind.CENTRE, "指挥中心", authority).id
        departments = [
            organisation(session, Kind.DEPARTMENT, name, authority).id
            for name in ("市容环卫", "园林绿化", "河道水务")
        ]
        self.department_id, self.other_department_id, self.third_department_id = departments
        self.company_id = organisation(session, Kind.COMPANY, "配送公司").id

    def _people(self, session: Session) -> None:
        self.rider = person(session, Role.RIDER, self.company_id, "王小明")
        self.other_rider = person(session, Role.RIDER, self.company_id, "赵大力")
        self.dispatcher = person(session, Role.DISPATCHER, self.centre_id, "李派遣")
        self.other_dispatcher = person(session, Role.DISPATCHER, self.centre_id, "周派遣")
        self.administrator = person(session, Role.ADMINISTRATOR, self.authority_id, "钱主任")
        self.handler = person(session, Role.HANDLER, self.department_id, "孙环卫")
        self.other_handler = person(session, Role.HANDLER, self.other_department_id, "吴园林")
        self.third_handler = person(session, Role.HANDLER, self.third_department_id, "郑水务")
        self.grid_worker = person(session, Role.GRID_WORKER, self.grid_id, "冯网格")
        self.other_grid_worker = person(session, Role.GRID_WORKER, self.other_grid_id, "陈网格")

    def photo(self, who: Person) -> str:
        """A new photo that somebody has sent, by its SHA-256."""
        return send_photo(self.app, who)

    def filed(
        self, rider: Person | None = None, *, now: datetime | None = None, **captured: Any
    ) -> int:
        """A new report in the grid, of 4 working hours; answers its id."""
        with self.app.app_context():
            session, moment = db.session(), now or clock.now()
            with transaction(session):
                actor = session.get_one(User, (rider or self.rider).id)
                draft = draft_report(actor, capture(moment, **captured), now=moment)
                case_id = file_reports(session, [draft])[0].id
                case = session.get_one(Report, case_id)
                case.grid_id, case.street_id = self.grid_id, self.street_id
            db.session.remove()
            return case_id

    def step(
        self, who: Person, case_id: int, name: str, *, now: datetime | None = None, **details: Any
    ) -> int:
        """Take a step, committed; answers the event's id. Details are those of `life.Details`.
        Raises the DomainError that refuses it."""
        with self.app.app_context():
            session = db.session()
            try:
                with transaction(session):
                    actor = session.get_one(User, who.id)
                    case = session.get_one(Report, case_id)
                    given = Details(**details)
                    return take_step(session, actor, case, name, given, now=now or clock.now()).id
            finally:
                db.session.remove()

    def walk(self, case_id: int, way: Way, *, now: datetime | None = None) -> int:
        """Take the steps of a way, all at one moment."""
        for attribute, name, given in way:
            who = getattr(self, attribute)
            self.step(who, case_id, name, now=now, **self._details(who, given, now))
        return case_id

    def at(
        self, state: State | str, *, now: datetime | None = None, rider: Person | None = None,
        **captured: Any,
    ) -> int:  # fmt: skip
        """A new case that has come to a state by real steps; answers its id. Ways with a step of
        the reporter's are for the desk's `rider`."""
        case_id = self.filed(rider, now=now, **captured)
        return self.walk(case_id, WAYS[State(state)], now=now)

    def _details(
        self, who: Person, given: Mapping[str, Any], now: datetime | None
    ) -> dict[str, Any]:
        details = dict(given)
        if "photos" in details:
            details["photos"] = tuple(self.photo(who) for _one in range(details["photos"]))
        if "to" in details:
            details["department_id"] = getattr(self, details.pop("to"))
        if details.pop("into", False):
            details["into_id"] = self.walk(self.filed(now=now), _FILED, now=now)
        return details


def capture(now: datetime, **values: Any) -> Capture:
    """What a phone says of a heap of rubbish, now."""
    said: dict[str, Any] = {
        "category_code": RUBBISH, "description": "一堆垃圾", "place": "现代大道1号",
        "latitude": 31.31, "longitude": 120.71, "accuracy_m": 8.0, "photos": (),
        "captured_at": now, "sent_at": now, "server_offset_ms": 0,
    }  # fmt: skip
    return Capture(**(said | values))


def send_photo(app: Flask, who: Person, content: bytes | None = None) -> str:
    """Take in a photo of somebody's as the phone's way in does, past HTTP; its SHA-256. Without
    bytes a new one is drawn."""
    sent = picture(next(_seeds)) if content is None else content
    with app.app_context():
        take_photo(
            db.session(), photo_storage(), who.id, sha256(sent), sent, now=clock.now()
        )  # fmt: skip
        db.session.remove()
    return sha256(sent)


def organisation(
    session: Session, kind: Kind, name: str, parent: Organisation | None = None
) -> Organisation:
    """A node of the tree, flushed."""
    made = Organisation(
        kind=kind, path="", name_zh=name, name_en=f"{kind} {name}",
        parent_id=parent.id if parent else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    return made


_phones = count(1)


def person(session: Session, role: Role, home_id: int, name: str) -> Person:
    """Somebody with a role in an organisation, there for a year, flushed."""
    since = datetime(2025, 1, 1, tzinfo=clock.LOCAL)
    user = User(phone=f"+86136{next(_phones):08d}", name=name, created_at=since)
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, organisation_id=home_id, role=role, created_at=since))
    session.flush()
    return Person(user.id, user.phone or "", name)
