"""A gate of a compound, its phone, and a rider who comes to it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Role
from app.extensions import db
from tests.support.badges import Desk, RiderPhone
from tests.support.estate import Estate
from tests.support.gate_rows import GateRows
from tests.support.gate_site import Site
from tests.support.gatehouse import GatePhone, make_code
from tests.support.people import People


@pytest.fixture
def site(app: Flask, people: People) -> Site:
    """One gate of one compound, always open."""
    return Site(app, people, Desk(app, people.make(Role.ADMINISTRATOR)))


@pytest.fixture
def new_gate_phone(app: Flask, site: Site) -> Callable[..., GatePhone]:
    """Enrols another phone, at the site's gate or the one given."""
    codes = iter(("ABCD2345", "EFGH2345", "JKMN2345", "PQRS2345"))

    def enrol(gate_id: int = 0) -> GatePhone:
        phone, code = GatePhone(app.test_client()), next(codes)
        make_code(site.desk, gate_id or site.gate_id, code)
        assert phone.enrol(code).status_code == 201
        return phone

    return enrol


@pytest.fixture
def gate_phone(new_gate_phone: Callable[..., GatePhone]) -> GatePhone:
    """The phone at the site's gate."""
    return new_gate_phone()


@pytest.fixture
def rider_phone(site: Site) -> RiderPhone:
    """A rider's phone with a badge: 王小明."""
    return site.rider("王小明")


@pytest.fixture
def estate(app: Flask) -> Estate:
    """A property company with two compounds, and who manages them."""
    return Estate(app)


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[], int]]:
    """How many statements went to the database so far."""
    with app.app_context():
        engine = db.engine
    said: list[str] = []

    def note(*given: object) -> None:
        said.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield lambda: len(said)
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def rows(session: Session) -> GateRows:
    return GateRows(session)


@pytest.fixture
def gate(rows: GateRows) -> int:
    return rows.gate(rows.compound())
