"""A district with stations: riders who are signed in, a host at each counter, posters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import issuer_keys
from app.blueprints.badges.models import Holder
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.stations.models import Station
from app.blueprints.stations.poster_codes import text_of
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from bench.district import ROOT
from bench.district_gates import app_in, cookie_of, organisation

STATIONS, RIDERS, COMPANIES = 24, 600, 6
LATITUDE, LONGITUDE = 31.3, 120.7


@dataclass(frozen=True)
class Counter:
    """A station: its row, its poster's text, and the cookie of its host."""

    id: int
    poster: str
    cookie: str


@dataclass(frozen=True)
class Rider:
    """A rider: the row, the mobile number, the session cookie."""

    id: int
    company_id: int
    number: str
    cookie: str


@dataclass(frozen=True)
class District:
    counters: Sequence[Counter]
    riders: Sequence[Rider]


def prepare(folder: Path) -> District:
    """Build it in a folder."""
    app, now = app_in(folder), clock.now()
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        key = issuer_keys.make(
            app.config["ISSUER_KEYS_FOLDER"], signs_from=now - timedelta(days=1), now=now
        )
        session = db.session()
        with transaction(session):
            companies = [organisation(session, Kind.COMPANY, None) for _one in range(COMPANIES)]
            riders = [_rider(session, app, companies, n, now) for n in range(RIDERS)]
            stations = [_station(session, n, now) for n in range(STATIONS)]
            hosts = [_host(session, app, one, now) for one in stations]
            counters = [
                Counter(one.organisation_id, _poster(key, one), host)
                for one, host in zip(stations, hosts, strict=True)
            ]
        db.session.remove()
        db.engine.dispose()
    return District(counters, riders)


def _poster(key: issuer_keys.IssuerKey, station: Station) -> str:
    return text_of(key, station_id=station.organisation_id, poster=1)


def _rider(
    session: Session, app: Flask, companies: Sequence[Organisation], number: int, now: datetime
) -> Rider:
    company = companies[number % len(companies)]
    phone = f"+86139{number:08}"
    user = _person(session, phone, company.id, Role.RIDER, now)
    session.add(Holder(user_id=user.id, company_id=company.id, created_at=now))
    return Rider(user.id, company.id, phone, cookie_of(session, app, user, now))


def _person(session: Session, phone: str | None, home_id: int, role: Role, now: datetime) -> User:
    user = User(phone=phone, name="基准", created_at=now)
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, organisation_id=home_id, role=role, created_at=now))
    return user


def _station(session: Session, number: int, now: datetime) -> Station:
    home = organisation(session, Kind.STATION, None)
    made = Station(
        organisation_id=home.id, number=f"B{number:04}", level=2, kind="red_bee",
        address_zh="基准", latitude=LATITUDE, longitude=LONGITUDE, created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _host(session: Session, app: Flask, station: Station, now: datetime) -> str:
    host = _person(session, None, station.organisation_id, Role.HOST, now)
    return cookie_of(session, app, host, now)
