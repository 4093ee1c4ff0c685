"""Alive, and ready."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from tests.support.applications import make_app
from tests.support.databases import Databases


@pytest.fixture
def unmigrated(databases: Databases, tmp_path: Path) -> Iterator[FlaskClient]:
    url = databases.empty()
    app = make_app(url, tmp_path)
    yield app.test_client()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def test_alive_and_ready(client: FlaskClient) -> None:
    for url in ("/healthz", "/readyz"):
        answer = client.get(url)
        assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_alive_but_not_ready_before_the_migration(unmigrated: FlaskClient) -> None:
    assert unmigrated.get("/healthz").status_code == 200
    assert unmigrated.get("/readyz").status_code == 503


def test_not_ready_without_the_database(tmp_path: Path) -> None:
    app = make_app(f"sqlite:///{tmp_path}/no/such/folder/x.db", tmp_path / "data")
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503
