"""A compound with a gate, and riders who come to it: the real rows, made by the real services."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges import services as badges
from app.blueprints.badges.terms import terms_of
from app.blueprints.gates.equipment import end_scanner, make_scanner_code
from app.blueprints.gates.models import CompoundGroup, Gate, Pass, PassConflict, Scanner
from app.blueprints.organisations.models import Organisation, Role
from app.extensions import db
from app.lib import clock
from tests.support.badges import Desk, RiderPhone
from tests.support.gate_rows import GateRows
from tests.support.people import People, Person, sign_in
from tests.support.pictures import picture

CALL = "0512-6666 0001"


@dataclass
class Site:
    """One gate. `desk` acts as the administrator."""

    app: Flask
    people: People
    desk: Desk
    riders: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.app.app_context():
            rows = GateRows(db.session())
            self.compound_id = rows.compound(call=CALL)
            self.gate_id = rows.gate(self.compound_id)
            self._name(self.compound_id, "湖滨花园", "Lakeside Garden")
            self._name(self.gate_id, "湖滨花园东门", "Lakeside Garden, East Gate")
            db.session.commit()
            db.session.remove()

    def _name(self, organisation_id: int, zh: str, en: str) -> None:
        found = db.session.get_one(Organisation, organisation_id)
        found.name_zh, found.name_en = zh, en

    def rules(self, **columns: Any) -> None:
        """Change what is set for the gate, by its columns."""
        with self.desk.acting() as (session, _actor):
            gate = session.get_one(Gate, self.gate_id)
            for name, value in columns.items():
                setattr(gate, name, value)

    def rider(self, name: str, *, scope: int = 0) -> RiderPhone:
        """A rider with an approved portrait and a badge on a phone."""
        person = self.riders[name] = self.people.make(Role.RIDER, name=name)
        client: FlaskClient = self.app.test_client()
        sign_in(client, person)
        phone = RiderPhone(client)
        face = picture(1000 + len(self.riders), size=(300, 400))
        assert phone.send_portrait(face).status_code == 201
        self.desk.decide(person)
        if scope:
            self._group(scope)
            self.desk.do(badges.change_scope, person, scope=scope)
        assert phone.enrol().status_code == 201
        return phone

    def _group(self, number: int) -> None:
        """A group of compounds that this one is not in."""
        with self.desk.acting() as (session, _actor):
            if session.get(CompoundGroup, number) is None:
                session.add(CompoundGroup(number=number, owner_id=self.compound_id, name="别处"))

    def code(self) -> str:
        """A code that makes a phone this gate's."""
        secret_key = self.app.config["SECRET_KEY"]
        with self.desk.acting() as (session, actor):
            made = make_scanner_code(
                session, actor, self.compound_id, self.gate_id,
                secret_key=secret_key, now=clock.now(),
            )  # fmt: skip
            return made.code

    def end_phones(self) -> None:
        """The property manager ends every phone of this gate."""
        with self.desk.acting() as (session, actor):
            for scanner_id in session.scalars(select(Scanner.id)).all():
                end_scanner(session, actor, self.compound_id, scanner_id, now=clock.now())

    def printed(self, name: str) -> str:
        """The text of a printed badge of this rider."""
        with self.app.app_context():
            terms = terms_of(self.app.config)
        found: badges.Printed = self.desk.do(badges.issue_printed, self.riders[name], terms=terms)
        return found.text

    def passes(self) -> list[Pass]:
        """What arrived, by number in the chain."""
        return self._read(lambda session: session.scalars(select(Pass).order_by(Pass.seq, Pass.id)))

    def conflicts(self) -> list[PassConflict]:
        """What a person must look at."""
        return self._read(lambda session: session.scalars(select(PassConflict)))

    def _read(self, read: Callable[[Session], Any]) -> list[Any]:
        with self.app.app_context():
            found = list(read(db.session()))
            for row in found:
                db.session.expunge(row)
            db.session.remove()
            return found
