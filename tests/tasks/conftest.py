"""What tests of tasks share."""

import pytest
from flask import Flask

from tests.support.people import People, Person
from tests.support.tasks import Office, Tasks


@pytest.fixture
def tasks(app: Flask, people: People) -> Tasks:
    return Tasks.with_rules(app, people)


@pytest.fixture
def office(tasks: Tasks) -> Office:
    """A department with 1000 points to hand out."""
    return tasks.office()


@pytest.fixture
def rider_two(people: People) -> Person:
    return people.make("rider")
