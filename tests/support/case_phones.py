"""Phones of those who work on a case, as the server sees them: who they are, and what they send."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step
from app.blueprints.organisations.models import Membership, Organisation
from app.blueprints.reports.models import Report
from app.extensions import db
from app.lib import clock
from tests.support.case_scene import CaseScene, build
from tests.support.outbox import Item, item, put_new, send_one
from tests.support.people import People, Person


@dataclass
class CasePhones:
    """The scene of a case, and its rider. Photos are sent by whoever hangs them on a step."""

    app: Flask
    scene: CaseScene
    rider: Person
    open_browser: Callable[[Person], FlaskClient]

    @classmethod
    def of(
        cls, app: Flask, rider: Person, open_browser: Callable[[Person], FlaskClient]
    ) -> "CasePhones":
        """Write the scene into the application's database."""
        return cls(app, build(app), rider, open_browser)

    def filed(self, **fields: Any) -> int:
        """A report of the rider's in the scene's grid; its id."""
        browser = self.open_browser(self.rider)
        one = item(put_new(browser), **fields)
        answer = send_one(browser, one)
        assert answer["verdict"] == "accepted", answer
        case_id = int(answer["url"].rpartition("/")[2])
        self.change(case_id, grid_id=self.scene.grid_id, street_id=self.scene.street_id)
        return case_id

    def dispatched(self, **fields: Any) -> int:
        """A case in the hands of the department, at version 3; its id."""
        case_id = self.filed(**fields)
        self.step(self.scene.dispatcher, case_id, "accept")
        self.step(
            self.scene.dispatcher, case_id, "dispatch", department_id=self.scene.department_id
        )
        return case_id

    def handled(self, **fields: Any) -> int:
        """A case that the department has handed in, at version 5; its id."""
        case_id = self.dispatched(**fields)
        self.step(self.scene.handler, case_id, "take")
        photo = put_new(self.open_browser(self.scene.handler))
        self.step(self.scene.handler, case_id, "finish", note="清走了", photos=(photo,))
        return case_id

    def step(self, person: Person, case_id: int, name: str, **details: Any) -> None:
        """Somebody takes a step at the centre's own pages."""
        with self.app.app_context():
            actor = db.session.get_one(User, person.id)
            case = db.session.get_one(Report, case_id)
            take_step(db.session(), actor, case, name, Details(**details), now=clock.now())
            db.session.commit()

    def change(self, case_id: int, **columns: Any) -> None:
        """As if it had been filed otherwise."""
        with self.app.app_context():
            case = db.session.get_one(Report, case_id)
            for name, value in columns.items():
                setattr(case, name, value)
            db.session.commit()

    def state(self, case_id: int) -> tuple[str, int]:
        """Where a case stands, and its version."""
        with self.app.app_context():
            found = select(Report.state, Report.version).where(Report.id == case_id)
            row = db.session.execute(found).one()
            return str(row.state), row.version

    def colleague(self, people: People, person: Person) -> Person:
        """Somebody with the same roles in the same places."""
        made = people.make()
        with self.app.app_context():
            for one in db.session.get_one(User, person.id).memberships:
                db.session.add(
                    Membership(
                        user_id=made.id, organisation_id=one.organisation_id, role=one.role,
                        created_at=clock.now(),
                    )
                )  # fmt: skip
            db.session.commit()
        return made

    def another_department(self) -> int:
        """A department without people; its id."""
        with self.app.app_context():
            made = Organisation(kind="department", path="", name_zh="城管局丙", name_en="Third")
            db.session.add(made)
            db.session.flush()
            made.path = f"/{made.id}/"
            db.session.commit()
            return made.id


def case_step(case_id: int, step: str, version: int, *photos: str, **fields: Any) -> Item:
    """A step as a phone sends it."""
    told = {"report": case_id, "step": step, "version": version} | fields
    return item(*photos) | {"kind": "case_step", "fields": told}
