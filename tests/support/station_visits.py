"""A few stations with check-ins of months, recorded as they are in service, and who may look."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.insight.figures import OF_STATIONS, Asked, Figures, figures, places_of
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.stations.models import Facility, StationFacility
from app.blueprints.visits.drafts import CheckInDraft
from app.blueprints.visits.models import Mark, Purpose, Way, Who
from app.blueprints.visits.services import record, take_back
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.periods import Period
from tests.support.people import Person
from tests.support.station_rows import StationRows

FIRST, DAYS = date(2026, 1, 1), 150
"""Local days on which somebody came."""
BORN = datetime(2025, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Visited:
    """Ids of stations, streets and companies, and people who look at figures."""

    app: Flask
    streets: tuple[int, int]
    used: tuple[int, ...]
    """The first two in the first street, the others in the second; the last was given up."""
    idle: int
    """Open, and never used."""
    companies: tuple[int, int]
    administrator: Person
    host: Person
    """Of the first station."""
    street_host: Person
    """Of the second street."""
    manager: Person
    """Of the first company."""


def build(app: Flask) -> Visited:
    """Stations and people, nobody came yet; commits."""
    with app.app_context():
        session = db.session()
        rows = StationRows(session)
        streets = rows.street("湖东街道"), rows.street("湖西街道")
        homes = (streets[0], streets[0], streets[1], streets[1], streets[1])
        used = [_station(rows, home) for home in homes]
        idle = rows.station(streets[0], created_at=BORN, name_zh="闲置驿站", name_en="Idle Station")
        ended = rows.station(streets[1], created_at=BORN, ended_at=datetime(2026, 4, 1, tzinfo=UTC))
        companies = _home(session, Kind.COMPANY), _home(session, Kind.COMPANY)
        made = Visited(
            app, streets, (*used, ended), idle, companies,
            _person(session, Role.ADMINISTRATOR, _home(session, Kind.AUTHORITY)),
            rows.host(used[0]), rows.host(streets[1]),
            _person(session, Role.COMPANY_MANAGER, companies[0]),
        )  # fmt: skip
        session.commit()
        db.session.remove()
        return made


def come(visited: Visited, count: int, seed: int = 1) -> None:
    """Riders and other workers come by chance; some check-ins are marked, some taken back."""
    chance = random.Random(seed)
    with visited.app.app_context():
        session = db.session()
        riders = [_rider(session) for _rider_of in range(6)]
        session.commit()
        drafts = [_draft(visited, riders, chance, number) for number in range(count)]
        with transaction(session):
            record(session, drafts)
        gone = [one.key for one in drafts if one.recorder_id and chance.random() < 0.2]
        with transaction(session):
            administrator = session.get_one(User, visited.administrator.id)
            take_back(session, gone, actor=administrator, now=clock.now())
        db.session.remove()


def _draft(visited: Visited, riders: list[int], chance: random.Random, number: int) -> CheckInDraft:
    at = datetime(2025, 12, 31, 16, tzinfo=UTC) + timedelta(
        seconds=chance.uniform(0, DAYS * 86_400)
    )
    if number % 3 == 0:  # again soon, so that check-ins of one visit are among them
        chance.seed(number // 30)
    rider = chance.choice((*riders, None))
    by_host = rider is None or chance.random() < 0.4
    return CheckInDraft(
        f"come-{number}", chance.choice(visited.used), rider,
        chance.choice((*visited.companies, None)) if rider else None,
        Who.RIDER if rider else Who.WORKER, 1 if rider else chance.randint(1, 9), "",
        Way.HAND if by_host else Way.POSTER, chance.choice(list(Purpose)), at,
        at + timedelta(minutes=1), visited.host.id if by_host else None,
        chance.choice((None, None, None, Mark.TOO_FAR)), None, None, None,
    )  # fmt: skip


def _station(rows: StationRows, street: int) -> int:
    made = rows.station(street, created_at=BORN, facilities=[Facility.WATER])
    rows.session.add_all([
        StationFacility(station_id=made, facility=Facility.REST, count=4),
        StationFacility(station_id=made, facility=Facility.PHONE_CHARGING, count=2),
        StationFacility(station_id=made, facility=Facility.BIKE_CHARGING, count=3),
    ])  # fmt: skip
    rows.session.flush()
    return made


def _home(session: Session, kind: Kind) -> int:
    made = Organisation(kind=kind, path="", name_zh=f"{kind}单位", name_en=f"A {kind}")
    session.add(made)
    session.flush()
    made.path = f"/{made.id}/"
    return made.id


def _person(session: Session, role: Role, home: int) -> Person:
    user = session.get_one(User, _rider(session))
    session.add(
        Membership(user_id=user.id, organisation_id=home, role=role, created_at=clock.now())
    )
    session.flush()
    return Person(user.id, str(user.phone), user.name)


def _rider(session: Session, _phones: Callable[[], int] = iter(range(10**6)).__next__) -> int:
    user = User(phone=f"+86135{_phones():08}", name="某人", created_at=BORN)
    session.add(user)
    session.flush()
    return user.id


def looked(
    session: Session, who: Person, period: Period, of: str = OF_STATIONS, street: int | None = None
) -> Figures:
    """The figures that somebody gets."""
    actor = session.get_one(User, who.id)
    home = session.get_one(Organisation, street) if street else None
    return figures(session, Asked(actor, of, period, home), places_of(session, actor, of))
