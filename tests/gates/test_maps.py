"""Building maps: what is taken, what is not, who sees it."""

import io
import random
import time
import zlib
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.gates.maps import map_name
from app.blueprints.gates.models import Compound
from app.blueprints.organisations.models import Role
from app.blueprints.photos.store import photo_storage
from app.lib import clock, pdf_pages
from app.lib.pdf_pages import BadPdf, page_picture
from tests.conftest import Clock
from tests.support.estate import Estate
from tests.support.people import People
from tests.support.pictures import moving, picture, png_header
from tests.support.threads import at_once

MIB = 1024 * 1024


def pdf(pages: int = 2, *, size: tuple[float, float] = (842, 595), password: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, encrypt=StandardEncryption(password) if password else None)
    for number in range(pages):
        canvas.setFillGray(number / 4)
        canvas.rect(0, 0, *size, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A small PDF with a picture of side x side pixels in it."""
    packed = zlib.compress(bytes(side * side * 3), 9)
    drawing = b"q 600 0 0 600 0 0 cm /I Do Q"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 5 0 R"
        b"/Resources<</XObject<</I 4 0 R>>>>>>",
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB"
        b"/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (side, side, len(packed), packed),
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawing), drawing),
    ]  # fmt: skip
    made = b"%PDF-1.4\n" + b"".join(
        b"%d 0 obj%bendobj\n" % (number, one) for number, one in enumerate(objects, 1)
    )
    return made + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


@pytest.fixture
def manager(estate: Estate) -> FlaskClient:
    return estate.browser(estate.manager)


def upload(client: FlaskClient, estate: Estate, content: bytes, **fields: str) -> TestResponse:
    data = {"picture": (io.BytesIO(content), "plan"), **fields}
    return client.post(f"/compounds/{estate.compound_id}/map/picture", data=data)


def save(client: FlaskClient, estate: Estate, *rows: tuple[str, object, object]) -> TestResponse:
    names, xs, ys = zip(*rows, strict=True) if rows else ((), (), ())
    data = {"name": list(names), "x": list(map(str, xs)), "y": list(map(str, ys))}
    return client.post(f"/compounds/{estate.compound_id}/map/buildings", data=data)


def shown(client: FlaskClient, estate: Estate) -> bytes:
    """The picture as a phone gets it."""
    found = client.get(f"/maps/{estate.compound_id}").get_json()
    answer = client.get(f"/maps/{estate.compound_id}/picture/{found['picture']}.jpg")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("private")
    size = Image.open(io.BytesIO(answer.data)).size
    assert size == (found["width"], found["height"])
    return answer.data


def test_a_picture_is_encoded_anew(estate: Estate, manager: FlaskClient) -> None:
    content = picture(1, size=(2400, 1200), exif=Image.Exif(), comment=b"secret")
    assert upload(manager, estate, content).status_code == 302
    kept = shown(manager, estate)
    assert b"secret" not in kept
    assert Image.open(io.BytesIO(kept)).size == (1600, 800)


def test_a_page_of_a_pdf(estate: Estate, manager: FlaskClient) -> None:
    for page, grey in (("1", 0), ("2", 64)):
        assert upload(manager, estate, pdf(), page=page).status_code == 302
        kept = Image.open(io.BytesIO(shown(manager, estate)))
        assert max(kept.size) == 1600
        assert abs(kept.getpixel((800, 500))[0] - grey) < 6  # type: ignore[index]


@pytest.mark.parametrize("page", ["0", "3", "999999", "-1", "x"])
def test_a_page_that_is_not_there(estate: Estate, manager: FlaskClient, page: str) -> None:
    answer = upload(manager, estate, pdf(), page=page)
    told = answer.status_code == 422 and "1 至 2" in answer.text
    assert told or (page in ("-1", "x", "999999") and answer.status_code == 302)  # the first page


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"%PDF-1.7", pdf()[:400], pdf(password="x"), b"%PDF-" + bytes(5000),
     moving("PNG"), png_header(20_000, 20_000), picture(1)[:200]],
    ids=["empty", "text", "only a mark", "cut", "locked", "zeros", "moving", "pixels", "broken"],
)  # fmt: skip
def test_what_is_no_map(
    estate: Estate, manager: FlaskClient, session: Session, content: bytes
) -> None:
    answer = upload(manager, estate, content)
    assert answer.status_code == 422
    assert 'id="picture-error"' in answer.text
    assert session.get_one(Compound, estate.compound_id).map_sha256 is None


def test_forty_megabytes_are_too_large(estate: Estate, manager: FlaskClient) -> None:
    assert upload(manager, estate, bytes(40 * MIB)).status_code == 413
    assert upload(manager, estate, b"%PDF-" + bytes(15 * MIB)).status_code == 413


def test_a_bomb_ends_within_its_bounds() -> None:
    """A picture of 400 megapixels in 400 KB: drawn small or not at all, and never for long."""
    content, start = bomb(20_000), time.monotonic()
    assert len(content) < 2 * MIB
    with suppress(BadPdf):
        made = page_picture(content, 1)
        assert max(Image.open(io.BytesIO(made)).size) <= 1600
    assert time.monotonic() - start < pdf_pages.WAIT_S + 3


def test_a_reader_that_wants_too_much_memory_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "MEMORY_BYTES", 8 * MIB)
    with pytest.raises(BadPdf):
        page_picture(bomb(6_000), 1)


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "WAIT_S", 0.01)
    with pytest.raises(BadPdf):
        page_picture(pdf(), 1)


def test_no_mutated_pdf_does_harm() -> None:
    chance, whole = random.Random(5), pdf()
    for _number in range(8):
        content = bytearray(whole)
        for _byte in range(20):
            content[chance.randrange(5, len(content))] = chance.randrange(256)
        try:
            made = page_picture(bytes(content), 1)
        except BadPdf:
            continue
        assert max(Image.open(io.BytesIO(made)).size) <= 1600


def test_a_picture_that_nobody_uses_is_deleted(
    estate: Estate, manager: FlaskClient, app: Flask
) -> None:
    upload(manager, estate, picture(1))
    before = manager.get(f"/maps/{estate.compound_id}").get_json()["picture"]
    upload(manager, estate, picture(2))
    with app.app_context(), pytest.raises(FileNotFoundError):
        photo_storage().get(map_name(before))
    old = f"/maps/{estate.compound_id}/picture/{before}.jpg"
    assert manager.get(old).status_code == 404


def test_a_picture_that_two_compounds_use_stays(estate: Estate, manager: FlaskClient) -> None:
    upload(manager, estate, picture(1))
    data = {"picture": (io.BytesIO(picture(1)), "plan")}
    manager.post(f"/compounds/{estate.second_id}/map/picture", data=data)
    upload(manager, estate, picture(2))
    kept = manager.get(f"/maps/{estate.second_id}").get_json()["picture"]
    path = f"/maps/{estate.second_id}/picture/{kept}.jpg"
    assert manager.get(path).status_code == 200


def test_buildings_are_named_and_removed(estate: Estate, manager: FlaskClient) -> None:
    rows = (("1幢", 50, 25), ("2幢", 0, 100), ("", 1, 1))
    assert save(manager, estate, *rows).status_code == 302
    found = manager.get(f"/maps/{estate.compound_id}").get_json()["buildings"]
    assert found == [{"name": "1幢", "x": 0.5, "y": 0.25}, {"name": "2幢", "x": 0.0, "y": 1.0}]
    assert save(manager, estate).status_code == 302
    assert manager.get(f"/maps/{estate.compound_id}").get_json()["buildings"] == []


@pytest.mark.parametrize(
    ("row", "field"),
    [(("长" * 21, 1, 1), "name"), (("1幢", 101, 1), "x"), (("1幢", -1, 1), "x"),
     (("1幢", "nan", 1), "x"), (("1幢", 1, "x"), "y"), (("1幢", 1, ""), "y"),
     (("2幢", 1, 1), "name")],
)  # fmt: skip
def test_buildings_out_of_bounds_stand_at_their_field(
    estate: Estate, manager: FlaskClient, row: tuple[str, object, object], field: str
) -> None:
    save(manager, estate, ("9幢", 9, 9))
    upload(manager, estate, picture(1))
    answer = save(manager, estate, ("2幢", 1, 1), row)
    assert answer.status_code == 422
    assert f'id="{field}-2-error"' in answer.text
    kept = manager.get(f"/maps/{estate.compound_id}").get_json()["buildings"]
    assert [one["name"] for one in kept] == ["9幢"]


def test_two_hundred_buildings_and_no_more(estate: Estate, manager: FlaskClient) -> None:
    rows = [(f"{number}幢", 1, 1) for number in range(201)]
    assert save(manager, estate, *rows[:200]).status_code == 302
    assert save(manager, estate, *rows).status_code == 422


def test_two_who_save_at_once_do_not_mix(estate: Estate, session: Session) -> None:
    browsers = [estate.browser(estate.manager) for _number in range(6)]
    each = [[(f"{number}-{one}", 1, 1) for one in range(5)] for number in range(6)]
    answers = at_once(lambda n: save(browsers[n], estate, *each[n]).status_code, 6)
    assert answers == [302] * 6
    names = {one.name for one in session.get_one(Compound, estate.compound_id).buildings}
    assert names in [{name for name, _x, _y in rows} for rows in each]


def test_a_rider_sees_it_for_a_month_after_a_pass(
    estate: Estate, people: People, held_clock: Clock
) -> None:
    upload(estate.browser(estate.manager), estate, picture(1))
    estate.passes(clock.now())
    path, other = f"/maps/{estate.compound_id}", people.make(Role.RIDER)
    assert estate.browser(estate.rider).get(path).status_code == 200
    assert shown(estate.browser(estate.rider), estate)
    assert estate.browser(other).get(path).status_code == 404
    assert estate.browser(estate.keeper).get(path).status_code == 404
    held_clock.forward(days=30, minutes=1)
    assert estate.browser(estate.rider).get(path).status_code == 404


@pytest.mark.parametrize("other", [{"outcome": "refused"}, {"undone_at": clock.now()}])
def test_who_did_not_come_in_sees_no_map(estate: Estate, other: dict[str, object]) -> None:
    estate.passes(clock.now() - timedelta(minutes=1), **other)
    path = f"/maps/{estate.compound_id}"
    assert estate.browser(estate.rider).get(path).status_code == 404
