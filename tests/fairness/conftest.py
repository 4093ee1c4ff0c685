"""A town of its own for each test, taken back afterwards."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.extensions import db
from tests.support.fairness_town import Town


@pytest.fixture
def town(module_app: Flask) -> Iterator[Town]:
    with module_app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield Town(session)
        session.rollback()
