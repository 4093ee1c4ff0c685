"""Portraits: taken in, decided on, shown to whom they belong."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges import portraits, queries
from app.blueprints.badges.models import BadgeEvent, Holder, Portrait
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import JSON, Desk, RiderPhone
from tests.support.people import People, Person
from tests.support.pictures import moving, picture, png_header, sha256


def _portrait(session: Session) -> Portrait:
    session.rollback()
    return session.scalars(select(Portrait).order_by(Portrait.id.desc()).limit(1)).one()


def _files(app: Flask) -> list[Path]:
    return list((app.config["PHOTO_FOLDER"] / "portraits").rglob("*.jpg"))


def test_it_is_re_encoded_and_known_by_what_is_shown(
    app: Flask, phone: RiderPhone, session: Session
) -> None:
    answer = phone.send_portrait(picture(3, size=(800, 600)))
    assert (answer.status_code, answer.get_json()) == (201, {"state": "pending"})
    [file] = _files(app)
    found = _portrait(session)
    assert found.state == "pending"
    assert found.sha256 == sha256(file.read_bytes()) == file.stem
    assert Image.open(file).size == (360, 480)


def test_the_plain_form_leads_back_to_the_badge(phone: RiderPhone) -> None:
    file = (io.BytesIO(picture(4)), "x.jpg")
    answer = phone.client.post("/badge/portrait", data={"portrait": file})
    assert (answer.status_code, answer.location) == (302, "/badge")


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", picture(1)[:300], png_header(9000, 9000), moving("PNG"), b"%PDF-1.7"],
    ids=["empty", "words", "cut", "huge", "moving", "pdf"],
)
def test_what_is_no_picture_is_refused(
    app: Flask, phone: RiderPhone, session: Session, content: bytes
) -> None:
    answer = phone.send_portrait(content)
    assert answer.status_code == 422
    assert list(answer.get_json()["error"]["errors"]) == ["portrait"]
    assert session.scalars(select(Portrait)).all() == []
    assert _files(app) == []


def test_no_file_at_all(phone: RiderPhone) -> None:
    assert phone.client.post("/badge/portrait", headers=JSON).status_code == 422
    page = phone.client.post("/badge/portrait", data={"portrait": "text"})
    assert page.status_code == 422


def test_more_than_15_megabytes(phone: RiderPhone) -> None:
    assert phone.send_portrait(bytes(15 * 1024 * 1024 + 1)).status_code == 413
    assert phone.send_portrait(bytes(17 * 1024 * 1024)).status_code == 413


def test_ten_a_day(held_clock: Clock, phone: RiderPhone) -> None:
    for seed in range(10):
        assert phone.send_portrait(picture(seed)).status_code == 201
    assert phone.send_portrait(picture(11)).status_code == 429
    held_clock.forward(days=1, minutes=1)
    assert phone.send_portrait(picture(11)).status_code == 201


def test_a_new_one_takes_the_place_of_one_that_waits(
    app: Flask, phone: RiderPhone, session: Session
) -> None:
    for seed in (1, 2, 2):
        phone.send_portrait(picture(seed))
    assert len(session.scalars(select(Portrait)).all()) == 1
    assert [file.stem for file in _files(app)] == [_portrait(session).sha256]


def test_a_file_that_another_row_needs_stays(
    app: Flask, phone: RiderPhone, administrator: Desk, rider_person: Person
) -> None:
    phone.send_portrait(picture(1))
    administrator.decide(rider_person)
    phone.send_portrait(picture(1))
    phone.send_portrait(picture(2))
    assert len(_files(app)) == 2


def test_an_approved_one_is_on_the_badge(
    badge: RiderPhone, session: Session, administrator: Desk, rider_person: Person
) -> None:
    found, holder = _portrait(session), session.get_one(Holder, rider_person.id)
    assert (found.state, holder.portrait_id) == ("approved", found.id)
    assert (found.decided_by_id, found.decided_at is not None) == (administrator.person.id, True)


def test_the_approved_one_stays_while_another_waits_or_is_rejected(
    badge: RiderPhone, manager: Desk, rider_person: Person
) -> None:
    first = badge.renew()["rider"]["portrait"]["sha256"]
    badge.send_portrait(picture(77))
    card = badge.renew()
    assert card["rider"]["portrait"] == {"state": "pending", "reason": None, "sha256": first}
    assert card["badge"]["credential"]
    manager.decide(rider_person, approve=False, reason="看不清脸")
    portrait = badge.renew()["rider"]["portrait"]
    assert portrait == {"state": "rejected", "reason": "看不清脸", "sha256": first}
    badge.send_portrait(picture(78))
    manager.decide(rider_person)
    assert badge.renew()["rider"]["portrait"]["sha256"] != first


@pytest.mark.parametrize("reason", ["", " ", "x" * 501])
def test_rejecting_needs_a_reason(
    phone: RiderPhone, manager: Desk, rider_person: Person, session: Session, reason: str
) -> None:
    phone.send_portrait()
    with pytest.raises(Invalid):
        manager.decide(rider_person, approve=False, reason=reason)
    assert _portrait(session).state == "pending"


@pytest.mark.parametrize("approve", [True, False])
def test_a_second_decision_is_a_conflict(
    phone: RiderPhone, manager: Desk, rider_person: Person, session: Session, approve: bool
) -> None:
    phone.send_portrait()
    manager.decide(rider_person, approve=approve, reason="x")
    for again in (True, False):
        with pytest.raises(Conflict):
            manager.decide(rider_person, approve=again, reason="x")
    assert _portrait(session).state == ("approved" if approve else "rejected")


def test_a_decision_on_one_that_was_replaced_is_a_conflict(
    phone: RiderPhone, manager: Desk, rider_person: Person, session: Session
) -> None:
    """The manager looked at one picture; the rider sent another meanwhile."""
    phone.send_portrait(picture(1))
    seen = _portrait(session).id
    phone.send_portrait(picture(2))
    with pytest.raises(Conflict):
        manager.decide(rider_person, seen=seen)
    assert _portrait(session).state == "pending"


def test_a_portrait_of_another_rider_does_not_fit(
    people: People, browser_of: Callable[[Person], FlaskClient], phone: RiderPhone,
    administrator: Desk, rider_person: Person, session: Session,
) -> None:  # fmt: skip
    phone.send_portrait()
    other = people.make("rider")
    RiderPhone(browser_of(other)).send_portrait(picture(9))
    theirs = _portrait(session).id
    with pytest.raises(Conflict):
        administrator.decide(rider_person, seen=theirs)
    assert _portrait(session).state == "pending"


def test_other_companies_neither_see_nor_decide(
    phone: RiderPhone, other_manager: Desk, rider_person: Person, session: Session
) -> None:
    phone.send_portrait()
    with other_manager.acting() as (inside, actor):
        found = queries.newest_portrait(inside, rider_person.id)
        assert found
        with pytest.raises(NotFound):
            queries.portrait(inside, actor, found.id)
        holder = inside.get_one(Holder, rider_person.id)
        with pytest.raises(Forbidden):
            portraits.decide_portrait(inside, actor, holder, found, approve=True, now=clock.now())
    assert _portrait(session).state == "pending"


def test_what_was_done_is_written_down(
    badge: RiderPhone, manager: Desk, rider_person: Person, session: Session
) -> None:
    badge.send_portrait(picture(50))
    manager.decide(rider_person, approve=False, reason="太暗")
    events = session.scalars(select(BadgeEvent).order_by(BadgeEvent.id)).all()
    assert [(one.what, one.actor_id, one.reason) for one in events][-2:] == [
        ("portrait_sent", rider_person.id, None), ("portrait_rejected", manager.person.id, "太暗"),
    ]  # fmt: skip
    assert events[1].what == "portrait_approved"


def test_only_the_rider_gets_the_picture_here(
    people: People, browser_of: Callable[[Person], FlaskClient], badge: RiderPhone,
    client: FlaskClient, manager: Desk,
) -> None:  # fmt: skip
    url = f"/badge/portrait/{badge.renew()['rider']['portrait']['sha256']}.jpg"
    answer = badge.client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"].startswith("private")
    again = badge.client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert browser_of(people.make("rider")).get(url).status_code == 404
    assert browser_of(manager.person).get(url).status_code == 403
    assert client.get(url, headers=JSON).status_code == 401


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2f..%2fqueue", "%00"])
def test_a_picture_that_there_is_not(badge: RiderPhone, name: str) -> None:
    assert badge.client.get(f"/badge/portrait/{name}.jpg").status_code == 404


def test_a_picture_whose_file_is_gone(app: Flask, badge: RiderPhone) -> None:
    url = f"/badge/portrait/{badge.renew()['rider']['portrait']['sha256']}.jpg"
    for file in _files(app):
        file.unlink()
    assert badge.client.get(url).status_code == 404
