"""The server is killed while phones send: what it called accepted is there, and nothing twice."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.reports.models import Report
from app.blueprints.sync.models import SyncItem
from tests.support.outbox import item
from tests.support.pictures import picture, sha256
from tests.support.servers import Server

PHONES, MIN_ACCEPTED = 4, 40


class Phone(threading.Thread):
    """Sends photo and report, one after another, until the server is gone."""

    def __init__(self, number: int, address: str, cookie: str) -> None:
        super().__init__()
        self.number, self.address, self.cookies = number, address, {"session": cookie}
        self.tried: list[dict[str, Any]] = []
        self.accepted: dict[str, str] = {}

    def run(self) -> None:
        try:
            while True:
                self._send(len(self.tried))
        except requests.RequestException:
            return

    def _send(self, count: int) -> None:
        content = picture(self.number * 10_000 + count)
        requests.put(
            f"{self.address}/sync/photos/{sha256(content)}", data=content, cookies=self.cookies,
            timeout=20,
        ).raise_for_status()  # fmt: skip
        self.tried.append(item(sha256(content)))
        self.post(self.tried[-1])

    def post(self, one: dict[str, Any]) -> None:
        answer = requests.post(
            f"{self.address}/sync/items", json=[one], cookies=self.cookies, timeout=20
        ).json()[0]
        assert answer["verdict"] in ("accepted", "duplicate")
        known = self.accepted.setdefault(one["key"], answer["reference"])
        assert known == answer["reference"]


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Server]:
    running = Server(database_url, tmp_path / "data")
    running.start()
    yield running
    running.stop()


def _wait_for(phones: list[Phone]) -> None:
    """Until they have sent enough to be cut off in the middle of it."""
    enough = threading.Event()
    for _step in range(600):
        if sum(len(phone.accepted) for phone in phones) >= MIN_ACCEPTED:
            return
        enough.wait(0.05)
    pytest.fail("the server answered too slowly")


def test_a_killed_server_loses_nothing_and_counts_nothing_twice(
    server: Server, rider: FlaskClient, session: Session
) -> None:
    cookie = rider.get_cookie("session")
    assert cookie is not None
    phones = [Phone(number, server.address, cookie.value) for number in range(PHONES)]
    for phone in phones:
        phone.start()
    _wait_for(phones)
    server.kill()
    for phone in phones:
        phone.join()

    accepted = {key: ref for phone in phones for key, ref in phone.accepted.items()}
    kept = {row.key: row.reference for row in session.scalars(select(SyncItem))}
    session.rollback()
    assert accepted.items() <= kept.items()

    server.start()
    for phone in phones:
        for one in phone.tried:
            phone.post(one)
    tried = sum(len(phone.tried) for phone in phones)
    assert session.scalar(select(func.count()).select_from(Report)) == tried
