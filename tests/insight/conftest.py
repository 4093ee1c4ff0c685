"""Stations that were visited for months, for all tests of a module."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.extensions import db
from tests.support.station_visits import Visited, build, come


@pytest.fixture(scope="module")
def visited(module_app: Flask) -> Visited:
    made = build(module_app)
    come(made, 400)
    return made


@pytest.fixture
def opened(visited: Visited) -> Iterator[Session]:
    """A session that shares no context with requests."""
    with visited.app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session
