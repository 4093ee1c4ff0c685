"""The desk of stations in tests: who works there, and what the database holds."""

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.stations.models import Station, StationEvent
from app.extensions import db
from tests.support.people import People, Person, sign_in
from tests.support.station_rows import StationRows


@dataclass
class StationDesk:
    """A street with two stations, their hosts, and an administrator."""

    app: Flask
    people: People
    street_id: int = field(init=False)
    station_id: int = field(init=False)
    other_id: int = field(init=False)
    host: Person = field(init=False)
    street_host: Person = field(init=False)
    other_host: Person = field(init=False)
    administrator: Person = field(init=False)

    def __post_init__(self) -> None:
        with self.app.app_context():
            rows = StationRows(db.session())
            self.street_id = rows.street()
            self.station_id = rows.station(self.street_id, number="SZ001", name_zh="东沙湖驿站")
            self.other_id = rows.station(number="SZ002", name_zh="月亮湾驿站")
            self.host = rows.host(self.station_id)
            self.street_host = rows.host(self.street_id, "周站长")
            self.other_host = rows.host(self.other_id, "李站长")
            db.session.commit()
        self.administrator = self.people.make(Role.ADMINISTRATOR, name="林管理")

    def browser(self, person: Person) -> FlaskClient:
        """A browser with somebody signed in."""
        client = self.app.test_client()
        sign_in(client, person)
        return client

    def path(self, page: str = "", station_id: int | None = None) -> str:
        """The path of a page of the first station."""
        return f"/stations/desk/{station_id or self.station_id}{page}"

    def rows(self) -> AbstractContextManager[StationRows]:
        """Writes more rows, committed at the end."""
        return _rows(self.app)

    def acting(self, person: Person) -> AbstractContextManager[tuple[Session, User]]:
        """A session and a person of it, committed at the end."""
        return _acting(self.app, person.id)

    def stations(self) -> list[str]:
        """The numbers of all stations."""
        with self.app.app_context():
            return list(db.session.scalars(select(Station.number).order_by(Station.number)))

    def facts(self, number: str = "SZ001") -> dict[str, Any]:
        """What the database holds of a station."""
        with self.app.app_context():
            one = db.session.scalars(select(Station).where(Station.number == number)).one()
            columns = {name: getattr(one, name) for name in Station.__table__.columns.keys()}  # noqa: SIM118
            office = one.organisation
            return columns | {
                "name_zh": office.name_zh, "name_en": office.name_en, "path": office.path,
                "parent_id": office.parent_id,
                "facilities": {str(row.facility): row.count for row in one.facilities},
                "broken": {str(row.facility) for row in one.facilities if not row.works},
                "pictures": [row.sha256 for row in one.pictures],
            }  # fmt: skip

    def steps(self, number: str = "SZ001") -> list[str]:
        """What was done to a station, in order."""
        with self.app.app_context():
            wanted = select(StationEvent.step).join(
                Station, Station.organisation_id == StationEvent.station_id
            )
            found = wanted.where(Station.number == number).order_by(StationEvent.id)
            return list(db.session.scalars(found))


@contextmanager
def _rows(app: Flask) -> Any:
    with app.app_context():
        yield StationRows(db.session())
        db.session.commit()


@contextmanager
def _acting(app: Flask, user_id: int) -> Any:
    with app.app_context():
        session = db.session()
        yield session, session.get_one(User, user_id)
        session.commit()


def details(**fields: Any) -> dict[str, Any]:
    """What the form of a station holds when everything about it is right, for an administrator."""
    return {
        "number": "SZ009", "name_zh": "新驿站", "name_en": "New Station", "level": "1",
        "kind": "filling", "area": "", "operator": "", "address_zh": "现代大道1号",
        "address_en": "", "latitude": "31.31", "longitude": "120.71", "radius_m": "80",
        "contact": "0512-66601234", "facility": ["water", "rest"], "count_rest": "12",
    } | fields  # fmt: skip


def workbook(*rows: Sequence[Any]) -> bytes:
    """Rows as XLSX; a date becomes one."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def send_file(client: FlaskClient, content: bytes, do: str = "import") -> TestResponse:
    """Send a file to the import."""
    body = {"file": (io.BytesIO(content), "stations.csv"), "do": do}
    return cast(TestResponse, client.post("/stations/desk/import", data=body))
