"""Every state can be come to by steps of people."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.blueprints.reports.models import Report, State
from tests.support.cases import WAYS, CaseDesk


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.mark.parametrize("state", list(State))
def test_a_case_comes_to_each_state(desk: CaseDesk, session: Session, state: State) -> None:
    case_id = desk.at(state)
    assert session.get_one(Report, case_id).state == state
    assert set(WAYS) == set(State)
