"""A live server, a network before it, and phones."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import func, select

from app.blueprints.organisations.models import Role
from app.blueprints.reports.models import Report
from app.extensions import db
from app.lib import jobs
from app.queue import run_until_done
from tests.support.badges import Desk as RidersDesk
from tests.support.counter_device import CounterDevice, Station
from tests.support.gate_phone import GatePhone
from tests.support.gate_site import Site
from tests.support.network import Line, Network
from tests.support.people import People, Person
from tests.support.phone import ARGUMENTS, CHROMIUM, SIZE, Desk, Phone, Visitor
from tests.support.rider_phone import full_badge
from tests.support.seen import add_pages
from tests.support.servers import Server
from tests.support.shop import Shop
from tests.support.task_phone import TaskPhone
from tests.support.tasks import Office, Tasks
from tests.support.watchdog import watchdog

MakePhone = Callable[[], Phone]
MakeGatePhone = Callable[[], GatePhone]
MakeDevice = Callable[[], CounterDevice]
NewProfile = Callable[[str], Path]
OpenAs = Callable[..., Page]


@dataclass
class Centre:
    """What the server holds, looked at past the server."""

    app: Flask
    server: Server
    people: People

    def reports(self) -> int:
        """How many reports there are."""
        with self.app.app_context():
            count = db.session.scalar(select(func.count()).select_from(Report)) or 0
            db.session.remove()
            return count

    def keys(self) -> list[str]:
        """The words on where of each report: the tests give each its own."""
        with self.app.app_context():
            found = list(db.session.scalars(select(Report.place).order_by(Report.place)))
            db.session.remove()
            return found

    def work(self) -> None:
        """Do what the worker would."""
        with self.app.app_context():
            for name in jobs.names():
                run_until_done(name)
            db.session.remove()


TEST_S = 150
# A busy machine is slow, and nothing else is wrong with it.
expect.set_options(timeout=15_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails says what its browsers showed."""
    report = yield
    if report.failed and call.when == "call":
        add_pages(report, [visitor.page for visitor in Visitor.all])
    return report


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    """No test holds up the others."""
    with watchdog(TEST_S):
        yield


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Server]:
    """The server on the test's database."""
    server = Server(database_url, tmp_path / "data")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def centre(app: Flask, server: Server, people: People) -> Centre:
    return Centre(app, server, people)


@pytest.fixture(scope="session")
def line() -> Iterator[Line]:
    """The address of the centre, for all tests of this process."""
    line = Line()
    yield line
    line.close()


@pytest.fixture
def network(server: Server, line: Line) -> Iterator[Network]:
    """A network that a test can make bad."""
    network = Network(server.port, line)
    yield network
    network.close()


@pytest.fixture(scope="session")
def shop(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(playwright, tmp_path_factory.mktemp("shop"))


@pytest.fixture
def new_profile(shop: Shop, network: Network, tmp_path: Path) -> NewProfile:
    """Profiles with the app installed and nobody signed in: `new_profile("phone0")`."""
    shop.install(network)
    return lambda name: shop.copy_to(tmp_path / name)


@pytest.fixture
def rider_account(people: People) -> Person:
    return people.make(Role.RIDER, name="王骑手")


@pytest.fixture
def make_phone(
    playwright: Playwright, network: Network, new_profile: NewProfile
) -> Iterator[MakePhone]:
    """Phones that reach the server through the network."""
    phones: list[Phone] = []

    def make() -> Phone:
        phones.append(Phone(playwright, new_profile(f"phone{len(phones)}"), network.address))
        return phones[-1]

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def phone(make_phone: MakePhone, rider_account: Person) -> Phone:
    """A rider's phone, signed in once with network."""
    phone = make_phone()
    phone.sign_in(rider_account)
    return phone


@pytest.fixture
def desk(playwright: Playwright, server: Server, people: People) -> Iterator[Desk]:
    """A dispatcher's desktop, signed in."""
    person = people.make(Role.DISPATCHER, name="李派遣")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk = Desk(context, server.address)
    desk.sign_in(person)
    yield desk
    browser.close()


@pytest.fixture
def open_as(playwright: Playwright, centre: Centre) -> Iterator[OpenAs]:
    """A page in the browser of somebody who has signed in."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

    def make(person: Person, path: str, *, language: str = "zh_Hans", **further: object) -> Page:
        context = browser.new_context(locale="zh-CN", **{"viewport": SIZE, **further})  # type: ignore[arg-type]
        context.add_cookies([{"name": "lang", "value": language, "url": centre.server.address}])
        desk = Desk(context, centre.server.address)
        desk.sign_in(person)
        return desk.go(path)

    yield make
    browser.close()


@pytest.fixture
def administrator(app: Flask, people: People) -> RidersDesk:
    """Somebody who decides on riders, past the pages."""
    return RidersDesk(app, people.make(Role.ADMINISTRATOR))


@pytest.fixture
def badge(phone: Phone, administrator: RidersDesk, rider_account: Person) -> Page:
    """The page of a phone that shows the rider's badge."""
    return full_badge(phone, administrator, rider_account)


@pytest.fixture
def site(app: Flask, people: People, administrator: RidersDesk) -> Site:
    """A compound with a gate."""
    return Site(app, people, administrator)


@pytest.fixture
def new_gate_phone(
    playwright: Playwright, network: Network, new_profile: NewProfile
) -> Iterator[MakeGatePhone]:
    """Phones with a camera that a test holds codes before; not enrolled."""
    phones: list[GatePhone] = []

    def make() -> GatePhone:
        phones.append(GatePhone(playwright, new_profile(f"gate{len(phones)}"), network.address))
        return phones[-1]

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def make_gate_phone(new_gate_phone: MakeGatePhone, site: Site) -> MakeGatePhone:
    """Phones of the gate, scanning, with a guard on shift."""

    def make() -> GatePhone:
        phone = new_gate_phone()
        phone.enrol(site.code())
        phone.scan()
        return phone

    return make


@pytest.fixture
def station(app: Flask) -> Station:
    """A station with a host."""
    return Station.make(app)


@pytest.fixture
def make_device(new_gate_phone: MakeGatePhone) -> MakeDevice:
    """Devices with a camera for counters; nobody is signed in."""
    return lambda: CounterDevice(new_gate_phone())


@pytest.fixture
def device(make_device: MakeDevice, station: Station) -> CounterDevice:
    """The device at the counter, its host signed in, all kept."""
    made = make_device()
    made.sign_in(station.host)
    return made


@pytest.fixture
def tasks(centre: Centre) -> Tasks:
    """Works tasks past the pages."""
    return Tasks(centre.app, centre.people)


@pytest.fixture
def office(tasks: Tasks) -> Office:
    """An office that publishes tasks."""
    return tasks.office()


@pytest.fixture
def task_phone(phone: Phone) -> TaskPhone:
    """The rider's phone, on its tasks."""
    return TaskPhone(phone)
