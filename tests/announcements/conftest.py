"""What tests of announcements share."""

import pytest
from flask import Flask

from app.blueprints.organisations.models import Role
from tests.support.announcing import Offices, member, offices
from tests.support.people import People, Person


@pytest.fixture
def places(app: Flask) -> Offices:
    return offices(app)


@pytest.fixture
def administrator(app: Flask, people: People, places: Offices) -> Person:
    return member(app, people, (Role.ADMINISTRATOR, places.authority), name="林管理")


@pytest.fixture
def manager(app: Flask, people: People, places: Offices) -> Person:
    return member(app, people, (Role.COMPANY_MANAGER, places.company), name="孙经理")
