"""Photos are shown re-encoded, to those who may see the report, and kept by their browser alone."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.support.outbox import item, put, send_one
from tests.support.people import People, Person
from tests.support.pictures import picture, sha256

RunJobs = Callable[[], None]


@pytest.fixture
def url(rider: FlaskClient) -> str:
    """The large photo of a report; the worker has not seen it yet."""
    content = picture(7, size=(640, 480), exif=_exif())
    put(rider, content)
    return f"{send_one(rider, item(sha256(content)))['url']}/photos/1/large"


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "A phone's maker"
    return exif


def test_nothing_is_served_from_quarantine(rider: FlaskClient, url: str) -> None:
    assert rider.get(url).status_code == 404


def test_the_reporter_and_the_centre_see_it(
    rider: FlaskClient, dispatcher: FlaskClient, url: str, run_jobs: RunJobs
) -> None:
    run_jobs()
    for browser in (rider, dispatcher):
        answer = browser.get(url)
        assert answer.status_code == 200
        assert answer.mimetype == "image/jpeg"
        assert b"A phone's maker" not in answer.data
        assert Image.open(io.BytesIO(answer.data)).size == (640, 480)


def test_a_small_one_for_lists(rider: FlaskClient, url: str, run_jobs: RunJobs) -> None:
    run_jobs()
    answer = rider.get(url.replace("large", "thumb"))
    assert max(Image.open(io.BytesIO(answer.data)).size) == 320


@pytest.mark.parametrize("role", ["rider", "guard", "host", "handler"])
def test_nobody_else_sees_it(
    people: People, browser_of: Callable[[Person], FlaskClient], url: str, run_jobs: RunJobs,
    role: str,
) -> None:  # fmt: skip
    run_jobs()
    assert browser_of(people.make(role)).get(url).status_code == 404


def test_signed_out_leads_to_the_sign_in(client: FlaskClient, url: str, run_jobs: RunJobs) -> None:
    run_jobs()
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_only_the_persons_own_browser_keeps_it(
    rider: FlaskClient, url: str, run_jobs: RunJobs
) -> None:
    run_jobs()
    answer = rider.get(url)
    assert "private" in answer.headers["Cache-Control"]
    assert "public" not in answer.headers["Cache-Control"]
    again = rider.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("change", [("large", "original"), ("large", "../x"), ("/1/", "/2/")])
def test_there_is_no_other_photo(
    rider: FlaskClient, url: str, run_jobs: RunJobs, change: tuple[str, str]
) -> None:
    run_jobs()
    assert rider.get(url.replace(*change)).status_code == 404
