"""People for tests, and the sessions they are signed in with."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.blueprints.accounts.models import SignInCode, User
from app.blueprints.accounts.services import start_session
from app.blueprints.accounts.session import KEY
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.extensions import db
from app.lib import clock

_HOME = {
    Role.RIDER: Kind.COMPANY,
    Role.DISPATCHER: Kind.CENTRE,
    Role.ADMINISTRATOR: Kind.AUTHORITY,
    Role.HANDLER: Kind.DEPARTMENT,
    Role.GUARD: Kind.GATE,
    Role.HOST: Kind.STATION,
    Role.GRID_WORKER: Kind.GRID,
    Role.COMPANY_MANAGER: Kind.COMPANY,
    Role.PROPERTY_MANAGER: Kind.COMPOUND,
}


@dataclass(frozen=True)
class Person:
    """What a test needs to know of a person."""

    id: int
    phone: str
    name: str


@dataclass
class People:
    """Makes people in an application's database."""

    app: Flask
    _numbers: count = field(default_factory=lambda: count(1))

    def make(
        self,
        *roles: Role | str,
        name: str | None = None,
        phone: str | None = None,
        joined_days_ago: int = 30,
    ) -> Person:
        """A person with these roles, each in an organisation that fits."""
        number = next(self._numbers)
        phone = phone or f"+86139{number:08d}"
        with self.app.app_context():
            since = clock.now() - timedelta(days=joined_days_ago)
            user = User(phone=phone, name=name or f"Person {number}", created_at=since)
            db.session.add(user)
            db.session.flush()
            for role in map(Role, roles):
                self._join(user, role)
            db.session.commit()
            return Person(user.id, user.phone, user.name)

    def forget_codes(self) -> None:
        """As if the pause before the next code were over."""
        with self.app.app_context():
            db.session.execute(delete(SignInCode))
            db.session.commit()
            db.session.remove()

    def _join(self, user: User, role: Role) -> None:
        kind = _HOME.get(role, Kind.COMMITTEE)
        home = Organisation(kind=kind, path="", name_zh=f"{kind}单位", name_en=f"A {kind}")
        db.session.add(home)
        db.session.flush()
        home.path = f"/{home.id}/"
        db.session.add(
            Membership(
                user_id=user.id, organisation_id=home.id, role=role, created_at=user.created_at
            )
        )


def sign_in(client: FlaskClient, person: Person, *, label: str = "Test · Test") -> int:
    """Sign a person in as the pages do, without the code; answers the device's id."""
    with client.application.app_context():
        user = db.session.get_one(User, person.id)
        new = start_session(db.session(), user, label=label, now=clock.now())
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.permanent = True
        cookie[KEY] = [new.device_id, new.secret]
    return new.device_id
