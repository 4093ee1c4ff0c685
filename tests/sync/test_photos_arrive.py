"""Photos on arrival: kept by hash, refused with a reason."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.photos import services
from app.blueprints.photos.models import Photo
from app.blueprints.photos.store import quarantine_name
from tests.support.outbox import put
from tests.support.pictures import moving, picture, png_header, sha256


def _folder(app: Flask) -> Path:
    folder = app.config["PHOTO_FOLDER"]
    assert isinstance(folder, Path)
    return folder


def test_a_new_photo_is_created_and_a_held_one_is_fine(rider: FlaskClient) -> None:
    content = picture(1)
    assert put(rider, content).status_code == 201
    again = put(rider, content)
    assert again.status_code == 200
    assert again.get_json() == {"sha256": sha256(content)}


def test_its_bytes_wait_in_quarantine(app: Flask, rider: FlaskClient, session: Session) -> None:
    content = picture(1, size=(60, 40))
    put(rider, content)
    kept = session.get_one(Photo, sha256(content))
    assert (kept.mime, kept.width, kept.height, kept.size_bytes) == (
        "image/jpeg", 60, 40, len(content),
    )  # fmt: skip
    assert (_folder(app) / quarantine_name(kept.sha256)).read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [b"", b"just words in a file named .jpg", png_header(30_000, 30_000), moving("PNG"),
     moving("WEBP"), picture(1)[:40]],
    ids=["empty", "text", "30000x30000", "moving png", "moving webp", "cut in its header"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_words(
    app: Flask, rider: FlaskClient, session: Session, content: bytes
) -> None:
    answer = put(rider, content)
    assert answer.status_code == 422
    assert answer.json["error"]["errors"]["photos"][0]
    assert session.scalar(select(func.count()).select_from(Photo)) == 0
    assert not _folder(app).exists()


def test_a_hash_that_lies_is_refused(rider: FlaskClient, session: Session) -> None:
    answer = put(rider, picture(1), name=sha256(picture(2)))
    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(Photo)) == 0


@pytest.mark.parametrize("name", ["xyz", "A" * 64, "0" * 63, "..%2f..%2fetc"])
def test_what_is_no_hash_is_refused(rider: FlaskClient, name: str) -> None:
    assert put(rider, picture(1), name=name).status_code in (404, 422)


@pytest.mark.parametrize("length", [15 * 1024 * 1024 + 1, 40 * 1024 * 1024])
def test_more_than_fifteen_megabytes_are_refused(rider: FlaskClient, length: int) -> None:
    answer = put(rider, b"\xff\xd8\xff" + bytes(length - 3))
    assert answer.status_code == 413
    assert "15 MB" in answer.json["error"]["message"]


def test_almost_fifteen_megabytes_are_taken(rider: FlaskClient) -> None:
    content = picture(1) + bytes(14 * 1024 * 1024)  # decoders skip what follows the end
    assert put(rider, content).status_code == 201


def test_a_heic_is_taken(rider: FlaskClient) -> None:
    assert put(rider, picture(1, kind="HEIF")).status_code == 201


def test_a_day_has_an_end(rider: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PHOTOS_A_DAY", 2)
    assert [put(rider, picture(seed)).status_code for seed in (1, 2, 3)] == [201, 201, 429]
    assert "Retry-After" in put(rider, picture(3)).headers


def test_a_photo_that_is_held_may_be_sent_again_past_the_days_end(
    rider: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer may have been lost on the way; the item waits for it."""
    monkeypatch.setattr(services, "PHOTOS_A_DAY", 1)
    put(rider, picture(1))
    assert put(rider, picture(1)).status_code == 200
