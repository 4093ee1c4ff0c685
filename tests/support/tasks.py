"""Offices with budgets that publish tasks, and riders who do them."""

import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.points.default_rules import load_default_rules
from app.blueprints.points.ledger import fund
from app.blueprints.points.requests import Order, Source
from app.blueprints.tasks import checking, claiming, services
from app.blueprints.tasks.models import Claim, Task
from app.blueprints.tasks.proof import HandIn
from app.blueprints.tasks.terms import Proof, TaskDraft
from app.blueprints.visits.models import CheckIn
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.geo import Spot
from tests.support.people import People, Person
from tests.support.station_rows import StationRows

T = TypeVar("T")
PLACE = (31.3105, 120.7210)
WORDS: dict[str, Any] = {
    "title_zh": "清点共享单车", "title_en": "Count shared bikes",
    "words_zh": "数一数地铁口的共享单车，拍一张照片。",
    "words_en": "Count the shared bikes at the metro exit and take a photo.",
    "five_role": "城市管理质检员", "place": "星湖街地铁站2号口",
}  # fmt: skip


@dataclass
class Tasks:
    """Works tasks in an application's database, each act in a transaction of its own."""

    app: Flask
    people: People
    _numbers: count = field(default_factory=lambda: count(1))

    @classmethod
    def with_rules(cls, app: Flask, people: People) -> "Tasks":
        """As an installation begins: a task is worth its points."""
        with app.app_context(), transaction(db.session()):
            load_default_rules(db.session(), now=clock.now())
        return cls(app, people)

    def office(self, *, points: int = 1000, kind: Kind = Kind.DEPARTMENT) -> "Office":
        """An office with a budget of so many points, and somebody who publishes for it."""
        role = {Kind.COMPANY: Role.COMPANY_MANAGER, Kind.AUTHORITY: Role.ADMINISTRATOR}.get(
            kind, Role.HANDLER
        )
        person = self.people.make(role)
        with self.app.app_context(), transaction(db.session()):
            home = self._home(person.id)
            db.session.get_one(Organisation, home).kind = kind
            if points:
                order = Order("test", f"office {home}", Source("correction", "1"))
                fund(db.session(), order, organisation_id=home, amount=points, now=clock.now())
        return Office(self, person, home)

    def _home(self, user_id: int) -> int:
        found = select(Membership.organisation_id).where(Membership.user_id == user_id)
        return db.session.scalars(found).one()

    def colleague(self, office: "Office", role: Role = Role.HANDLER) -> Person:
        """Somebody else of an office."""
        person = self.people.make()
        with self.app.app_context(), transaction(db.session()):
            db.session.add(
                Membership(
                    user_id=person.id, organisation_id=office.id, role=role,
                    created_at=clock.now(),
                )
            )  # fmt: skip
        return person

    def also(self, person: Person, role: Role) -> None:
        """Give somebody a further role, at a home of its own."""
        with self.app.app_context(), transaction(db.session()):
            home = self._home(person.id)
            db.session.add(
                Membership(
                    user_id=person.id, organisation_id=home, role=role, created_at=clock.now()
                )
            )

    def station(self) -> int:
        """A station."""
        with self.app.app_context(), transaction(db.session()):
            return StationRows(db.session()).station()

    def check_in(self, rider: Person, station_id: int, minutes: int) -> None:
        """A rider was at a station, so many minutes from now."""
        at = clock.now() + timedelta(minutes=minutes)
        with self.app.app_context(), transaction(db.session()):
            db.session.add(
                CheckIn(
                    key=f"check-in {next(self._numbers)}", rider_id=rider.id,
                    station_id=station_id, way="poster", purpose="water", at=at, received_at=at,
                )
            )  # fmt: skip

    def do(self, person: Person, act: Callable[[Session, User, datetime], T]) -> T:
        """Let a person act in one transaction."""
        with self.app.app_context(), transaction(db.session()):
            session = db.session()
            return act(session, session.get_one(User, person.id), clock.now())

    @contextmanager
    def seen(self) -> Any:
        """A session to look with."""
        with self.app.app_context():
            db.session.rollback()
            yield db.session()

    def claim(self, rider: Person, task_id: int, spot: Spot | None = None) -> int:
        """A rider claims; the claim's id."""
        return self.do(
            rider,
            lambda session, user, now: (
                claiming.claim(session, user, task_id, now=now, spot=spot).id
            ),
        )

    def photo(self, rider: Person) -> str:
        """A photo that a rider has sent."""
        sha256 = hashlib.sha256(f"{rider.id} {next(self._numbers)}".encode()).hexdigest()
        with self.app.app_context(), transaction(db.session()):
            now = clock.now()
            db.session.add(
                Photo(
                    sha256=sha256, mime="image/jpeg", size_bytes=1, width=1, height=1,
                    created_at=now, work_state="pending", attempts=0,
                )
            )  # fmt: skip
            db.session.flush()
            db.session.add(PhotoUpload(sha256=sha256, user_id=rider.id, created_at=now))
        return sha256

    def hand_in(self, rider: Person, claim_id: int, **parts: Any) -> None:
        """A rider hands in what the usual task asks for, or what is said."""
        values: dict[str, Any] = {
            "key": f"key {next(self._numbers)}", "answers": (), "at": clock.now(),
            "spot": Spot(*PLACE, 10.0),
        } | parts  # fmt: skip
        photos = values.pop("photos", None)
        photos = (self.photo(rider),) if photos is None else photos

        def act(session: Session, user: User, now: datetime) -> None:
            draft = HandIn(rider=user, claim_id=claim_id, photos=photos, **values)
            claiming.hand_in(session, draft, now=now)

        self.do(rider, act)

    def done(self, rider: Person, task_id: int) -> int:
        """A rider claims a task and hands it in; the claim's id."""
        claim_id = self.claim(rider, task_id)
        self.hand_in(rider, claim_id)
        return claim_id

    def check(self, person: Person, claim_id: int, verdict: str, reason: str = "") -> None:
        """Say what becomes of a claim, as it stands."""
        self.do(person, lambda session, user, now: checking.check(
            session, user, claim_id, verdict, reason or ("" if verdict == "accept" else "再看看"),
            seen=self.version(session, claim_id), now=now,
        ).id)  # fmt: skip

    def answer(self, person: Person, claim_id: int, answer: str) -> None:
        """Answer an appeal, as it stands."""
        self.do(person, lambda session, user, now: checking.answer_appeal(
            session, user, claim_id, answer, "看过了", seen=self.version(session, claim_id), now=now
        ).id)  # fmt: skip

    @staticmethod
    def version(session: Session, claim_id: int) -> int:
        """The version of a claim."""
        return session.scalar(select(Claim.version).where(Claim.id == claim_id)) or 0

    def state(self, claim_id: int) -> str:
        """Where a claim stands."""
        with self.seen() as session:
            return str(session.get_one(Claim, claim_id).state)

    def places(self, task_id: int) -> tuple[int, int, int]:
        """Needed, taken, accepted of a task."""
        with self.seen() as session:
            task = session.get_one(Task, task_id)
            return task.needed, task.taken, task.accepted


@dataclass
class Office:
    """An office and who publishes for it."""

    tasks: Tasks
    person: Person
    id: int

    def draft(self, **parts: Any) -> TaskDraft:
        """A task that wants a photo at a place, within three hours."""
        now = clock.now()
        usual: dict[str, Any] = WORDS | {
            "organisation_id": self.id, "starts_at": now, "ends_at": now + timedelta(hours=3),
            "needed": 2, "points": 10, "claim_minutes": 60, "latitude": PLACE[0],
            "longitude": PLACE[1], "proof": Proof(photos=1, place=True),
        }  # fmt: skip
        return TaskDraft(**usual | parts)

    def make(self, **parts: Any) -> int:
        """A draft; the task's id."""
        draft = self.draft(**parts)
        return self.tasks.do(
            self.person, lambda session, user, now: services.make(session, user, draft, now=now).id
        )

    def publish(self, **parts: Any) -> int:
        """A task that is open; its id."""
        task_id = self.make(**parts)
        self.open(task_id)
        return task_id

    def open(self, task_id: int) -> None:
        """Publish a draft."""
        self.tasks.do(self.person, lambda session, user, now: services.publish(
            session, user, task_id, seen=session.get_one(Task, task_id).version, now=now
        ).id)  # fmt: skip

    def cancel(self, task_id: int, reason: str = "下雨") -> None:
        """Call a task off."""
        self.tasks.do(self.person, lambda session, user, now: services.cancel(
            session, user, task_id, reason, seen=session.get_one(Task, task_id).version, now=now
        ).id)  # fmt: skip
