"""The printed badge: issued, drawn, and read back from the drawing."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges import issuer_keys, services
from app.blueprints.badges.codec import decode
from app.blueprints.badges.issuing import Printed
from app.blueprints.badges.models import Badge, BadgeEvent, Holder
from app.blueprints.badges.printing import Sheet, badge_qr, printed_badge, sheet_of
from app.blueprints.badges.status_list import StatusList
from app.blueprints.badges.terms import Terms, terms_of
from app.blueprints.badges.verdict import judge
from app.errors import Conflict, Forbidden
from app.lib import clock
from app.lib.imaging import portrait
from tests.conftest import Clock
from tests.support.badges import Desk, RiderPhone
from tests.support.people import Person
from tests.support.pictures import picture
from tests.support.sk1 import Issuer, reader_of

TEXT = Issuer().printed()
PORTRAIT = portrait(picture(3, size=(300, 400)))
A6_MM = (105, 148)


@pytest.fixture
def terms(app: Flask) -> Terms:
    return terms_of(app.config)


@pytest.fixture
def speaking(app: Flask) -> Iterator[None]:
    """A context in which there are languages."""
    with app.test_request_context():
        yield


def _sheet(**other: object) -> Sheet:
    fields: dict[str, object] = {
        "text": TEXT, "name": "王小明", "company_zh": "飞速配送", "company_en": "Swift Delivery",
        "stars": 4, "expires_at": clock.now(), "portrait": PORTRAIT,
    }  # fmt: skip
    return Sheet(**(fields | other))  # type: ignore[arg-type]


def _drawn(pdf: bytes, dpi: int = 150) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return document[0].render(scale=dpi / 72).to_pil()


def _read(image: Image.Image) -> str:
    [found] = zxingcpp.read_barcodes(image)
    assert found.ec_level == "Q"
    return str(found.text)


def _issue(desk: Desk, rider: Person, terms: Terms) -> Printed:
    issued: Printed = desk.do(services.issue_printed, rider, terms=terms)
    return issued


def _badges(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(select(Badge.kind, Badge.standing).order_by(Badge.id))
    return [(kind, standing) for kind, standing in rows]


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_its_code_is_read_from_the_drawing(speaking: None, dpi: int) -> None:
    drawn = _drawn(printed_badge(_sheet()), dpi)
    assert drawn.size == pytest.approx([side / 25.4 * dpi for side in A6_MM], abs=2)
    assert _read(drawn) == TEXT


def test_a_bad_copy_of_it_is_read_too(speaking: None) -> None:
    """A third of the pixels, grey, and a coffee stain."""
    drawn = _drawn(printed_badge(_sheet()), 300)
    grey = drawn.convert("L").resize([side // 3 for side in drawn.size])
    grey.paste(128, (190, 250, 215, 275))
    assert _read(grey) == TEXT


def test_letters_and_digits_each_have_their_mode() -> None:
    assert badge_qr(TEXT).get_version() == 9


def test_the_same_sheet_is_the_same_file(speaking: None) -> None:
    sheet = _sheet()
    assert printed_badge(sheet) == printed_badge(sheet)


def test_what_stands_on_it(speaking: None) -> None:
    pdf = printed_badge(_sheet(expires_at=clock.from_ms(1_795_504_314_000)))
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    parts = (
        "王小明",
        "飞速配送",
        "Swift Delivery",
        "星骑士",
        "2026-11-24",
        "纸质码",
        "请比对头像与本人",
    )
    for part in (*parts, "Star Knight", "Compare the face"):
        assert part.lower() in text.lower()


def test_it_is_in_both_languages_whoever_prints_it(app: Flask) -> None:
    sheet = _sheet()
    pages = []
    for locale in ("en", "zh_Hans"):
        with app.test_request_context(headers={"Cookie": f"lang={locale}"}):
            pages.append(printed_badge(sheet))
    assert pages[0] == pages[1]


def test_a_font_of_the_operators_is_embedded(speaking: None) -> None:
    import reportlab

    font = Path(reportlab.__file__).parent / "fonts/Vera.ttf"
    pdf = printed_badge(_sheet(name="Wang", company_zh="Feisu"), font=str(font))
    assert b"/FontFile2" in pdf
    assert b"STSong" not in pdf
    assert _read(_drawn(pdf)) == TEXT


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=80), st.integers(0, 9))
def test_any_name_is_drawn(speaking: None, name: str, company: str, stars: int) -> None:
    pdf = printed_badge(_sheet(name=name, company_zh=company, company_en=company, stars=stars))
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["买买提·阿卜杜拉·热合曼诺夫·艾尔肯江·" * 3, "A" * 60, "骑" * 60])
def test_a_long_name_leaves_the_code_alone(speaking: None, name: str) -> None:
    drawn = _drawn(printed_badge(_sheet(name=name, company_zh=name, company_en=name)), 150)
    assert _read(drawn) == TEXT
    right_of_the_card = drawn.crop((581, 0, 620, 300))
    assert max(band[1] for band in right_of_the_card.getextrema()[:2]) < 255


def test_what_is_issued_is_amber_for_four_weeks(
    app: Flask, badge: RiderPhone, manager: Desk, rider_person: Person, terms: Terms
) -> None:
    issued = _issue(manager, rider_person, terms)
    code = decode(issued.text)
    assert code.proof is None
    assert code.credential.label == "company王**"
    assert any(code.credential.portrait)
    keys = issuer_keys.load(app.config["ISSUER_KEYS_FOLDER"]).published()
    for days, reason in ((0, "printed"), (27.9, "printed"), (28.1, "expired")):
        now_s = clock.now().timestamp() + days * 86_400
        listed = StatusList(int(now_s), int(now_s) + 99, 300, bytes(9))
        assert judge(issued.text, reader_of(keys=keys, now_s=now_s, list=listed)).reason == reason


def test_from_the_rows_to_the_paper(
    app: Flask, badge: RiderPhone, manager: Desk, rider_person: Person, terms: Terms
) -> None:
    with manager.acting() as (session, actor):
        holder = session.get_one(Holder, rider_person.id)
        issued = services.issue_printed(session, actor, holder, terms=terms, now=clock.now())
        sheet = sheet_of(holder, issued, PORTRAIT)
        pdf = printed_badge(sheet)
    assert _read(_drawn(pdf)) == issued.text
    assert (sheet.name, sheet.company_zh, sheet.stars) == ("王小明", "company单位", 1)


def test_it_stands_beside_the_phone_and_replaces_the_one_before(
    badge: RiderPhone, manager: Desk, rider_person: Person, terms: Terms, session: Session
) -> None:
    _issue(manager, rider_person, terms)
    _issue(manager, rider_person, terms)
    assert _badges(session) == [
        ("live", "active"), ("printed", "revoked"), ("printed", "active"),
    ]  # fmt: skip
    events = session.scalars(select(BadgeEvent).order_by(BadgeEvent.id.desc()).limit(3)).all()
    assert [one.what for one in events] == ["printed", "replaced", "printed"]
    assert {one.actor_id for one in events} == {manager.person.id}
    assert badge.renew()["badge"]["credential"]


def test_it_needs_a_portrait_and_good_standing(
    phone: RiderPhone, manager: Desk, rider_person: Person, terms: Terms, session: Session
) -> None:
    phone.renew()
    with pytest.raises(Conflict):
        _issue(manager, rider_person, terms)
    phone.send_portrait()
    with pytest.raises(Conflict):
        _issue(manager, rider_person, terms)
    manager.decide(rider_person)
    for act in (manager.suspend, manager.revoke):
        act(rider_person)
        with pytest.raises(Conflict):
            _issue(manager, rider_person, terms)
    assert _badges(session) == []


def test_only_managers_of_the_rider_print(
    badge: RiderPhone, manager: Desk, other_manager: Desk, administrator: Desk, app: Flask,
    rider_person: Person, terms: Terms,
) -> None:  # fmt: skip
    for stranger in (other_manager, Desk(app, rider_person)):
        with pytest.raises(Forbidden):
            _issue(stranger, rider_person, terms)
    assert _issue(administrator, rider_person, terms).text.startswith("SK1:")


def test_rotation_leaves_printed_badges_valid(
    app: Flask, held_clock: Clock, badge: RiderPhone, manager: Desk, rider_person: Person
) -> None:
    """Their key stays published for as long as they live."""
    folder = app.config["ISSUER_KEYS_FOLDER"]
    issued = _issue(manager, rider_person, terms_of(app.config))
    old = decode(issued.text).credential.kid
    now = held_clock.now()
    issuer_keys.make(folder, signs_from=now, now=now)
    held_clock.forward(days=27)
    assert old in issuer_keys.load(folder).published()
    with pytest.raises(issuer_keys.MayNotGo):
        issuer_keys.drop(
            folder, old, longest=timedelta(days=28), compromised=False, now=held_clock.now()
        )


def test_a_portrait_may_be_any_jpeg_that_we_made(speaking: None) -> None:
    for size in ((30, 40), (4000, 3000)):
        sheet = _sheet(portrait=portrait(picture(1, size=size)))
        assert len(printed_badge(sheet)) < 120_000
    assert io.BytesIO(printed_badge(_sheet())).read(5) == b"%PDF-"
