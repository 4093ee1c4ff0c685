"""The report page without JavaScript: an ordinary form, by the same rules."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.reports.models import Report
from tests.support.outbox import new_key
from tests.support.pictures import picture, sha256

FIELDS = {"category": "0102", "place": "东门", "description": "堆了两天"}


def _post(client: FlaskClient, photos: list[bytes], **fields: str) -> TestResponse:
    files = [(io.BytesIO(content), f"{number}.jpg") for number, content in enumerate(photos)]
    data: dict[str, Any] = FIELDS | fields | {"photos": files}
    return client.post("/reports", data=data)


def _reports(session: Session) -> list[Report]:
    session.rollback()
    return list(session.scalars(select(Report)))


def test_it_files_a_report_and_shows_it(rider: FlaskClient, session: Session) -> None:
    photos = [picture(1), picture(2)]
    answer = _post(rider, photos, latitude="31.3", longitude="120.7", accuracy_m="9")
    [report] = _reports(session)
    assert answer.status_code == 302
    assert answer.location == f"/reports/{report.id}"
    assert [photo.sha256 for photo in report.photos] == [sha256(content) for content in photos]
    assert (report.latitude, report.place) == (31.3, "东门")


def test_an_empty_file_field_counts_as_none(rider: FlaskClient, session: Session) -> None:
    data = FIELDS | {"photos": [(io.BytesIO(picture(1)), "1.jpg"), (io.BytesIO(b""), "")]}
    assert rider.post("/reports", data=data).status_code == 302
    assert len(_reports(session)) == 1


@pytest.mark.parametrize("fields", [{}, {"place": "elsewhere"}])
def test_sent_twice_it_counts_once(
    rider: FlaskClient, session: Session, fields: dict[str, str]
) -> None:
    key = new_key()
    _post(rider, [picture(1)], key=key)
    again = _post(rider, [picture(1)], key=key, **fields)
    [report] = _reports(session)
    assert again.status_code in (302, 409)
    if again.status_code == 409:
        assert report.number in again.text


def test_the_page_that_comes_back_after_an_error_has_a_key(
    rider: FlaskClient, session: Session
) -> None:
    answer = _post(rider, [], description="kept <i>")
    assert answer.status_code == 422
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', answer.text)
    assert key is not None
    assert "kept &lt;i&gt;" in answer.text
    _post(rider, [picture(1)], key=key[1])
    _post(rider, [picture(1)], key=key[1])
    assert len(_reports(session)) == 1


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ({"category": ""}, "category"),
        ({"category": "9999"}, "category"),
        ({"latitude": "999", "longitude": "1"}, "latitude"),
        ({"latitude": "nan", "longitude": "1"}, "latitude"),
        ({"place": ""}, "place"),
        ({"description": "x" * 501}, "description"),
    ],
)
def test_what_is_wrong_is_marked_at_its_field(
    rider: FlaskClient, session: Session, fields: dict[str, str], marked: str
) -> None:
    answer = _post(rider, [picture(1)], **fields)
    assert answer.status_code == 422
    hint = re.search(f'<p class="error" id="{marked}-error"[^>]*>', answer.text)
    assert hint is not None
    assert "hidden" not in hint[0]
    assert _reports(session) == []


@pytest.mark.parametrize(
    "photos",
    [[], [b"just words"], [picture(1), b""], [picture(seed) for seed in range(5)]],
    ids=["none", "no picture", "an empty one", "five"],
)
def test_photos_that_do_not_fit_are_refused(
    rider: FlaskClient, session: Session, photos: list[bytes]
) -> None:
    answer = _post(rider, photos)
    assert answer.status_code == 422
    assert re.search('<p class="error" id="photos-error"[^>]*>', answer.text)
    assert _reports(session) == []


def test_a_photo_past_fifteen_megabytes(rider: FlaskClient, session: Session) -> None:
    answer = _post(rider, [b"\xff\xd8\xff" + bytes(16 * 1024 * 1024)])
    assert answer.status_code == 413
    assert "15 MB" in answer.text
    assert _reports(session) == []


def test_a_text_of_a_megabyte(rider: FlaskClient, session: Session) -> None:
    assert _post(rider, [picture(1)], description="x" * 1_000_000).status_code == 422
    assert _post(rider, [picture(1)], description="x" * 3_000_000).status_code == 413
    assert _reports(session) == []


def test_the_same_photo_twice_counts_once(rider: FlaskClient, session: Session) -> None:
    assert _post(rider, [picture(1), picture(1)]).status_code == 302
    assert len(_reports(session)[0].photos) == 1


def test_only_riders_file(dispatcher: FlaskClient, client: FlaskClient, session: Session) -> None:
    assert _post(dispatcher, [picture(1)]).status_code == 403
    assert _post(client, [picture(1)]).status_code == 401
    assert _reports(session) == []
