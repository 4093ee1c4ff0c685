"""What a gate phone writes down: once, in order, signed; whole after a restart, found when altered."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeGatePhone
from tests.support.cameras import show
from tests.support.gate_site import Site
from tests.support.watchdog import watchdog

pytestmark = pytest.mark.browser
LONG_S = 360

# A scan takes 2 s on the screen: this judges and writes as the page does, by the page's own modules.
SCAN_MANY = """async (texts) => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const [{ judgeText }, { record }] = await Promise.all(
    ["judging", "recording"].map((name) => import(`${base}/js/gate/${name}.js`)));
  for (const text of texts) {
    const judged = await judgeText(text, { wanted: "entry", firm: true }, null);
    if (judged.verdict.level !== "green") throw new Error(judged.verdict.reason);
    await record(judged, "entered");
  }
}"""
ALTER_ONE = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  const db = await database();
  const item = (await db.getAll("items")).find((one) => JSON.parse(one.fields.statement).seq === 2);
  item.fields.statement = item.fields.statement.replace('"entered"', '"refused"');
  await db.put("items", item);
}"""


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    """Two hundred passes take their time on a busy machine."""
    with watchdog(LONG_S):
        yield


def scan_many(page: Page, texts: list[str]) -> None:
    page.evaluate(SCAN_MANY, texts)


def test_two_hundred_scans_without_network_and_a_restart_arrive_once(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    riders = [site.rider(f"骑手{number}") for number in range(4)]
    phone = make_gate_phone()
    phone.close()  # used since a while: a browser writes its cookies to disk only every 30 s
    phone.open()
    phone.scan()
    phone.offline()
    scan_many(phone.page, [riders[n % 4].phone.show(int(time.time())) for n in range(200)])
    assert [statement["seq"] for statement in phone.statements()] == list(range(1, 201))
    phone.kill()
    phone.open()
    phone.offline()
    phone.scan()
    expect(phone.page.locator("#waiting")).to_contain_text("200")
    assert phone.read(riders[0].show()) == "green ok"
    phone.go_on()
    phone.wait_until_written(201)
    phone.offline(False)
    phone.wait_until_all_sent(timeout_s=LONG_S / 2)
    passes = site.passes()
    assert [one.seq for one in passes] == list(range(1, 202))
    assert {one.chain for one in passes} == {"ok"}
    assert {one.server_level for one in passes} == {"green"}
    assert not [one for one in site.conflicts() if one.kind in ("altered", "broken", "missing")]


@pytest.mark.one_database
def test_a_pass_altered_on_the_phone_is_found(site: Site, make_gate_phone: MakeGatePhone) -> None:
    riders = [site.rider(f"骑手{number}") for number in range(3)]
    phone = make_gate_phone()
    phone.offline()
    scan_many(phone.page, [rider.show() for rider in riders])
    phone.page.evaluate(ALTER_ONE)
    phone.offline(False)
    phone.wait_until_all_sent()
    assert [one.chain for one in site.passes()][1] == "altered"
    assert "altered" in {one.kind for one in site.conflicts()}


@pytest.mark.one_database
def test_two_tabs_make_one_chain(site: Site, make_gate_phone: MakeGatePhone) -> None:
    riders = [site.rider(f"骑手{number}") for number in range(2)]
    phone = make_gate_phone()
    phone.offline()
    second = phone.context.new_page()
    second.goto(phone.address + "/gate")
    second.wait_for_selector("html[data-ready]", state="attached")
    for page, rider in ((phone.page, riders[0]), (second, riders[1])):
        texts = [rider.phone.show(int(time.time())) for _n in range(20)]
        page.evaluate(
            f"(texts) => {{ ({SCAN_MANY})(texts).then(() => {{ document.documentElement.dataset.ended = 1; }}); }}",
            texts,
        )
    for page in (phone.page, second):
        page.wait_for_selector("html[data-ended]", state="attached")
    assert [statement["seq"] for statement in phone.statements()] == list(range(1, 41))
    phone.offline(False)
    phone.wait_until_all_sent()
    assert {one.chain for one in site.passes()} == {"ok"}


@pytest.mark.one_database
def test_the_shift_changes_without_network(site: Site, make_gate_phone: MakeGatePhone) -> None:
    riders = [site.rider(f"骑手{number}") for number in range(2)]
    phone = make_gate_phone()
    page = phone.page
    phone.offline()
    phone.read(riders[0].show())
    phone.go_on()
    page.click("#open-shift")
    phone.shift("李国强")
    expect(page.locator("#guard-name")).to_have_text("李国强")
    phone.read(riders[1].show())
    phone.go_on()
    phone.wait_until_written(2)
    assert [one["guard"] for one in phone.statements()] == ["张卫东", "李国强"]
    page.click("#open-shift")  # who was typed once is chosen by a tap
    expect(page.locator("#shift-names button")).to_have_text(["李国强", "张卫东"])


@pytest.mark.one_database
def test_a_full_phone_says_so_and_goes_on_judging(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    riders = [site.rider(f"骑手{number}") for number in range(2)]
    phone = make_gate_phone()
    phone.page.evaluate("navigator.storage.estimate()")
    phone.close()
    phone.open()
    session = phone.context.new_cdp_session(phone.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 1})
    phone.offline()
    page = phone.scan()
    for number, rider in enumerate(riders, start=1):
        assert phone.read(rider.show()) == "green ok"
        expect(page.locator("#verdict-trouble")).to_be_visible()
        phone.go_on()
        expect(page.locator("#storage-alarm")).to_contain_text(str(number))


@pytest.mark.one_database
def test_a_phone_that_the_centre_has_ended_says_so_and_goes_on_judging(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    knight = site.rider("王骑手")
    phone = make_gate_phone()
    site.end_phones()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("#session-alarm")).to_be_visible()
    assert phone.read(knight.show()) == "green ok"
    show(phone.page, "")
