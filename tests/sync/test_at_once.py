"""The same thing sent many times at once, to one process and to two, counts once."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.reports.models import Report, ReportEvent
from tests.support.outbox import item, put, put_new, send_one
from tests.support.people import Person
from tests.support.pictures import picture
from tests.support.servers import Server
from tests.support.threads import THREADS, at_once

Post = Callable[[Any], Any]


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Server]:
    """A second process on the same database."""
    running = Server(database_url, tmp_path / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def post_there(server: Server, rider: FlaskClient) -> Post:
    """Posts a batch of one to the second process."""
    cookie = rider.get_cookie("session")
    assert cookie is not None

    def post(one: Any) -> Any:
        answer = requests.post(
            f"{server.address}/sync/items", json=[one], cookies={"session": cookie.value},
            timeout=30,
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        return answer.json()[0]

    return post


def _count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def _assert_once(verdicts: list[Any], session: Session) -> None:
    assert Counter(one["verdict"] for one in verdicts) == {
        "accepted": 1, "duplicate": len(verdicts) - 1,
    }  # fmt: skip
    assert len({one["reference"] for one in verdicts}) == 1
    assert _count(session, Report) == _count(session, ReportEvent) == 1


def test_one_item_to_one_process(
    rider_person: Person, rider: FlaskClient, browser_of: Callable[[Person], FlaskClient],
    session: Session,
) -> None:  # fmt: skip
    one = item(put_new(rider))
    browsers = [browser_of(rider_person) for _number in range(THREADS)]
    _assert_once(at_once(lambda number: send_one(browsers[number], one)), session)


def test_one_item_to_two_processes(
    rider_person: Person, rider: FlaskClient, browser_of: Callable[[Person], FlaskClient],
    post_there: Post, session: Session,
) -> None:  # fmt: skip
    one = item(put_new(rider))
    browsers = [browser_of(rider_person) for _number in range(THREADS)]
    verdicts = at_once(
        lambda number: send_one(browsers[number], one) if number % 2 else post_there(one)
    )
    _assert_once(verdicts, session)


def test_two_contents_under_one_key(
    rider_person: Person, rider: FlaskClient, browser_of: Callable[[Person], FlaskClient],
    post_there: Post, session: Session,
) -> None:  # fmt: skip
    one = item(put_new(rider))
    other = one | {"fields": one["fields"] | {"place": "elsewhere"}}
    browsers = [browser_of(rider_person) for _number in range(THREADS)]
    verdicts = at_once(
        lambda number: send_one(browsers[number], one) if number % 2 else post_there(other)
    )
    counted = Counter(verdict["verdict"] for verdict in verdicts)
    assert counted == {"accepted": 1, "duplicate": THREADS // 2 - 1, "conflict": THREADS // 2}
    assert _count(session, Report) == 1


def test_batches_that_cross_each_other(
    rider_person: Person, rider: FlaskClient, browser_of: Callable[[Person], FlaskClient],
    session: Session,
) -> None:  # fmt: skip
    """The same forty items in opposite orders: nobody waits for the other for ever."""
    photo = put_new(rider)
    batch = [item(photo) for _number in range(40)]
    browsers = [browser_of(rider_person) for _number in range(4)]

    def post(number: int) -> list[str]:
        wanted = batch if number % 2 else batch[::-1]
        answers = browsers[number].post("/sync/items", json=wanted).get_json()
        return [answer["verdict"] for answer in answers]

    verdicts = Counter(verdict for one in at_once(post, 4) for verdict in one)
    assert set(verdicts) <= {"accepted", "duplicate", "retry"}
    assert verdicts["accepted"] == _count(session, Report) == 40


def test_one_photo_from_many_phones(
    rider_person: Person, browser_of: Callable[[Person], FlaskClient], session: Session
) -> None:
    content = picture(77)
    browsers = [browser_of(rider_person) for _number in range(THREADS)]
    statuses = at_once(lambda number: put(browsers[number], content).status_code)
    assert Counter(statuses) == {201: 1, 200: THREADS - 1}
    assert _count(session, Photo) == _count(session, PhotoUpload) == 1
