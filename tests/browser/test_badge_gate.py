"""A rider at a gate: alone before its printed code, or let in by a guard; and the building map."""

import io
import time

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from app.blueprints.gates import maps
from app.blueprints.gates.models import Building, Compound, Gate
from app.blueprints.photos.store import photo_storage
from app.lib import clock, imaging
from tests.support.fits import findings
from tests.support.gate_rows import GateRows
from tests.support.gate_site import Site
from tests.support.network import DROP, PASS, Network
from tests.support.people import Person
from tests.support.phone import PLACE, Phone
from tests.support.rider_phone import SHIFTS, code_on, in_state, shifts

pytestmark = pytest.mark.browser
FAR = {"latitude": PLACE["latitude"] + 0.01, "longitude": PLACE["longitude"], "accuracy": 12}


def _plan() -> bytes:
    """A drawn plan of a compound."""
    picture = Image.new("RGB", (1200, 900), (232, 238, 228))
    draw = ImageDraw.Draw(picture)
    for column in range(4):
        for row in range(3):
            box = (120 + column * 260, 120 + row * 260, 280 + column * 260, 240 + row * 260)
            draw.rectangle(box, fill=(196, 206, 222), outline=(90, 100, 120), width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def gate(site: Site) -> str:
    """A gate where the phones of these tests are, and its compound's map; the printed code."""
    site.rules(latitude=PLACE["latitude"], longitude=PLACE["longitude"], radius_m=60)
    with site.desk.acting() as (session, _actor):
        sheet = imaging.sheet(_plan())
        compound = session.get_one(Compound, site.compound_id)
        compound.map_sha256 = maps.hash_of(sheet.content).hexdigest()
        compound.map_width, compound.map_height = sheet.width, sheet.height
        compound.map_at = clock.now()
        photo_storage().put(maps.map_name(compound.map_sha256), sheet.content)
        for number in range(12):
            x, y = 200 + number % 4 * 260, 180 + number // 4 * 260
            building = Building(
                compound_id=site.compound_id, name=f"{number + 1}幢", x=x / 1200, y=y / 900
            )
            session.add(building)
        code = session.get_one(Gate, site.gate_id).place_code
    return code


def _map_is_open(page: Page) -> None:
    expect(page.locator("#map-title")).to_have_text("湖滨花园")
    expect(page.locator(".map-sheet .building")).to_have_count(12)
    expect(page.locator(".map-sheet img")).to_be_visible()
    assert page.evaluate("document.querySelector('.map-sheet img').naturalWidth") == 1200


def _slow_to_say_which_gate(_method: str, path: str) -> None:
    """The phone has found itself and drawn its code long before it knows the gate."""
    if path.startswith("/places"):
        time.sleep(1)


def test_at_a_gate_without_a_guard(
    badge: Page, phone: Phone, site: Site, gate: str, network: Network
) -> None:
    site.rules(direction="both")
    phone.context.add_init_script(SHIFTS)
    network.before_answer = _slow_to_say_which_gate
    page = phone.go(f"/badge?gate={gate}")
    code_on(page)
    expect(page.locator("#gate-name")).to_have_text("湖滨花园东门")
    expect(page.locator("#gate-says")).to_have_text("你已在门岗旁。")
    assert shifts(page) == []
    page.click("#go-in")
    _map_is_open(page)
    page.click("#map-close")
    expect(page.locator("#gate-says")).to_have_text("已登记，欢迎。")
    [passed] = site.passes()
    assert (passed.method, passed.direction, passed.outcome) == ("self", "entry", "entered")
    assert passed.distance_m == 0
    phone.wait_until_sent()
    # From now on the map is here, with or without network.
    phone.offline()
    page = phone.go("/badge")
    code_on(page)
    page.wait_for_selector("html[data-ready]")
    page.click("#maps-open")
    _map_is_open(page)


@pytest.mark.one_database
def test_too_far_says_how_far(badge: Page, phone: Phone, site: Site, gate: str) -> None:
    phone.context.set_geolocation(FAR)  # type: ignore[arg-type]
    page = phone.go(f"/badge?gate={gate}")
    expect(page.locator("#gate-says")).to_contain_text("1000 米", timeout=10_000)
    expect(page.locator("#go-in")).to_be_hidden()
    phone.context.set_geolocation(PLACE)  # type: ignore[arg-type]
    page.wait_for_timeout(11_000)  # a fix counts for ten seconds
    page.click("#look-again")
    expect(page.locator("#go-in")).to_be_enabled()
    expect(page.locator("#look-again")).to_be_hidden()
    assert site.passes() == []


@pytest.mark.one_database
def test_without_network_the_centre_decides_later(
    badge: Page, phone: Phone, site: Site, gate: str, network: Network
) -> None:
    phone.offline()
    page = phone.go(f"/badge?gate={gate}")
    code_on(page)
    expect(page.locator("#gate-name")).to_contain_text(gate)
    expect(page.locator("#gate-says")).to_contain_text("稍后由中心核实")
    page.click("#go-in")
    expect(page.locator("#gate-says")).to_contain_text("已存在这部手机上")
    assert site.passes() == []
    phone.offline(False)
    phone.go("/outbox")
    phone.wait_until_sent()
    [passed] = site.passes()
    assert (passed.method, passed.outcome) == ("self", "entered")


@pytest.mark.one_database
def test_a_gate_that_is_known_is_known_without_network(
    badge: Page, phone: Phone, gate: str, network: Network
) -> None:
    page = phone.go(f"/badge?gate={gate}")
    expect(page.locator("#gate-says")).to_have_text("你已在门岗旁。")
    network.policy = lambda _method, path: DROP if path.startswith("/places") else PASS
    page = phone.go(f"/badge?gate={gate}")
    expect(page.locator("#gate-name")).to_have_text("湖滨花园东门")


@pytest.mark.one_database
def test_what_does_not_count_is_said(badge: Page, phone: Phone, site: Site, gate: str) -> None:
    page = phone.go(f"/badge?gate={gate}")
    expect(page.locator("#go-in")).to_be_enabled()
    site.rules(weekdays=0)  # closed, and the phone does not know
    page.click("#go-in")
    expect(page.locator("#gate-says")).to_contain_text("不算通行")
    assert [one.outcome for one in site.passes()] == ["refused"]


@pytest.mark.one_database
def test_both_ways_where_the_gate_is_for_both(
    badge: Page, phone: Phone, site: Site, gate: str
) -> None:
    site.rules(direction="both")
    page = phone.go(f"/badge?gate={gate}")
    expect(page.locator("#go-out")).to_be_enabled()
    page.click("#go-out")
    expect(page.locator("#gate-says")).to_contain_text("已登记")
    assert [one.direction for one in site.passes()] == ["exit"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("address", "words"),
    [("/badge?gate=NOSUCHGATE", "没有这个编"), ("/badge?gate=%3Cscript%3E", None)],
)
def test_codes_that_name_no_gate(
    badge: Page, phone: Phone, address: str, words: str | None
) -> None:
    page = phone.go(address)
    code_on(page)
    if words:
        expect(page.locator("#gate-says")).to_contain_text(words)
        expect(page.locator("#go-in")).to_be_hidden()
    else:
        expect(page.locator("#at-gate")).to_be_hidden()
        expect(page.locator("#actions")).to_be_visible()


@pytest.mark.one_database
def test_a_phone_that_may_not_tell_the_place(badge: Page, phone: Phone, gate: str) -> None:
    phone.context.clear_permissions()
    page = phone.go(f"/badge?gate={gate}")
    expect(page.locator("#gate-says")).to_contain_text("没有定位权限", timeout=10_000)
    code_on(page)


@pytest.mark.one_database
def test_a_guard_lets_in_and_the_map_comes_by_itself(
    badge: Page, phone: Phone, site: Site, gate: str, rider_account: Person
) -> None:
    with site.desk.acting() as (session, _actor):
        GateRows(session).passed(site.gate_id, clock.now(), rider_id=rider_account.id)
    phone.context.add_init_script(SHIFTS)
    page = phone.go("/badge")
    code_on(page)
    expect(page.locator("#passed-where")).to_have_text("已进入：湖滨花园")
    assert shifts(page) == []
    assert findings(page) == []
    page.click("#passed-map")
    _map_is_open(page)
    assert findings(page) == []


_SCALE = "Number(document.getElementById('map-sheet').style.getPropertyValue('--scale'))"
_PINCH = """() => {
  const view = document.getElementById("map-view");
  const box = view.getBoundingClientRect();
  const send = (type, id, x) => view.dispatchEvent(new PointerEvent(type, {
    pointerId: id, pointerType: "touch", clientX: box.left + x, clientY: box.top + 200, bubbles: true,
  }));
  view.setPointerCapture = () => undefined; // these fingers are of nobody's hand
  send("pointerdown", 1, 150); send("pointerdown", 2, 200);
  for (let by = 10; by <= 100; by += 10) { send("pointermove", 1, 150 - by / 2); send("pointermove", 2, 200 + by / 2); }
  send("pointerup", 1, 100); send("pointerup", 2, 250);
}"""


@pytest.mark.one_database
def test_the_map_is_moved_and_made_larger(
    badge: Page, phone: Phone, site: Site, gate: str, rider_account: Person
) -> None:
    with site.desk.acting() as (session, _actor):
        GateRows(session).passed(site.gate_id, clock.now(), rider_id=rider_account.id)
    page = phone.go("/badge")
    page.click("#passed-map")
    _map_is_open(page)
    assert page.evaluate(_SCALE) == 1
    page.click("#map-in")
    assert page.evaluate(_SCALE) == 1.5
    page.click("#map-out")
    page.click("#map-out")
    assert page.evaluate(_SCALE) == 1
    page.evaluate(_PINCH)
    assert page.evaluate(_SCALE) == pytest.approx(3, abs=0.01)
    page.locator("#map-view").focus()
    before = page.evaluate("document.getElementById('map-sheet').style.transform")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.getElementById('map-sheet').style.transform") != before
    page.click("#map-names button:text-is('7幢')")
    label = page.locator(".map-sheet .building.found")
    expect(label).to_have_text("7幢")
    expect(label).to_be_in_viewport()
    in_state(page, "code")
