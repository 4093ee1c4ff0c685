"""The worker: pictures leave quarantine re-encoded, or are marked; nothing is lost by a crash."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from app.blueprints.photos import jobs as photo_jobs
from app.blueprints.photos.models import Photo
from app.blueprints.photos.store import quarantine_name, rendition_name
from app.lib import leases
from tests.conftest import Clock
from tests.support.outbox import item, put, send_one
from tests.support.people import Person
from tests.support.pictures import picture, sha256

RunJobs = Callable[[], None]


@pytest.fixture
def kept(app: Flask) -> Callable[[str], Path]:
    """Where a name lies on the disk."""

    def path(name: str) -> Path:
        folder = app.config["PHOTO_FOLDER"]
        assert isinstance(folder, Path)
        return folder / name

    return path


def _state(session: Session, photo: str) -> str:
    session.rollback()
    return session.get_one(Photo, photo, populate_existing=True).work_state


def test_a_photo_is_done_and_its_quarantine_empty(
    rider: FlaskClient, session: Session, run_jobs: RunJobs, kept: Callable[[str], Path]
) -> None:
    photo = sha256(content := picture(1))
    put(rider, content)
    assert _state(session, photo) == "pending"
    run_jobs()
    assert _state(session, photo) == "done"
    assert not kept(quarantine_name(photo)).exists()
    assert (
        Image.open(io.BytesIO(kept(rendition_name(photo, "thumb")).read_bytes())).format == "JPEG"
    )


def test_sending_a_photo_again_leaves_nothing_in_quarantine(
    rider: FlaskClient, run_jobs: RunJobs, kept: Callable[[str], Path]
) -> None:
    """The bytes as they arrived may say where it was taken."""
    photo = sha256(content := picture(1))
    put(rider, content)
    run_jobs()
    put(rider, content)
    run_jobs()
    assert not kept(quarantine_name(photo)).exists()


def test_a_damaged_photo_is_marked_and_its_report_stays(
    rider: FlaskClient, session: Session, run_jobs: RunJobs
) -> None:
    whole = picture(5, size=(900, 700))
    content = whole[: len(whole) * 2 // 3]
    assert put(rider, content).status_code == 201
    verdict = send_one(rider, item(sha256(content)))
    run_jobs()
    assert _state(session, sha256(content)) == "failed"
    assert "The photo cannot be read" in rider.get(f"{verdict['url']}?lang=en").text
    assert rider.get(f"{verdict['url']}/photos/1/large").status_code == 404


def test_a_worker_killed_half_way_loses_nothing(
    held_clock: Clock, rider_person: Person, browser_of: Callable[[Person], FlaskClient],
    session: Session, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Killed between lease and answer: the lease runs out, and the sweep finds the row."""
    rider, photo = browser_of(rider_person), sha256(content := picture(1))
    put(rider, content)

    def die(_content: bytes) -> tuple[bytes, bytes]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(photo_jobs, "renditions", die)
        with pytest.raises(KeyboardInterrupt):
            run_jobs()
    run_jobs()
    assert _state(session, photo) == "pending"  # still leased to the dead one
    held_clock.forward(seconds=leases.LEASE_S)
    run_jobs()
    assert _state(session, photo) == "done"


def test_a_photo_that_kills_every_worker_is_given_up(
    held_clock: Clock, rider_person: Person, browser_of: Callable[[Person], FlaskClient],
    session: Session, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    rider, photo = browser_of(rider_person), sha256(content := picture(1))
    put(rider, content)

    def die(_content: bytes) -> tuple[bytes, bytes]:
        raise KeyboardInterrupt

    monkeypatch.setattr(photo_jobs, "renditions", die)
    for _try in range(photo_jobs.MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            run_jobs()
        held_clock.forward(seconds=leases.LEASE_S)
    run_jobs()
    assert _state(session, photo) == "failed"


def test_a_disk_that_is_away_is_tried_again(
    held_clock: Clock, rider_person: Person, browser_of: Callable[[Person], FlaskClient],
    session: Session, run_jobs: RunJobs, kept: Callable[[str], Path],
) -> None:  # fmt: skip
    rider, photo = browser_of(rider_person), sha256(content := picture(1))
    put(rider, content)
    lying, away = kept(quarantine_name(photo)), kept("away")
    lying.rename(away)
    run_jobs()
    assert _state(session, photo) == "pending"
    away.rename(lying)
    held_clock.forward(hours=1)
    run_jobs()
    assert _state(session, photo) == "done"


def test_one_bad_photo_holds_back_no_other(
    rider: FlaskClient, session: Session, run_jobs: RunJobs
) -> None:
    whole = picture(5, size=(900, 700))
    contents = [picture(1), whole[: len(whole) * 2 // 3], picture(2), picture(3), picture(4)]
    for content in contents:
        put(rider, content)
    run_jobs()
    states = [_state(session, sha256(content)) for content in contents]
    assert states == ["done", "failed", "done", "done", "done"]
