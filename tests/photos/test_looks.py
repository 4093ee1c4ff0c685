"""The worker gives each photo its perceptual hash; those made before get theirs too."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.photos.models import Photo
from app.lib.looks_alike import NO_LOOK, SAME_BITS, bits_apart, look_of, quarters
from tests.support.outbox import put
from tests.support.pictures import picture, sha256
from tests.support.scenes import scene

RunJobs = Callable[[], None]


def _photo(session: Session, content: bytes) -> Photo:
    session.rollback()
    return session.get_one(Photo, sha256(content), populate_existing=True)


def test_a_new_photo_has_its_hash_and_its_quarters(
    rider: FlaskClient, session: Session, run_jobs: RunJobs
) -> None:
    put(rider, scene(1))
    run_jobs()
    photo = _photo(session, scene(1))
    assert photo.look is not None
    assert bits_apart(photo.look, look_of(scene(1))) <= SAME_BITS
    assert (photo.look_a, photo.look_b, photo.look_c, photo.look_d) == quarters(photo.look)


def test_a_photo_of_one_colour_is_never_compared(
    rider: FlaskClient, session: Session, run_jobs: RunJobs
) -> None:
    put(rider, picture(1))
    run_jobs()
    photo = _photo(session, picture(1))
    assert (photo.look, photo.look_a) == (NO_LOOK, None)


def test_photos_made_before_get_theirs_in_batches(
    rider: FlaskClient, session: Session, run_jobs: RunJobs
) -> None:
    contents = [scene(seed) for seed in range(3)]
    for content in contents:
        put(rider, content)
    run_jobs()
    before = [_photo(session, content).look for content in contents]
    session.execute(update(Photo).values(look=None, look_a=None, look_b=None))
    session.commit()
    run_jobs()
    assert [_photo(session, content).look for content in contents] == before
    assert _photo(session, contents[0]).look_a is not None
