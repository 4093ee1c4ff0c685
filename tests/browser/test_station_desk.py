"""The desk of stations as it is seen and used: what was typed stays, a bad file changes nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright, expect

from app.blueprints.stations import services
from app.blueprints.stations.models import Facility
from app.lib import clock
from tests.browser.test_compounds_desk import TOO_SMALL
from tests.support.fits import OVERFLOW, findings
from tests.support.people import People, Person
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.pictures import picture
from tests.support.servers import Server
from tests.support.station_desk import StationDesk

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (390, 844))
PAGES = ("", "/change", "/hours", "/pictures", "/history")
PICTURES = os.environ.get("PICTURES_TO", "")
BAD = """驿站编号,中文名称,级别,驿站类型,中文地址,纬度,经度,开放时间,设施
SZ101,新驿站,1,骑手加油站,星湖街1号,31.3,120.7,24/7,饮用水
SZ102,,3,骑手加油站,星湖街2号,120.7,31.3,天天开,饮用水；桑拿
"""


@pytest.fixture
def stations(app: Flask, people: People) -> StationDesk:
    return StationDesk(app, people)


@pytest.fixture
def desk(playwright: Playwright, server: Server) -> Iterator[Desk]:
    """A desktop that nobody is signed in on."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield Desk(context, server.address)
    browser.close()


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """Nothing against a page, in either size."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        keep_picture(page, f"{name}-{width}")
        assert page.evaluate(OVERFLOW) <= 0, (name, width)
        assert page.evaluate(TOO_SMALL) == [], (name, width)
        assert findings(page) == [], (name, width)
    page.set_viewport_size({"width": 1280, "height": 900})


def fill(stations: StationDesk, by: Person) -> None:
    """Something of everything on the pages of a station."""
    now = clock.now()
    with stations.acting(by) as (session, actor):
        services.set_state(
            session, actor, stations.station_id, state="closed", reason="检修", until=None, now=now
        )
        services.set_facility(
            session, actor, stations.station_id, facility="water", works=False, note="漏水", now=now
        )
        services.set_notice(session, actor, stations.station_id, text="绿豆汤", until=None, now=now)
    with stations.rows() as rows:
        for _number in range(9):
            rows.station(stations.street_id, facilities=list(Facility))


@pytest.mark.one_database
@pytest.mark.parametrize(("code", "scheme"), [("zh_Hans", "light"), ("en", "dark")])
def test_every_page(desk: Desk, stations: StationDesk, code: str, scheme: str) -> None:
    desk.sign_in(stations.administrator)
    fill(stations, stations.host)
    desk.context.add_cookies([{"name": "lang", "value": code, "url": desk.address}])
    desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    desk.go(stations.path("/pictures"))
    desk.page.set_input_files(
        "#picture", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": picture(1)}
    )
    desk.page.click("form[enctype] button")
    expect(desk.page.locator(".picture-list img")).to_be_visible()
    paths = ["/stations/desk", "/stations/desk/new", "/stations/desk/import"]
    for number, path in enumerate([*paths, *(stations.path(page) for page in PAGES)]):
        desk.go(path)
        look(desk.page, f"stations-{code}-{number}")


@pytest.mark.one_database
def test_what_was_typed_stays_while_something_is_wrong(
    desk: Desk, stations: StationDesk
) -> None:  # fmt: skip
    desk.sign_in(stations.host)
    page = desk.go(stations.path("/change"))
    page.fill("#name_zh", "改名驿站")
    page.fill("#latitude", "120.67")
    page.fill("#longitude", "31.3")
    page.check("input[value=phone_charging]")
    page.fill("#count_phone_charging", "lots")
    page.click("form.columns button.main")
    for field in ("latitude", "count_phone_charging"):
        expect(page.locator(f"#{field}-error")).to_be_visible()
    look(page, "stations-wrong")
    assert page.input_value("#name_zh") == "改名驿站"
    assert page.input_value("#count_phone_charging") == "lots"
    assert page.is_checked("input[value=phone_charging]")
    assert stations.facts()["name_zh"] == "东沙湖驿站"
    page.fill("#latitude", "31.3")
    page.fill("#longitude", "120.67")
    page.fill("#count_phone_charging", "6")
    page.click("form.columns button.main")
    expect(page.locator(".toast")).to_be_visible()
    facts = stations.facts()
    assert (facts["name_zh"], facts["facilities"]["phone_charging"]) == ("改名驿站", 6)


def test_of_two_hosts_at_once_the_second_sees_what_the_first_did(
    desk: Desk, stations: StationDesk
) -> None:
    desk.sign_in(stations.host)
    page = desk.go(stations.path("/change"))
    page.fill("#contact", "120")
    other = stations.browser(stations.street_host)
    other.post(
        stations.path("/change"),
        data={
            "name_zh": "东沙湖驿站", "address_zh": "星湖街1号", "latitude": "31.3193",
            "longitude": "120.6738", "contact": "110", "version": "1",
        },
    )  # fmt: skip
    page.click("form.columns button.main")
    expect(page.locator(".overtaken")).to_contain_text("周站长")
    expect(page.locator(".overtaken")).to_contain_text("110")
    look(page, "stations-overtaken")
    assert page.input_value("#contact") == "120"
    assert stations.facts()["contact"] == "110"
    page.click("form.columns button.main")
    expect(page.locator(".toast")).to_be_visible()
    assert stations.facts()["contact"] == "120"


def test_a_bad_file_shows_its_rows_and_nothing_is_written(
    desk: Desk, stations: StationDesk
) -> None:  # fmt: skip
    desk.sign_in(stations.administrator)
    page = desk.go("/stations/desk/import")

    def send(text: str, do: str) -> None:
        content = text.encode("gb18030")
        page.set_input_files("#file", {"name": "x.csv", "mimeType": "text/csv", "buffer": content})
        page.click(f"button[value={do}]")

    send(BAD, "import")
    report = page.locator("#report")
    expect(report).to_contain_text("没有导入任何内容")
    expect(report.locator("tbody tr")).to_have_count(5)
    cells = [line.split("\t") for line in report.locator("tbody tr").all_inner_texts()]
    assert [(row[0], row[1]) for row in cells] == [
        ("3", "中文名称 (B)"), ("3", "级别 (C)"), ("3", "纬度 (F)"), ("3", "开放时间 (H)"),
        ("3", "设施 (I)"),
    ]  # fmt: skip
    assert cells[4][2:] == ["饮用水；桑拿", "没有叫“桑拿”的设施。"]
    look(page, "stations-bad-file")
    assert stations.stations() == ["SZ001", "SZ002"]

    good = BAD.replace("SZ102,,3,", "SZ102,又一驿站,2,").replace("120.7,31.3", "31.3,120.7")
    good = good.replace("天天开", "Mo-Su 08:00-20:00").replace("；桑拿", "")
    send(good, "check")
    expect(report).to_contain_text("尚未写入")
    assert stations.stations() == ["SZ001", "SZ002"]
    send(good, "import")
    expect(report).to_contain_text("已导入")
    assert stations.stations() == ["SZ001", "SZ002", "SZ101", "SZ102"]


@pytest.mark.one_database
def test_hours_by_day_with_a_break_and_a_special_day(
    desk: Desk, stations: StationDesk
) -> None:  # fmt: skip
    desk.sign_in(stations.host)
    page = desk.go(stations.path("/hours"))
    expect(page.locator("input[value=always]")).to_be_checked()
    page.check("input[value=week]")
    for day in range(5):
        page.fill(f"[name=d{day}_1a]", "08:00")
        page.fill(f"[name=d{day}_1b]", "12:00")
    page.fill("[name=d0_2a]", "11:00")
    page.fill("[name=d0_2b]", "20:00")
    page.check("input[value=own]")
    page.fill("[name=s0_first]", "2099-12-31")
    page.click("form.hours button.main")
    expect(page.locator("#d0-error")).to_be_visible()
    look(page, "stations-hours-wrong")
    assert page.input_value("[name=d0_2a]") == "11:00"
    page.fill("[name=d0_2a]", "13:00")
    page.click("form.hours button.main")
    expect(page.locator(".toast")).to_be_visible()
    wanted = "Mo 08:00-12:00,13:00-20:00; Tu-Fr 08:00-12:00; PH off; 2099 Dec 31 off"
    assert stations.facts()["hours"] == wanted
    expect(page.locator(".notation")).to_have_text(wanted)
