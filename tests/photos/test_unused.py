"""A photo that hangs on nothing goes after a week; one that is used stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.photos.models import Photo
from tests.conftest import Clock
from tests.support.outbox import item, put_new, send_one
from tests.support.people import Person

RunJobs = Callable[[], None]


@pytest.fixture
def clocked_rider(
    held_clock: Clock, rider_person: Person, browser_of: Callable[[Person], FlaskClient]
) -> FlaskClient:
    """A rider whose session began by the held clock."""
    return browser_of(rider_person)


def _photos(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Photo.sha256)))


def _files(app: Flask) -> list[Path]:
    return [path for path in Path(app.config["PHOTO_FOLDER"]).rglob("*") if path.is_file()]


def test_an_unused_photo_goes_after_a_week_with_its_files(
    app: Flask, clocked_rider: FlaskClient, held_clock: Clock, session: Session, run_jobs: RunJobs
) -> None:
    photo = put_new(clocked_rider)
    run_jobs()
    held_clock.forward(days=6, hours=23)
    run_jobs()
    assert _photos(session) == [photo]
    held_clock.forward(hours=2)
    run_jobs()
    assert _photos(session) == []
    assert _files(app) == []


def test_a_used_photo_stays(
    app: Flask, clocked_rider: FlaskClient, held_clock: Clock, session: Session, run_jobs: RunJobs
) -> None:
    photo = put_new(clocked_rider)
    send_one(clocked_rider, item(photo))
    held_clock.forward(days=30)
    run_jobs()
    assert _photos(session) == [photo]
    assert len(_files(app)) == 2


def test_a_photo_deleted_before_its_item_came_is_asked_for_again(
    clocked_rider: FlaskClient, held_clock: Clock, run_jobs: RunJobs
) -> None:
    one = item(put_new(clocked_rider))
    held_clock.forward(days=8)
    run_jobs()
    assert send_one(clocked_rider, one)["verdict"] == "missing_photos"
