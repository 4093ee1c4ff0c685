"""A property company with two compounds, who manages them, and passes there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import Holder
from app.blueprints.gates.models import Compound, Gate, Pass, PassConflict, Presence, Scanner
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import Person, sign_in


@dataclass
class Estate:
    """What there is, by id. The second compound and its gate have nothing set yet."""

    app: Flask
    _numbers: count = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        with self.writing() as session:
            company = self._organisation(
                session, Kind.PROPERTY_COMPANY, None, "示例物业", "Example Property"
            )
            first = self._organisation(
                session, Kind.COMPOUND, company, "湖滨花园", "Lakeside Garden"
            )
            second = self._organisation(session, Kind.COMPOUND, company, "云庭雅苑", "Cloud Court")
            gate = self._organisation(session, Kind.GATE, first, "东门", "East Gate")
            other = self._organisation(session, Kind.GATE, first, "北门", "North Gate")
            bare = self._organisation(session, Kind.GATE, second, "南门", "South Gate")
            session.add(Compound(organisation_id=first.id, call="0512-66660001"))
            session.flush()
            session.add_all([
                Gate(organisation_id=gate.id, compound_id=first.id, place_code="EASTEASTEASTEAST",
                     latitude=31.3, longitude=120.7),
                Gate(organisation_id=other.id, compound_id=first.id, place_code="NORTHNORTHNORTHN"),
            ])  # fmt: skip
            self.company_id, self.compound_id, self.second_id = company.id, first.id, second.id
            self.gate_id, self.other_gate_id, self.bare_gate_id = gate.id, other.id, bare.id
            self.manager = self._person(session, "赵物业", Role.PROPERTY_MANAGER, company)
            self.keeper = self._person(session, "钱楼管", Role.PROPERTY_MANAGER, second)
            delivery = self._organisation(session, Kind.COMPANY, None, "飞速配送", "Fast Delivery")
            self.rider = self._person(session, "王小明", Role.RIDER, delivery)
            session.add(
                Holder(user_id=self.rider.id, company_id=delivery.id, created_at=clock.now())
            )

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction of the application's own."""
        with self.app.app_context():
            with transaction(db.session()):
                yield db.session()
            db.session.remove()

    def _organisation(
        self, session: Session, kind: Kind, parent: Organisation | None, zh: str, en: str
    ) -> Organisation:
        made = Organisation(
            kind=kind, path="", name_zh=zh, name_en=en, parent_id=parent.id if parent else None
        )
        session.add(made)
        session.flush()
        made.path = f"{parent.path if parent else '/'}{made.id}/"
        return made

    def _person(self, session: Session, name: str, role: Role, home: Organisation) -> Person:
        now = clock.now() - timedelta(days=40)
        user = User(phone=f"+86135{next(self._numbers):08d}", name=name, created_at=now)
        session.add(user)
        session.flush()
        session.add(Membership(user_id=user.id, organisation_id=home.id, role=role, created_at=now))
        return Person(user.id, user.phone or "", user.name)

    def set_up_second(self) -> None:
        """Give the second compound the row that passes there need."""
        with self.writing() as session:
            session.add(Compound(organisation_id=self.second_id))

    def browser(self, person: Person) -> FlaskClient:
        """A browser with that person signed in."""
        client = self.app.test_client()
        sign_in(client, person)
        return client

    def passes(self, *moments: datetime, **other: Any) -> None:
        """A pass at each moment; of the first gate and by 王小明 unless told otherwise."""
        rows = [self._pass(at) | other for at in moments]
        with self.writing() as session:
            session.execute(insert(Pass), rows)

    def _pass(self, at: datetime) -> dict[str, Any]:
        return {
            "key": f"pass-{next(self._numbers)}", "compound_id": self.compound_id,
            "gate_id": self.gate_id, "rider_id": self.rider.id, "guard": "孙师傅",
            "method": "live", "direction": "entry", "vehicle": "", "at": at, "received_at": at,
            "label": "飞速王**", "phone_level": "green", "phone_reason": "ok",
            "server_level": "green", "server_reason": "ok", "outcome": "entered", "chain": "ok",
        }  # fmt: skip

    def inside(self, at: datetime) -> None:
        """王小明 came in then, and is inside."""
        with self.writing() as session:
            session.add(
                Presence(compound_id=self.compound_id, rider_id=self.rider.id, entered_at=at)
            )

    def scanner(self) -> int:
        """A phone at the first gate."""
        now = clock.now()
        with self.writing() as session:
            account = User(phone=None, name="门岗手机", created_at=now)
            session.add(account)
            session.flush()
            made = Scanner(
                gate_id=self.gate_id, user_id=account.id, device_key=b"\2" * 33,
                label="Android · Chrome", created_by_id=self.manager.id, created_at=now,
                last_seen_at=now, last_hash="0" * 64,
            )  # fmt: skip
            session.add(made)
            session.flush()
            return made.id

    def conflict(self, kind: str, *, detail: str = "{}", scanner_id: int | None = None) -> int:
        """A conflict about a pass of now."""
        self.passes(clock.now(), server_level="red", server_reason="revoked")
        with self.writing() as session:
            newest = session.query(Pass.id).order_by(Pass.id.desc()).limit(1).scalar()
            made = PassConflict(
                compound_id=self.compound_id, pass_id=newest, kind=kind, detail=detail,
                scanner_id=scanner_id, created_at=clock.now(),
            )  # fmt: skip
            session.add(made)
            session.flush()
            return made.id
