"""The desk of stations: what is shown to whom, and forms that keep what was typed."""

import io
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.blueprints.photos.store import photo_storage
from app.blueprints.stations import poster_codes, services
from app.blueprints.stations.pictures import MOST_PICTURES, picture_name
from app.blueprints.stations.queries import station
from app.lib import clock
from tests.support.people import People
from tests.support.pictures import moving, picture
from tests.support.statements import counted
from tests.support.station_desk import StationDesk, details
from tests.support.stations import issuer_keys


@pytest.fixture
def desk(app: Flask, people: People) -> StationDesk:
    return StationDesk(app, people)


@pytest.fixture
def host(desk: StationDesk) -> FlaskClient:
    client = desk.browser(desk.host)
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def admin(desk: StationDesk) -> FlaskClient:
    client = desk.browser(desk.administrator)
    client.set_cookie("lang", "en")
    return client


def words(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def test_a_list_of_ones_own_with_its_filters(desk: StationDesk, admin: FlaskClient) -> None:
    street = desk.browser(desk.street_host)
    street.set_cookie("lang", "en")
    with desk.acting(desk.host) as (session, actor):
        services.set_state(
            session, actor, desk.station_id, state="full", reason="", until=None, now=clock.now()
        )
        services.set_facility(
            session, actor, desk.station_id, facility="water", works=False, now=clock.now()
        )

    def shown(client: FlaskClient, query: str = "") -> list[str]:
        text = words(client.get(f"/stations/desk?{query}"))
        return [number for number in ("SZ001", "SZ002") if number in text]

    assert (shown(street), shown(admin)) == (["SZ001"], ["SZ001", "SZ002"])
    assert shown(admin, "q=sz002") == shown(admin, "state=open") == ["SZ002"]
    assert shown(admin, "state=full") == shown(admin, "state=broken") == ["SZ001"]
    assert shown(admin, f"area={desk.street_id}") == ["SZ001"]
    assert (
        shown(admin, "q=%25") == shown(admin, "state=closed") == shown(admin, "state=ended") == []
    )
    assert shown(admin, "state=nonsense&area=x&after=") == ["SZ001", "SZ002"]


def test_pages_of_the_list(desk: StationDesk, admin: FlaskClient) -> None:
    with desk.rows() as rows:
        for number in range(60):
            rows.station(number=f"A{number:03}")
    first = words(admin.get("/stations/desk"))
    assert "A049" in first
    assert "A050" not in first
    assert 'href="/stations/desk?after=A049"' in first
    second = words(admin.get("/stations/desk?after=A049"))
    assert "A050" in second
    assert "SZ002" in second


def test_a_station_is_entered(desk: StationDesk, admin: FlaskClient) -> None:
    answer = admin.post("/stations/desk/new", data=details())
    assert answer.status_code == 303
    facts = desk.facts("SZ009")
    assert answer.location == desk.path("/hours", facts["organisation_id"])
    assert facts["facilities"] == {"water": None, "rest": 12}
    assert (facts["level"], facts["hours"], facts["radius_m"]) == (1, "24/7", 80)
    assert desk.steps("SZ009") == ["create"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("number", "SZ 9!"), ("number", "SZ001"), ("name_zh", ""), ("name_zh", "长" * 61),
        ("level", "7"), ("kind", "bar"), ("area", "#99999"), ("operator", "nobody"),
        ("address_zh", ""), ("latitude", "120.7"), ("latitude", "nan"), ("longitude", "1e9"),
        ("radius_m", "5"), ("contact", "call me"), ("count_rest", "1000"), ("count_rest", "-1"),
    ],
)  # fmt: skip
def test_bad_input_is_said_at_its_field_and_kept(
    desk: StationDesk, admin: FlaskClient, field: str, typed: str
) -> None:
    answer = admin.post("/stations/desk/new", data=details(**{field: typed}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in words(answer)
    if typed and field not in ("level", "kind", "area", "operator", "name_zh"):
        assert f'value="{typed}"' in words(answer)
    assert 'value="现代大道1号"' in words(answer) or field == "address_zh"
    assert desk.stations() == ["SZ001", "SZ002"]


def test_a_host_changes_what_is_a_hosts(desk: StationDesk, host: FlaskClient) -> None:
    page = words(host.get(desk.path("/change")))
    assert 'name="name_zh"' in page
    assert 'name="number"' not in page
    answer = host.post(desk.path("/change"), data=details(version="1"))
    assert answer.status_code == 303
    facts = desk.facts()
    assert (facts["number"], facts["level"], facts["parent_id"]) == ("SZ001", 2, desk.street_id)
    assert (facts["name_zh"], facts["contact"]) == ("新驿站", "0512-66601234")
    history = words(host.get(desk.path("/history")))
    for said in ("东沙湖驿站", "新驿站", "Places to rest 12", "陈站长"):
        assert said in history


def test_who_was_overtaken_sees_by_whom_and_may_save_again(
    desk: StationDesk, host: FlaskClient
) -> None:
    other = desk.browser(desk.street_host)
    assert other.post(
        desk.path("/change"), data=details(contact="110", version="1")
    ).status_code == 303  # fmt: skip
    answer = host.post(desk.path("/change"), data=details(contact="120", version="1"))
    assert answer.status_code == 409
    for said in ("Somebody changed this station meanwhile", "周站长", "110", 'value="120"'):
        assert said in words(answer)
    assert 'name="version" value="2"' in words(answer)
    assert desk.facts()["contact"] == "110"
    assert host.post(
        desk.path("/change"), data=details(contact="120", version="2")
    ).status_code == 303  # fmt: skip
    assert desk.facts()["contact"] == "120"


def test_opening_hours_by_the_form(desk: StationDesk, host: FlaskClient) -> None:
    sent = {"how": "week", "version": "1"} | {
        f"d{day}_1{end}": time for day in range(5) for end, time in (("a", "08:00"), ("b", "20:00"))
    }
    assert host.post(desk.path("/hours"), data=sent | {"d5_1a": "x"}).status_code == 422
    assert host.post(desk.path("/hours"), data=sent).status_code == 303
    assert desk.facts()["hours"] == "Mo-Fr 08:00-20:00"
    answer = host.post(desk.path("/hours"), data=sent | {"how": "always"})
    assert answer.status_code == 409
    assert "Mo-Fr 08:00-20:00" in words(answer)
    assert host.post(
        desk.path("/hours"), data={"how": "always", "version": "2"}
    ).status_code == 303  # fmt: skip
    assert desk.facts()["hours"] == "24/7"
    assert "00:00–24:00" in words(host.get(desk.path()))


def test_a_station_is_given_up_by_its_number(desk: StationDesk, admin: FlaskClient) -> None:
    answer = admin.post(desk.path("/end"), data={"number": "SZ002"})
    assert (answer.status_code, 'id="number-error"' in words(answer)) == (422, True)
    assert admin.post(desk.path("/end"), data={"number": " sz001"}).status_code == 303
    for page in ("/change", "/hours", "/poster.pdf"):
        assert admin.get(desk.path(page)).status_code == 409
    assert "was given up on" in words(admin.get(desk.path()))
    assert admin.post(desk.path("/resume")).status_code == 303
    assert admin.get(desk.path("/change")).status_code == 200


def upload(client: FlaskClient, desk: StationDesk, content: bytes) -> TestResponse:
    body = {"picture": (io.BytesIO(content), "x.jpg")}
    return client.post(desk.path("/pictures"), data=body)


def test_pictures_are_encoded_anew_ordered_and_taken_away(
    desk: StationDesk, host: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    for seed in (1, 2):
        assert upload(host, desk, picture(seed, size=(2000, 1500))).status_code == 303
    first, second = desk.facts()["pictures"]
    shown = client.get(f"/stations/pictures/{first}.jpg")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(shown.data)).size == (1600, 1200)
    assert b"seed" not in shown.data
    with desk.acting(desk.host) as (session, _actor):
        ids = [one.id for one in station(session, desk.station_id).pictures]
    assert host.post(desk.path(f"/pictures/{ids[1]}/earlier")).status_code == 303
    assert desk.facts()["pictures"] == [second, first]
    assert host.post(desk.path(f"/pictures/{ids[1]}/delete")).status_code == 303
    assert desk.facts()["pictures"] == [first]
    assert client.get(f"/stations/pictures/{second}.jpg").status_code == 404
    with app.app_context(), pytest.raises(FileNotFoundError):
        photo_storage().get(picture_name(second))
    assert host.post(desk.path(f"/pictures/{ids[1]}/delete")).status_code == 404


def test_a_picture_of_two_stations_stays_for_the_other(
    desk: StationDesk, host: FlaskClient, client: FlaskClient
) -> None:
    other = desk.browser(desk.other_host)
    upload(host, desk, picture(1))
    other.post(
        desk.path("/pictures", desk.other_id), data={"picture": (io.BytesIO(picture(1)), "x")}
    )
    (sha256,) = desk.facts("SZ002")["pictures"]
    with desk.acting(desk.host) as (session, _actor):
        (shown,) = station(session, desk.station_id).pictures
        picture_id = shown.id
    assert other.post(desk.path(f"/pictures/{picture_id}/delete")).status_code == 404
    assert host.post(desk.path(f"/pictures/{picture_id}/delete")).status_code == 303
    assert client.get(f"/stations/pictures/{sha256}.jpg").status_code == 200


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"GIF89a", 422), (moving("PNG"), 422), (b"x" * (17 * 1024 * 1024), 413)],
    ids=["empty", "other", "moving", "large"],
)
def test_pictures_that_are_none(
    desk: StationDesk, host: FlaskClient, content: bytes, status: int
) -> None:
    answer = upload(host, desk, content)
    assert (answer.status_code, 'id="picture-error"' in words(answer)) == (status, True)
    assert desk.facts()["pictures"] == []


def test_of_a_picture_that_was_refused_no_file_is_left(
    app: Flask, desk: StationDesk, host: FlaskClient
) -> None:
    for seed in range(MOST_PICTURES):
        assert upload(host, desk, picture(seed)).status_code == 303
    folder = Path(app.config["PHOTO_FOLDER"]) / "stations"
    kept = sorted(folder.rglob("*.jpg"))
    assert len(kept) == MOST_PICTURES
    assert upload(host, desk, picture(99)).status_code == 422  # one too many
    assert upload(host, desk, picture(0)).status_code == 422  # there already
    with desk.acting(desk.host) as (session, _actor):
        station(session, desk.station_id).ended_at = clock.now()
    assert upload(host, desk, picture(98)).status_code == 409
    assert sorted(one for one in folder.rglob("*") if one.is_file()) == kept


def test_no_picture_twice_and_not_too_many(desk: StationDesk, host: FlaskClient) -> None:
    assert upload(host, desk, picture(0)).status_code == 303
    assert upload(host, desk, picture(0)).status_code == 422
    for seed in range(1, MOST_PICTURES):
        assert upload(host, desk, picture(seed)).status_code == 303
    assert upload(host, desk, picture(99)).status_code == 422
    assert len(desk.facts()["pictures"]) == MOST_PICTURES


def test_posters_for_one_and_for_many(
    desk: StationDesk, host: FlaskClient, admin: FlaskClient, app: Flask
) -> None:
    def read(content: bytes) -> list[tuple[int, int]]:
        found = []
        for page in pypdfium2.PdfDocument(content):
            (code,) = zxingcpp.read_barcodes(page.render(scale=100 / 72).to_pil())
            address, _hash, text = code.text.partition("#p=")
            assert address == "http://localhost/check-in"
            read = poster_codes.read(text)
            assert poster_codes.is_signed(read, issuer_keys(app).published())
            found.append((read.station_id, read.poster))
        return found

    one = host.get(desk.path("/poster.pdf"))
    assert one.mimetype == "application/pdf"
    assert read(one.data) == [(desk.station_id, 1)]
    host.post(desk.path("/poster/withdraw"), data={"poster": "1"})
    both = admin.post("/stations/desk/posters", data={"station": [desk.station_id, desk.other_id]})
    assert read(both.data) == [(desk.station_id, 2), (desk.other_id, 1)]
    every = admin.post("/stations/desk/posters", data={"all": "1", "q": "月亮"})
    assert read(every.data) == [(desk.other_id, 1)]
    mine = host.post("/stations/desk/posters", data={"station": [desk.station_id, desk.other_id]})
    assert read(mine.data) == [(desk.station_id, 2)]
    text = pypdfium2.PdfDocument(one.data)[0].get_textpage().get_text_bounded()
    assert "SZ001 · 1" in text
    assert "Check in here" in text


def test_a_page_asks_no_more_for_more_stations(desk: StationDesk, admin: FlaskClient) -> None:
    ran = counted(desk.app)

    def asked() -> int:
        ran.clear()
        assert admin.get("/stations/desk").status_code == 200
        return len(ran)

    before = asked()
    with desk.rows() as rows:
        for _number in range(20):
            rows.station(rows.street())
    assert asked() == before
