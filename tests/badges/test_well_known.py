"""The issuer's keys and the status list, as anybody reads them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.blueprints.badges import issuer_keys
from app.blueprints.badges.models import Badge
from app.blueprints.badges.status_list import Status, StatusList, open_list
from app.extensions import db
from tests.conftest import Clock
from tests.support.badges import Desk, RiderPhone
from tests.support.people import Person

JWKS, LIST = "/.well-known/sk1/jwks.json", "/.well-known/sk1/status-list"


def _opened(app: Flask, client: FlaskClient) -> StatusList:
    keys = issuer_keys.load(app.config["ISSUER_KEYS_FOLDER"]).published()
    return open_list(client.get(LIST).text, keys)


def test_the_keys(app: Flask, client: FlaskClient) -> None:
    answer = client.get(JWKS)
    assert answer.get_json() == issuer_keys.load(app.config["ISSUER_KEYS_FOLDER"]).jwks()
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_a_new_key_is_published_at_once(app: Flask, client: FlaskClient, held_clock: Clock) -> None:
    before = client.get(JWKS)
    now = held_clock.now()
    folder = app.config["ISSUER_KEYS_FOLDER"]
    new = issuer_keys.make(folder, signs_from=now + timedelta(hours=24), now=now)
    after = client.get(JWKS, headers={"If-None-Match": before.headers["ETag"]})
    assert str(new.kid) in [key["kid"] for key in after.get_json()["keys"]]


@pytest.mark.parametrize("encoding", ["", "br", "gzip"])
@pytest.mark.parametrize("url", [JWKS, LIST])
@pytest.mark.usefixtures("held_clock")
def test_what_is_held_is_not_sent_again(client: FlaskClient, url: str, encoding: str) -> None:
    first = client.get(url, headers={"Accept-Encoding": encoding})
    tag = first.headers["ETag"]
    again = client.get(url, headers={"Accept-Encoding": encoding, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=60"
    other = client.get(url, headers={"If-None-Match": '"something else"'})
    assert other.status_code == 200


def test_the_list_of_nobody(app: Flask, client: FlaskClient, held_clock: Clock) -> None:
    answer = client.get(LIST)
    assert answer.mimetype == "application/statuslist+jwt"
    opened = _opened(app, client)
    now_s = int(held_clock.now().timestamp())
    assert (opened.iat, opened.exp, opened.ttl) == (now_s, now_s + 72 * 3600, 300)


def test_who_is_signed_in_gets_the_same(client: FlaskClient, badge: RiderPhone) -> None:
    assert badge.client.get(LIST).text == client.get(LIST).text
    assert badge.client.get(LIST).headers["Cache-Control"] == "public, max-age=60"


def test_a_revocation_changes_list_and_tag_at_once(
    app: Flask, client: FlaskClient, badge: RiderPhone, administrator: Desk, rider_person: Person,
    session: Session,
) -> None:  # fmt: skip
    index = session.query(Badge.id).scalar()
    before = client.get(LIST)
    assert _opened(app, client).status(index) == Status.VALID
    administrator.revoke(rider_person)
    after = client.get(LIST, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert _opened(app, client).status(index) == Status.REVOKED


def test_a_new_badge_is_within_the_list(
    app: Flask, client: FlaskClient, phone: RiderPhone, session: Session
) -> None:
    client.get(LIST)
    phone.enrol()
    index = session.query(Badge.id).scalar()
    assert _opened(app, client).status(index) == Status.VALID


def test_a_list_is_at_most_five_minutes_old(
    app: Flask, client: FlaskClient, held_clock: Clock
) -> None:
    for _minute in range(20):
        held_clock.forward(minutes=1)
        age_s = held_clock.now().timestamp() - _opened(app, client).iat
        assert 0 <= age_s <= 300


def test_it_is_made_once_a_version(
    app: Flask, client: FlaskClient, held_clock: Clock, count_statements: Callable[[], list[str]]
) -> None:
    first = client.get(LIST).text
    ran = count_statements()
    assert {client.get(LIST).text for _time in range(5)} == {first}
    assert len([one for one in ran if "badge_events" in one]) == 5
    assert not [one for one in ran if "FROM badges" in one]


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], list[str]]:
    """Begins to note what the database is asked."""

    def begin() -> list[str]:
        ran: list[str] = []
        with app.app_context():

            @event.listens_for(db.engine, "before_cursor_execute")
            def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
                ran.append(statement.replace("\n", " "))

        return ran

    return begin


def test_badges_that_expired_leave_the_list(
    held_clock: Clock, app: Flask, client: FlaskClient, badge: RiderPhone, administrator: Desk,
    rider_person: Person, session: Session,
) -> None:  # fmt: skip
    administrator.revoke(rider_person)
    index = session.query(Badge.id).scalar()
    held_clock.forward(hours=72 + 23)
    assert _opened(app, client).status(index) == Status.REVOKED
    held_clock.forward(hours=2)
    assert _opened(app, client).status(index) == Status.VALID


def test_every_key_signs_its_own_list(app: Flask, client: FlaskClient, held_clock: Clock) -> None:
    before = client.get(LIST)
    now = held_clock.now()
    folder = app.config["ISSUER_KEYS_FOLDER"]
    new = issuer_keys.make(folder, signs_from=now, now=now)
    after = client.get(LIST, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert open_list(after.text, {new.kid: [new.point]})
