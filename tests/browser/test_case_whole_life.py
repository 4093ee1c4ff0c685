"""A whole life of a case, by four people in four browsers: a rider's phone, a dispatcher's desk, a
department's phone, a grid worker's phone; once round, and once more because it was not solved."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from playwright.sync_api import Page, Playwright, expect

from app.blueprints.cases.transitions import STEPS
from app.blueprints.organisations.models import Area
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib import clock
from tests.browser.conftest import Centre, MakePhone
from tests.support.cases import CaseDesk
from tests.support.people import Person
from tests.support.phone import ARGUMENTS, CHROMIUM, PLACE, Desk, Phone
from tests.support.scenes import scene
from tests.support.waiting import until_pictures

pytestmark = pytest.mark.browser
LATER_MS = 40_000
ONCE_ROUND = ["dispatch", "take", "finish", "verify", "close"]


@dataclass
class Four:
    """The people's browsers."""

    rider: Phone
    desk: Desk
    handler: Phone
    grid: Phone


@pytest.fixture
def cases(centre: Centre) -> CaseDesk:
    """The organisations, with the grid around where the phones are."""
    cases = CaseDesk(centre.app)
    south, west = PLACE["latitude"] - 0.01, PLACE["longitude"] - 0.01
    north, east = south + 0.02, west + 0.02
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    with centre.app.app_context():
        db.session.add(
            Area(
                organisation_id=cases.grid_id,
                polygon=json.dumps({"type": "Polygon", "coordinates": [ring]}),
                south=south, west=west, north=north, east=east, loaded_at=clock.now(),
            )
        )  # fmt: skip
        db.session.commit()
        db.session.remove()
    return cases


@pytest.fixture
def four(
    make_phone: MakePhone, playwright: Playwright, centre: Centre, cases: CaseDesk
) -> Iterator[Four]:
    """Everybody signed in, each in a browser of their own."""

    def phone_of(person: Person) -> Phone:
        phone = make_phone()
        phone.sign_in(person)
        return phone

    rider, handler, grid = map(phone_of, (cases.rider, cases.handler, cases.grid_worker))
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk = Desk(context, centre.server.address)
    desk.sign_in(cases.dispatcher)
    yield Four(rider, desk, handler, grid)
    browser.close()


def _file(phone: Phone) -> None:
    """File a report once the phone knows where it is: by that it comes into its grid."""
    page = phone.fill_report(1, place="星湖街灯杆旁")
    expect(page.locator("#place-state")).to_contain_text("已定位")
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    phone.wait_until_sent()


def _dispatch(four: Four, cases: CaseDesk, centre: Centre, case_id: int) -> None:
    page = four.desk.go(f"/cases/{case_id}")
    page.select_option("#step-dispatch-department", str(cases.department_id))
    page.click("#step-dispatch [data-accept]")
    _wait_for(centre, case_id, State.DISPATCHED, four.desk)


def _on_the_spot(phone: Phone, case_id: int, step: str, seed: int, note: str = "") -> None:
    """One step on the page for work outside, with a photo where one belongs to it."""
    page = phone.go(f"/field#{case_id}")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#step-form")).to_be_visible(timeout=LATER_MS)
    page.wait_for_selector(f"#steps input[value={step}]", state="attached")
    page.locator(f"#steps input[value={step}]").evaluate("(input) => input.click()")
    if seed:
        files = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": scene(seed)}
        page.set_input_files("#camera", files)  # type: ignore[arg-type]
        expect(page.locator(".shot")).to_have_count(1)
    if note:
        page.fill("#note", note)
    before = len(phone.stores()["receipts"])
    page.click("#save")
    phone.wait_until_sent(before + 1)


def _round(four: Four, cases: CaseDesk, centre: Centre, case_id: int, seed: int) -> None:
    """From the desk to the department, to the spot, and back to the desk, which closes it."""
    _dispatch(four, cases, centre, case_id)
    _on_the_spot(four.handler, case_id, "take", 0)
    _on_the_spot(four.handler, case_id, "finish", seed, "已清运，地面冲洗")
    _on_the_spot(four.grid, case_id, "verify", seed + 1)
    centre.work()
    page = four.desk.go(f"/cases/{case_id}")
    page.click("#step-close [data-accept]")
    _wait_for(centre, case_id, State.CLOSED, four.desk)


def _wait_for(centre: Centre, case_id: int, state: State, desk: Desk) -> None:
    desk.until(lambda: _report(centre, case_id)[0] == state)


def _report(centre: Centre, case_id: int) -> tuple[State, list[str]]:
    with centre.app.app_context():
        report = db.session.get_one(Report, case_id)
        found = (State(report.state), [event.step for event in report.events])
        db.session.remove()
        return found


def _standing(four: Four, case_id: int) -> Page:
    page = four.rider.go(f"/reports/{case_id}")
    page.wait_for_selector("html[data-ready]")
    return page


def _messages(phone: Phone | Desk) -> str:
    return phone.go("/messages").inner_text("main")


def test_from_a_riders_photo_to_a_closed_case_twice(
    four: Four, cases: CaseDesk, centre: Centre
) -> None:
    _file(four.rider)
    centre.work()
    case_id = int(four.rider.stores()["receipts"][0]["url"].rsplit("/", 1)[1])

    page = four.desk.go("/cases")
    page.click(".entry")
    page.click("#step-accept [data-accept]")
    _wait_for(centre, case_id, State.ACCEPTED, four.desk)
    _round(four, cases, centre, case_id, seed=21)

    page = _standing(four, case_id)
    expect(page.locator("#standing h2")).to_have_text("已结案")
    expect(page.locator("#compare img")).to_have_count(2)
    until_pictures(page, "#compare img", 600)
    expect(page.locator("main")).not_to_contain_text("孙环卫")
    page.tap("button[name=satisfied][value=no]")
    expect(page.locator("#again")).to_have_attribute("open", "", timeout=LATER_MS)
    page.wait_for_selector("html[data-ready]")
    files = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": scene(31)}
    page.set_input_files("#camera", files)  # type: ignore[arg-type]
    expect(page.locator(".shot")).to_have_count(1)
    page.tap("#step-reopen .button.main")
    expect(page.locator("#standing h2")).to_have_text("再次反映", timeout=LATER_MS)

    _round(four, cases, centre, case_id, seed=41)
    page = _standing(four, case_id)
    page.tap("button[name=satisfied][value=yes]")
    expect(page.locator(".timeline")).to_contain_text("你的评价：已解决", timeout=LATER_MS)

    state, steps = _report(centre, case_id)
    assert state == State.CLOSED
    assert steps == [
        "receive", "accept", *ONCE_ROUND, "rate", "reopen", *ONCE_ROUND, "rate",
    ]  # fmt: skip
    _replays(centre, case_id)
    number = f"{case_id:06d}"
    for who in (four.rider, four.handler, four.grid, four.desk):
        assert number in _messages(who)


def _replays(centre: Centre, case_id: int) -> None:
    """The events lead, by listed steps alone, to where the case stands; it was rewarded once."""
    with centre.app.app_context():
        report = db.session.get_one(Report, case_id)
        for before, after in pairwise(report.events):
            assert after.from_state == before.to_state
            assert any(
                step.name == after.step and after.from_state in step.sources
                and (step.target or after.from_state) == after.to_state
                for step in STEPS
            )  # fmt: skip
        assert report.events[-1].to_state == report.state
        assert (report.satisfied, report.reopenings) == (True, 1)
        assert report.points_earned == report.category.points
        assert [len(event.photos) for event in report.events if event.step == "finish"] == [1, 1]
        db.session.remove()
