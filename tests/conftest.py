"""What all tests of the server share: a real database, the application, people, a clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock, jobs
from app.queue import run_until_done
from tests.support import people as people_support
from tests.support.applications import make_app
from tests.support.databases import KINDS, Databases, open_databases
from tests.support.people import People, Person

MakeApp = Callable[..., Flask]

# The same examples each time, and no deadline: a busy machine is no failure.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, default="sqlite", help="the database to test on")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What no database can change is run on SQLite and not once more."""
    if config.getoption("--database") == "sqlite":
        return
    once = [item for item in items if _is_the_same_on_any_database(item)]
    config.hook.pytest_deselected(items=once)
    items[:] = [item for item in items if item not in set(once)]


def _is_the_same_on_any_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return "databases" not in fixtures or item.get_closest_marker("one_database") is not None


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """sqlite or postgresql."""
    return str(pytestconfig.getoption("--database"))


@pytest.fixture(scope="session")
def databases(database_kind: str) -> Iterator[Databases]:
    """Databases of the kind asked for; each process of the tests has its own."""
    with open_databases(database_kind) as opened:
        yield opened


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A fresh, migrated database."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def make(database_url: str, tmp_path: Path) -> Iterator[MakeApp]:
    """Make an application with settings of the test's own: `make(RATELIMIT_ENABLED=True)`."""
    made: list[Flask] = []

    def build(**overrides: object) -> Flask:
        made.append(make_app(database_url, tmp_path / "data", **overrides))
        return made[-1]

    yield build
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make: MakeApp) -> Flask:
    """The application."""
    return make()


@pytest.fixture(scope="module")
def module_app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that all tests of a module share: for tests that take what they did back, or
    that mind nobody else's rows."""
    url = databases.fresh()
    app = make_app(url, tmp_path_factory.mktemp("module") / "data")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in on."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session, to look with. It leaves no context behind that requests would share."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as opened:
        yield opened


@pytest.fixture
def people(app: Flask) -> People:
    """Makes people: `people.make("rider")`."""
    return People(app)


@pytest.fixture
def rider_person(people: People) -> Person:
    return people.make(Role.RIDER, name="王小明")


@pytest.fixture
def dispatcher_person(people: People) -> Person:
    return people.make(Role.DISPATCHER, name="李派遣")


@pytest.fixture
def browser_of(app: Flask) -> Callable[[Person], FlaskClient]:
    """A browser with somebody signed in: `browser_of(person)`."""

    def open_browser(person: Person) -> FlaskClient:
        client = app.test_client()
        people_support.sign_in(client, person)
        return client

    return open_browser


@pytest.fixture
def rider(browser_of: Callable[[Person], FlaskClient], rider_person: Person) -> FlaskClient:
    """A rider's browser, signed in."""
    return browser_of(rider_person)


@pytest.fixture
def dispatcher(
    browser_of: Callable[[Person], FlaskClient], dispatcher_person: Person
) -> FlaskClient:
    """A dispatcher's browser, signed in."""
    return browser_of(dispatcher_person)


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], None]:
    """Does what the worker would, until nothing is left."""

    def run() -> None:
        with app.app_context():
            for name in jobs.names():
                run_until_done(name)

    return run


class Clock:
    """The one clock, held: `clock.forward(minutes=5)`."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture
def held_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stops the application's clock; only the test moves it."""
    held = Clock()
    monkeypatch.setattr(clock, "now", held.now)
    return held
