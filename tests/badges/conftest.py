"""A rider with a phone, and who may act on riders."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.blueprints.organisations.models import Role
from tests.support.badges import Desk, RiderPhone, company_of, join
from tests.support.people import People, Person


@pytest.fixture
def phone(rider: FlaskClient) -> RiderPhone:
    """The rider's phone, not enrolled."""
    return RiderPhone(rider)


@pytest.fixture
def other_phone(browser_of: Callable[[Person], FlaskClient], rider_person: Person) -> RiderPhone:
    """Another phone of the same rider."""
    return RiderPhone(browser_of(rider_person))


@pytest.fixture
def administrator(app: Flask, people: People) -> Desk:
    return Desk(app, people.make(Role.ADMINISTRATOR))


@pytest.fixture
def manager(app: Flask, people: People, rider_person: Person) -> Desk:
    """The manager of the rider's company."""
    person = people.make()
    join(app, person, Role.COMPANY_MANAGER, company_of(app, rider_person))
    return Desk(app, person)


@pytest.fixture
def other_manager(app: Flask, people: People) -> Desk:
    """The manager of another company."""
    return Desk(app, people.make(Role.COMPANY_MANAGER))


@pytest.fixture
def badge(phone: RiderPhone, administrator: Desk, rider_person: Person) -> RiderPhone:
    """The rider's phone, enrolled, with a portrait that was approved and a credential."""
    assert phone.send_portrait().status_code == 201
    administrator.decide(rider_person)
    assert phone.enrol().status_code == 201
    return phone
