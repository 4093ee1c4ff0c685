"""The centre takes in what a phone exported: same items, same keys, their owner's."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.photos.models import Photo
from app.blueprints.reports.models import Report
from tests.support.exports import archive, export
from tests.support.outbox import item, put, send_one
from tests.support.people import People, Person
from tests.support.pictures import picture, sha256

MIB = 1024 * 1024


def _import(client: FlaskClient, content: bytes) -> TestResponse:
    return client.post("/intake/import", data={"file": (io.BytesIO(content), "outbox.zip")})


def _reports(session: Session) -> list[Report]:
    session.rollback()
    return list(session.scalars(select(Report)))


@pytest.fixture
def photos() -> list[bytes]:
    return [picture(seed) for seed in (501, 502)]


def test_reports_arrive_as_their_owners(
    dispatcher: FlaskClient, rider_person: Person, photos: list[bytes], session: Session
) -> None:
    items = [item(*map(sha256, photos)), item(sha256(photos[0]))]
    answer = _import(dispatcher, export(rider_person.id, items, photos))
    assert answer.status_code == 200
    reports = _reports(session)
    assert [report.reporter_id for report in reports] == [rider_person.id] * 2
    assert all(report.number in answer.text for report in reports)


def test_the_phone_sends_later_what_was_imported(
    dispatcher: FlaskClient, rider: FlaskClient, rider_person: Person, photos: list[bytes],
    session: Session,
) -> None:  # fmt: skip
    one = item(*map(sha256, photos))
    _import(dispatcher, export(rider_person.id, [one], photos))
    assert send_one(rider, one)["verdict"] == "duplicate"
    assert len(_reports(session)) == 1


def test_the_phone_sent_before_what_is_imported(
    dispatcher: FlaskClient, rider: FlaskClient, rider_person: Person, photos: list[bytes],
    session: Session,
) -> None:  # fmt: skip
    one = item(sha256(photos[0]))
    put(rider, photos[0])
    first = send_one(rider, one)
    answer = _import(dispatcher, export(rider_person.id, [one], photos))
    assert first["reference"] in answer.text
    assert len(_reports(session)) == 1


def test_importing_twice_counts_once(
    dispatcher: FlaskClient, rider_person: Person, photos: list[bytes], session: Session
) -> None:
    content = export(rider_person.id, [item(*map(sha256, photos))], photos)
    assert [_import(dispatcher, content).status_code for _time in range(2)] == [200, 200]
    assert len(_reports(session)) == 1


def test_more_than_a_batch_is_taken(
    dispatcher: FlaskClient, rider_person: Person, photos: list[bytes], session: Session
) -> None:
    items = [item(sha256(photos[0])) for _number in range(130)]
    _import(dispatcher, export(rider_person.id, items, photos))
    assert len(_reports(session)) == 130


def test_items_that_are_wrong_hold_back_no_other(
    dispatcher: FlaskClient, rider_person: Person, photos: list[bytes], session: Session
) -> None:
    items: list[Any] = [None, item("0" * 64), item(sha256(photos[0])), {"key": 5}]
    assert _import(dispatcher, export(rider_person.id, items, photos)).status_code == 200
    assert len(_reports(session)) == 1


def test_a_photo_that_lies_is_left_out(
    dispatcher: FlaskClient, rider_person: Person, photos: list[bytes], session: Session
) -> None:
    one = item(sha256(photos[0]))
    content = export(rider_person.id, [one], [])
    liar = archive(
        {"manifest.json": _manifest(content), f"photos/{one['photos'][0]}.jpg": photos[1]}
    )
    assert _import(dispatcher, liar).status_code == 200
    assert _reports(session) == []
    assert session.scalars(select(Photo)).all() == []


def _manifest(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read("manifest.json")


@pytest.mark.parametrize("owner", [0, -1, 999_999, 2**40, "1", None, 1.5, [1]], ids=str)
def test_an_owner_that_there_is_not(
    dispatcher: FlaskClient, photos: list[bytes], session: Session, owner: Any
) -> None:
    answer = _import(dispatcher, export(owner, [item(sha256(photos[0]))], photos))
    assert answer.status_code == 422
    assert _reports(session) == []


def test_an_owner_who_is_no_rider(
    dispatcher: FlaskClient, dispatcher_person: Person, photos: list[bytes], session: Session
) -> None:
    content = export(dispatcher_person.id, [item(sha256(photos[0]))], photos)
    assert _import(dispatcher, content).status_code == 422
    assert _reports(session) == []


def _cut(content: bytes) -> bytes:
    """The first member's data damaged, the directory whole."""
    return content[:60] + b"\xff" * 40 + content[100:]


FOREIGN: dict[str, Callable[[], bytes]] = {
    "words": lambda: b"these are no ZIP",
    "nothing": lambda: b"",
    "only an end": lambda: b"PK\5\6" + bytes(18),
    "no manifest": lambda: archive({"readme.txt": b"x"}),
    "no json": lambda: archive({"manifest.json": b"{"}),
    "a bomb of json": lambda: archive({"manifest.json": b"[" * 200_000}),
    "a list": lambda: archive({"manifest.json": b"[]"}),
    "another format": lambda: export(1, [], [], format="x"),
    "another version": lambda: export(1, [], [], version=2),
    "items that are none": lambda: export(1, [], [], items="x"),
    "too many items": lambda: export(1, [], [], items=[None] * 1001),
    "too many members": lambda: archive({str(number): b"" for number in range(1001)}),
    "a manifest that swells": lambda: archive({"manifest.json": bytes(5 * MIB)}),
    "damaged": lambda: _cut(export(1, [item() for _number in range(20)], [])),
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=list(FOREIGN))
def test_what_is_no_export_is_refused_with_words(
    dispatcher: FlaskClient, content: Callable[[], bytes]
) -> None:
    answer = _import(dispatcher, content())
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_no_file_is_refused_with_words(dispatcher: FlaskClient) -> None:
    assert dispatcher.post("/intake/import", data={}).status_code == 422


@pytest.mark.parametrize("members", [1, 40])
def test_a_zip_bomb_is_refused_in_bounded_memory(
    dispatcher: FlaskClient, rider_person: Person, session: Session, members: int
) -> None:
    """One photo that unpacks to 200 MB, or forty of almost 15 MB."""
    size = 200 * MIB if members == 1 else 15 * MIB - 1
    manifest = _manifest(export(rider_person.id, [], []))
    swollen = bytes(size)
    photos = {f"photos/{number:064x}.jpg": swollen for number in range(members)}
    content = archive({"manifest.json": manifest} | photos)
    del swollen, photos
    assert len(content) < MIB
    tracemalloc.start()
    answer = _import(dispatcher, content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 422
    assert peak < 100 * MIB
    assert session.scalars(select(Photo)).all() == []


def test_names_that_climb_out_are_passed_over(
    dispatcher: FlaskClient, rider_person: Person, photos: list[bytes], session: Session
) -> None:
    one = item(sha256(photos[0]))
    manifest = _manifest(export(rider_person.id, [one], []))
    names = ("../../evil.jpg", "/photos/x.jpg", f"photos/../{sha256(photos[0])}.jpg")
    content = archive({"manifest.json": manifest} | dict.fromkeys(names, photos[0]))
    assert _import(dispatcher, content).status_code == 200
    assert session.scalars(select(Photo)).all() == []


@pytest.mark.parametrize("role", ["rider", "guard", "company_manager"])
def test_only_the_centre_imports(
    people: People, browser_of: Callable[[Person], FlaskClient], rider_person: Person,
    photos: list[bytes], session: Session, role: str,
) -> None:  # fmt: skip
    content = export(rider_person.id, [item(sha256(photos[0]))], photos)
    assert _import(browser_of(people.make(role)), content).status_code == 403
    assert _reports(session) == []
