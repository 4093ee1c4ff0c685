"""What riders are told of their badge, and that each warning comes once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges import telling
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.badges import Desk, RiderPhone
from tests.support.people import People, Person, sign_in


@pytest.fixture
def rider(people: People) -> Person:
    return people.make(Role.RIDER)


@pytest.fixture
def desk(app: Flask, people: People) -> Desk:
    return Desk(app, people.make(Role.ADMINISTRATOR))


def told(session: Session, rider: Person) -> list[tuple[str, object]]:
    session.rollback()
    found = session.scalars(select(Notification).where(Notification.user_id == rider.id))
    return [(one.kind, one.data.get("reason") or one.data.get("until")) for one in found]


def test_a_standing_that_changes_is_told_with_its_reason(
    desk: Desk, rider: Person, session: Session
) -> None:
    client = desk.app.test_client()
    sign_in(client, rider)
    RiderPhone(client).enrol()
    desk.suspend(rider, "证件过期")
    desk.resume(rider)
    desk.revoke(rider, "已离职")
    assert [kind for kind, _reason in told(session, rider)] == [
        "badge_suspended", "badge_resumed", "badge_revoked",
    ]  # fmt: skip
    assert told(session, rider)[2] == ("badge_revoked", "已离职")


def test_a_badge_that_runs_out_is_told_of_once_until_it_is_renewed(
    app: Flask, rider: Person, session: Session
) -> None:
    client = app.test_client()
    sign_in(client, rider)
    assert RiderPhone(client).enrol().status_code == 201
    now = clock.now()

    def warn(hours: float) -> int:
        with app.app_context(), transaction(db.session()):
            return telling.warn_of_running_out(db.session(), now=now + timedelta(hours=hours))

    assert [warn(hours) for hours in (1, 59, 61, 62, 73)] == [0, 0, 1, 0, 0]
    assert [kind for kind, _until in told(session, rider)] == ["badge_running_out"]
