"""Where a photo was taken comes with a report of version 2, bounded; older phones still send."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.reports.models import ReportPhoto
from app.lib.exif_place import place_of
from tests.support.looks import with_place
from tests.support.outbox import item, put_new, send_one

HERE = {"latitude": 31.312, "longitude": 120.7}


def _places(session: Session) -> list[tuple[float | None, float | None]]:
    session.rollback()
    photos = session.scalars(select(ReportPhoto).order_by(ReportPhoto.position))
    return [(photo.taken_latitude, photo.taken_longitude) for photo in photos]


def test_the_places_are_kept_with_their_photos(rider: FlaskClient, session: Session) -> None:
    photos = [put_new(rider) for _photo in range(3)]
    sent = item(*photos, taken=[HERE, None, {"latitude": -1, "longitude": 2.5}]) | {"schema": 2}
    assert send_one(rider, sent)["verdict"] == "accepted"
    assert _places(session) == [(31.312, 120.7), (None, None), (-1.0, 2.5)]


@pytest.mark.parametrize("schema", [1, 2])
def test_a_report_may_say_nothing_of_it(rider: FlaskClient, session: Session, schema: int) -> None:
    sent = item(put_new(rider)) | {"schema": schema}
    assert send_one(rider, sent)["verdict"] == "accepted"
    assert _places(session) == [(None, None)]


@pytest.mark.parametrize("taken", [
    [], [None, None], "31.3", {"0": HERE}, [[31.3, 120.7]], [{"latitude": 31.3}],
    [HERE | {"altitude_m": 3}], [{"latitude": "31.3", "longitude": 120.7}],
    [{"latitude": 91, "longitude": 0}], [{"latitude": 0, "longitude": -181}],
    [{"latitude": True, "longitude": 1}], [{"latitude": 10**400, "longitude": 1}],
    [{"latitude": 0, "longitude": 0}], [0], [False], [""],
])  # fmt: skip
def test_nonsense_is_refused(rider: FlaskClient, session: Session, taken: Any) -> None:
    verdict = send_one(rider, item(put_new(rider), taken=taken) | {"schema": 2})
    assert (verdict["verdict"], list(verdict["errors"])) == ("rejected", ["photos"])
    assert _places(session) == []


def test_the_plain_form_reads_it_from_the_file(rider: FlaskClient, session: Session) -> None:
    files = [(io.BytesIO(with_place(1, 31.312, 120.7)), "a.jpg"), (io.BytesIO(), "")]
    data = {"category": "0102", "place": "东门", "photos": files}
    assert rider.post("/reports", data=data).status_code == 302
    [(latitude, longitude)] = _places(session)
    assert (latitude, longitude) == (pytest.approx(31.312), pytest.approx(120.7))


def test_the_reporter_is_not_shown_where_the_photo_was_taken(rider: FlaskClient) -> None:
    sent = item(put_new(rider), taken=[{"latitude": 12.34567, "longitude": 76.54321}])
    url = send_one(rider, sent | {"schema": 2})["url"]
    assert "12.345" not in rider.get(url).text


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
@pytest.mark.parametrize("place", [(31.312, 120.7), (-33.9, -70.5), (0.0, 0.001)])
def test_exif_is_read(kind: str, place: tuple[float, float]) -> None:
    assert place_of(with_place(1, *place, kind=kind)) == pytest.approx(place)


def test_a_camera_without_a_fix_says_nothing() -> None:
    assert place_of(with_place(1, 0, 0)) is None


@given(some.lists(some.tuples(some.integers(0, 400), some.integers(0, 255)), max_size=12))
def test_damaged_exif_is_a_place_on_earth_or_none(changes: list[tuple[int, int]]) -> None:
    content = bytearray(with_place(1, 31.312, 120.7))
    for at, value in changes:
        content[at] = value
    found = place_of(bytes(content))
    assert found is None or (abs(found[0]) <= 90 and abs(found[1]) <= 180)
