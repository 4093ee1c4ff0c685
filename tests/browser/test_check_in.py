"""Checking in at a station: from a code before the camera to a receipt, with and without network."""

from base64 import b64decode
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image
from playwright.sync_api import expect
from qrcodegen import QrCode

from app.blueprints.badges.issuer_keys import IssuerKey
from app.blueprints.stations.poster_codes import text_of
from app.blueprints.visits.models import CheckIn
from app.lib import clock
from tests.browser.conftest import Centre, MakePhone
from tests.support.check_in_phone import CheckInPhone, Place
from tests.support.fits import OVERFLOW, findings
from tests.support.network import Network
from tests.support.people import Person
from tests.support.phone import PLACE, Phone
from tests.support.stations import changed, issuer_keys
from tests.support.waiting import until_true

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
FAR = PLACE | {"latitude": PLACE["latitude"] + 0.02}
"""Some 2.2 km to the north."""
_NOBODY = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { fact, setFact } = await import(`${base}/js/outbox/database.js`);
  await setFact("session", { ...(await fact("session")), user: null });
}"""
"""The phone has nobody noted down as signed in."""


@pytest.fixture
def station(centre: Centre, network: Network) -> Place:
    return Place.make(centre.app, network.address, name_zh="湖东驿站", name_en="Hudong")


@pytest.fixture
def knight(phone: Phone, station: Place) -> CheckInPhone:
    """A rider's phone that has opened the page once with network."""
    knight = CheckInPhone(phone)
    knight.prepare()
    return knight


def _last(station: Place) -> CheckIn:
    return station.check_ins()[-1]


def test_by_the_poster_without_network(
    knight: CheckInPhone, station: Place, rider_account: Person
) -> None:
    knight.phone.offline()
    page = knight.open()
    assert knight.read(station.poster()) == "found"
    expect(page.locator("#found-name")).to_have_text("湖东驿站")
    expect(page.locator("#says")).to_contain_text("你就在驿站")
    knight.tap("charge")
    expect(page.locator("#receipt-title")).to_have_text("打卡成功")
    expect(page.locator("#receipt-where")).to_have_text("湖东驿站")
    expect(page.locator("#receipt")).to_have_attribute("data-state", "saved")
    assert station.check_ins() == []
    knight.phone.offline(False)
    knight.wait_until_received()
    found = _last(station)
    assert (found.rider_id, found.station_id) == (rider_account.id, station.station_id)
    assert (found.way, found.purpose, found.mark, found.leads) == ("poster", "charge", None, True)
    assert found.distance_m == 0


def test_by_the_counters_screen(knight: CheckInPhone, station: Place) -> None:
    page = knight.open()
    assert knight.read(station.screen()) == "found"
    expect(page.locator("#says")).to_contain_text("柜台屏")
    knight.tap()
    knight.wait_until_received()
    assert (_last(station).way, _last(station).mark) == ("counter", None)
    assert _last(station).latitude is None


def test_a_screen_copied_and_used_five_minutes_later_is_marked(
    knight: CheckInPhone, station: Place
) -> None:
    copied = station.screen(clock.now() - timedelta(minutes=5))
    page = knight.open(copied)
    expect(page.locator("#says")).to_contain_text("柜台屏上已不是这个码")
    knight.tap()
    expect(page.locator("#receipt-why")).to_contain_text("柜台屏上已不是这个码")
    knight.wait_until_received()
    assert (_last(station).mark, _last(station).leads) == ("stale_code", False)
    page = knight.phone.go("/visits")
    expect(page.locator(".visit")).to_contain_text("不计到站")


def _foreign(station: Place, kid: int) -> str:
    key = IssuerKey(kid, clock.now(), ec.generate_private_key(ec.SECP256R1()), Path("x"))
    return text_of(key, station_id=station.station_id, poster=1)


@pytest.mark.parametrize("contact", ["online", "offline"])
def test_wrong_forged_and_foreign_codes_get_a_clear_answer(
    knight: CheckInPhone, station: Place, contact: str
) -> None:
    kid = issuer_keys(station.app).signing(clock.now()).kid
    ours, elsewhere = station.address, "https://other-district.example"
    text = station.poster().split("#p=")[1]
    wrong = {
        "6901234567892": ("not_ours", "这不是驿站的码"),
        "https://example.com/menu": ("not_ours", "这不是驿站的码"),
        "SK1:" + "9" * 120: ("badge", "这是骑手的星骑士码"),
        f"{ours}/badge?gate=LakesideEast0001": ("gate", "这是门岗的码"),
        f"{ours}/check-in#p={text[:-4]}": ("damaged", "这个码不完整"),
        f"{ours}/check-in#p={changed(text, 40)}": ("forged", "这个码是伪造的"),
        f"{ours}/check-in#p={_foreign(station, kid)}": ("forged", "这个码是伪造的"),
        f"{ours}/check-in#p={_foreign(station, kid ^ 1)}": ("foreign", "别的区"),
        f"{elsewhere}/check-in#p={_foreign(station, kid)}": ("foreign", "别的区"),
        f"{elsewhere}/check-in#c={station.screen().split('#c=')[1]}": ("foreign", "别的区"),
    }
    knight.phone.offline(contact == "offline")
    page = knight.open()
    for code, (why, title) in wrong.items():
        assert knight.read(code) == why
        expect(page.locator("#wrong-title")).to_contain_text(title)
        if why == "gate":
            link = page.locator("#wrong-link")
            expect(link).to_have_attribute("href", "/badge?gate=LakesideEast0001")
        knight.again()
    assert knight.read(station.poster()) == "found"
    assert knight.items() == []


def test_too_far_is_kept_and_marked(knight: CheckInPhone, station: Place) -> None:
    knight.phone.context.set_geolocation(FAR)  # type: ignore[arg-type]
    page = knight.open()
    assert knight.read(station.poster()) == "found"
    expect(page.locator("#says")).to_contain_text("2.2 公里")
    knight.tap()
    expect(page.locator("#receipt-title")).to_have_text("已留存，但不计到站")
    knight.wait_until_received()
    assert (_last(station).mark, _last(station).leads) == ("too_far", False)
    page = knight.phone.go("/visits")
    expect(page.locator(".visit")).to_contain_text("离驿站太远")


def test_without_a_place_it_is_kept_and_marked(knight: CheckInPhone, station: Place) -> None:
    knight.phone.context.clear_permissions()
    page = knight.open()
    assert knight.read(station.poster()) == "found"
    expect(page.locator("#says")).to_contain_text("未允许定位")
    knight.tap()
    knight.wait_until_received()
    assert _last(station).mark == "no_place"


_ANEW = """() => {
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (yes, no, how) => ask(yes, no, { ...how, maximumAge: 0 });
}"""
"""As if the seconds were over for which the browser answers with the place that it has."""


def test_who_comes_closer_after_reading_is_looked_for_again(
    knight: CheckInPhone, station: Place
) -> None:
    knight.phone.context.set_geolocation(FAR)  # type: ignore[arg-type]
    page = knight.open()
    assert knight.read(station.poster()) == "found"
    expect(page.locator("#says")).to_contain_text("2.2 公里")
    page.evaluate(_ANEW)
    knight.phone.context.set_geolocation(PLACE)  # type: ignore[arg-type]
    knight.tap()
    expect(page.locator("#receipt-title")).to_have_text("打卡成功")
    knight.wait_until_received()
    assert (_last(station).mark, _last(station).distance_m) == (None, 0)


_LATER = "const now = Date.now; Date.now = () => now() + 11 * 60_000;"


@pytest.mark.parametrize("way", ["poster", "counter"])
def test_a_tap_long_after_reading_counts_as_of_the_tap(
    knight: CheckInPhone, station: Place, way: str
) -> None:
    """By then the rider may have left, and the code is on no screen."""
    knight.phone.offline()
    page = knight.open(station.poster() if way == "poster" else station.screen())
    expect(page.locator("#says.ok")).to_be_visible()
    knight.phone.context.set_geolocation(FAR)  # type: ignore[arg-type]
    read_at = page.evaluate("Date.now()")
    page.evaluate(_ANEW)
    page.evaluate(_LATER)
    knight.tap()
    why = "离驿站太远" if way == "poster" else "柜台屏上已不是这个码"
    expect(page.locator("#receipt-why")).to_contain_text(why)
    expect(page.locator("#rate-place .rate")).to_have_count(0)
    [item] = knight.items()
    assert item["captured_at"] >= read_at + 11 * 60_000
    assert item["fields"]["latitude"] == (FAR["latitude"] if way == "poster" else None)


def test_a_withdrawn_poster_is_marked(knight: CheckInPhone, station: Place) -> None:
    station.change(poster=2)
    page = knight.open()
    knight.phone.until(lambda: _knows_poster(knight, 2))
    assert knight.read(station.poster(1)) == "found"
    expect(page.locator("#says")).to_contain_text("已被取代")
    knight.tap()
    knight.wait_until_received()
    assert _last(station).mark == "old_poster"


def _knows_poster(knight: CheckInPhone, number: int) -> bool:
    return bool(
        knight.phone.run(
            """async () => {
              const base = document.querySelector("script[type=module]").src.split("/js/")[0];
              const kept = await (await import(`${base}/js/stations/directory.js`)).keptDirectory();
              return kept.stations[0].poster;
            }"""
        )
        == number
    )


def test_opened_by_the_phones_own_camera_with_no_network(
    knight: CheckInPhone, station: Place
) -> None:
    """The browser was closed, too."""
    knight.phone.close()
    knight.phone.open()
    knight.phone.offline()
    page = knight.open(station.poster())
    expect(page.locator("#found-name")).to_have_text("湖东驿站")
    until_true(page, "location.hash === ''")  # opened again it does not use the same code
    knight.tap("toilet")
    knight.phone.offline(False)
    knight.wait_until_received()
    assert _last(station).purpose == "toilet"


def test_a_phone_that_knows_nothing_yet_leaves_it_to_the_centre(
    phone: Phone, station: Place
) -> None:
    """It was installed, and has never opened this page."""
    knight = CheckInPhone(phone)
    phone.offline()
    page = knight.open(station.poster())
    expect(page.locator("#found-name")).to_contain_text("联网后")
    knight.tap()
    phone.offline(False)
    knight.wait_until_received()
    assert _last(station).mark is None


@pytest.mark.parametrize(
    ("error", "word"),
    [("NotAllowedError", "没有摄像头权限"), ("NotFoundError", "找不到摄像头")],
)
def test_a_refused_camera_leaves_the_picture(
    phone: Phone, station: Place, error: str, word: str
) -> None:
    knight = CheckInPhone(phone, f"window.cameraError = {error!r};")
    page = knight.open()
    expect(page.locator("#camera-title")).to_have_text(word)
    expect(page.locator("#frame")).to_be_hidden()
    _choose_picture(knight, b64decode(_GREY))
    expect(page.locator("#picture-error")).to_be_visible()
    _choose_picture(knight, _photo_of(station.poster()))
    expect(page.locator("#found-name")).to_have_text("湖东驿站")
    knight.tap()
    knight.wait_until_received()
    assert _last(station).mark is None


_GREY = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def _choose_picture(knight: CheckInPhone, content: bytes) -> None:
    files = {"name": "code.png", "mimeType": "image/png", "buffer": content}
    knight.page.set_input_files("#picture", files)  # type: ignore[arg-type]


def _photo_of(text: str) -> bytes:
    """A picture of a code, as large as phones take them."""
    code = QrCode.encode_text(text, QrCode.Ecc.LOW)
    side = code.get_size() + 8
    small = Image.new("L", (side, side), 255)
    for y in range(code.get_size()):
        for x in range(code.get_size()):
            if code.get_module(x, y):
                small.putpixel((x + 4, y + 4), 0)
    picture = Image.new("L", (3000, 4000), 150)
    picture.paste(small.resize((1600, 1600), Image.Resampling.NEAREST), (700, 1200))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_who_is_not_signed_in_signs_in_and_goes_on(
    make_phone: MakePhone, station: Place, rider_account: Person
) -> None:
    phone = make_phone()
    knight = CheckInPhone(phone)
    page = knight.open(station.poster())
    expect(page.locator("#purposes")).to_be_hidden()
    page.click("#sign-in")
    page.fill("#phone", rider_account.phone)
    page.click("form.card button")
    page.fill("#code", page.inner_text("#development-code"))
    page.click("form.card button")
    expect(page.locator("#found-name")).to_have_text("湖东驿站")
    knight.tap()
    knight.wait_until_received()
    assert _last(station).rider_id == rider_account.id


def test_a_tap_before_the_phone_has_noted_who_signed_in_counts(
    knight: CheckInPhone, station: Place
) -> None:
    knight.open()
    assert knight.read(station.poster()) == "found"
    knight.phone.run(_NOBODY)
    knight.tap()
    knight.wait_until_received()


def test_who_has_signed_out_in_another_tab_is_asked_to_sign_in(
    knight: CheckInPhone, station: Place
) -> None:
    knight.phone.offline()
    page = knight.open()
    assert knight.read(station.poster()) == "found"
    knight.phone.run(_NOBODY)
    page.click("#purposes [value=water]")
    expect(page.locator("#sign-in")).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.locator("#sign-in")).to_be_visible()
    expect(page.locator("#purposes")).to_be_hidden()
    assert knight.items() == []


def test_what_the_centre_does_not_take_is_said_on_the_receipt(
    knight: CheckInPhone, station: Place
) -> None:
    page = knight.open()
    assert knight.read(station.poster()) == "found"
    station.change(ended_at=clock.now() - timedelta(hours=1))
    knight.tap()
    expect(page.locator("#receipt")).to_have_attribute("data-state", "refused")
    expect(page.locator("#receipt-state")).to_contain_text("没有这个驿站")
    expect(page.locator("#rate-place .rate")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_are_readable(knight: CheckInPhone, station: Place, scheme: str) -> None:
    page = knight.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    _readable(knight, knight.phone.go("/visits"))
    knight.open()
    _readable(knight, page)
    assert knight.read("SK1:" + "9" * 120) == "badge"
    _readable(knight, page)
    knight.again()
    assert knight.read(station.poster()) == "found"
    expect(page.locator("#says.ok")).to_be_visible()
    _readable(knight, page)
    knight.tap()
    knight.wait_until_received()
    expect(page.locator("#rate-place .face")).to_have_count(3)
    _readable(knight, page)
    knight.phone.go("/visits")
    expect(page.locator(".visit .face")).to_have_count(3)
    _readable(knight, page)


_DRESSED = "[...document.querySelectorAll('link[rel=stylesheet]')].every((one) => one.sheet)"
"""The faces bring a sheet of their own."""


def _readable(knight: CheckInPhone, page: object) -> None:
    until_true(knight.page, _DRESSED)
    for width in (390, 320):
        knight.page.set_viewport_size({"width": width, "height": 844})
        assert findings(page) == []
        assert knight.page.evaluate(OVERFLOW) <= 0


_HELD = """() => {
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  const held = new Promise((ok) => { window.tellPlace = ok; });
  navigator.geolocation.getCurrentPosition = (yes, ...rest) => ask((fix) => held.then(() => yes(fix)), ...rest);
}"""
"""The phone does not know where it is until `tellPlace()`."""


def test_nothing_moves_while_the_place_is_looked_for(knight: CheckInPhone, station: Place) -> None:
    page = knight.open()
    page.evaluate(_HELD)
    assert knight.read(station.poster()) == "found"
    expect(page.locator("#says")).to_contain_text("定位")
    before = page.locator("#purposes").bounding_box()
    page.evaluate("tellPlace()")
    expect(page.locator("#says.ok")).to_be_visible()
    assert page.locator("#purposes").bounding_box() == before
    for button in page.locator("#purposes button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 48


def test_a_browser_that_reads_no_codes_keeps_the_reader_and_nothing_of_gates(
    phone: Phone, station: Place
) -> None:
    knight = CheckInPhone(phone, "delete globalThis.BarcodeDetector;")
    knight.prepare()
    assert phone.fact("packs") == ["decoder"]
    kept = phone.run("""async () => {
      const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
      return (await Promise.all(caches_.map((one) => one.keys()))).flat().map(({ url }) => url);
    }""")
    assert any(url.endswith("zxing_reader.wasm") for url in kept)
    assert not any("/js/gate/" in url for url in kept)
    phone.offline()
    knight.open()
    assert knight.read(station.poster()) == "found"
