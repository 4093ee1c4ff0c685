"""A rider's own passes: all of them, in the order of time, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Pass
from app.lib import clock
from tests.support.neighbourhood import Neighbourhood, build
from tests.support.people import People, Person
from tests.support.statements import counted

Open = Callable[[Person], FlaskClient]


@pytest.fixture
def there(app: Flask, rider_person: Person, session: Session) -> Neighbourhood:
    """A compound with a gate, and no passes yet."""
    made = build(app, rider_person)
    session.execute(Pass.__table__.delete())
    session.commit()
    return made


def _write(
    session: Session, there: Neighbourhood, rider: Person, count: int, **other: object
) -> None:
    """Passes an hour apart, written from the newest to the oldest; guards' names number them."""
    now = clock.now()
    same = {
        "compound_id": there.ids["compound_id"], "gate_id": there.ids["gate_id"],
        "rider_id": rider.id, "method": "live", "direction": "entry", "received_at": now,
        "phone_level": "green", "phone_reason": "ok", "server_level": "green",
        "server_reason": "ok", "outcome": "entered",
    }  # fmt: skip
    session.execute(insert(Pass), [
        same | {"key": f"{rider.id}-{number}", "at": now - timedelta(hours=number)} | other
        for number in range(count)
    ])  # fmt: skip
    session.commit()


def _times(page: str) -> list[str]:
    return [one.split('"')[0] for one in page.split('<time class="number" datetime="')[1:]]


def _before(page: str) -> str:
    """Where the next page begins."""
    return page.split("before=")[1].split('"')[0]


def test_all_of_them_newest_first(
    there: Neighbourhood, rider: FlaskClient, rider_person: Person, session: Session
) -> None:
    _write(session, there, rider_person, 70)
    pages, path = [], "/passes"
    while path:
        page = rider.get(path).text
        pages.append(_times(page))
        path = f"/passes?before={_before(page)}" if "before=" in page else ""
    assert [len(one) for one in pages] == [30, 30, 10]
    flat = [moment for one in pages for moment in one]
    assert flat == sorted(set(flat), reverse=True)


def test_two_of_the_same_moment_at_the_edge_of_a_page(
    there: Neighbourhood, rider: FlaskClient, rider_person: Person, session: Session
) -> None:
    _write(session, there, rider_person, 45, at=clock.now())
    first = rider.get("/passes").text
    second = rider.get(f"/passes?before={_before(first)}").text
    assert (len(_times(first)), len(_times(second))) == (30, 15)


def test_what_stands_there(
    there: Neighbourhood, rider: FlaskClient, rider_person: Person, session: Session
) -> None:
    _write(session, there, rider_person, 1, method="self", key="a")
    _write(
        session, there, rider_person, 1, key="b", method="printed", outcome="refused",
        phone_level="red", phone_reason="wrong_scope", direction="entry",
    )  # fmt: skip
    _write(session, there, rider_person, 1, key="c", method="short", direction="exit")
    _write(session, there, rider_person, 1, key="d", method="manual", undone_at=clock.now())
    page = rider.get("/passes?lang=en").text
    for text in (
        "A compound", "A gate", "Reported by yourself", "Printed badge", "Not let in",
        "Your badge does not open gates here.", "Digits typed by the guard", "You went out",
        "Looked up by the guard", "Taken back by the guard",
    ):  # fmt: skip
        assert text in page, text


def test_only_ones_own(
    there: Neighbourhood, people: People, browser_of: Open, rider: FlaskClient,
    rider_person: Person, session: Session,
) -> None:  # fmt: skip
    other = people.make("rider")
    _write(session, there, other, 40)
    _write(session, there, rider_person, 2)
    assert len(_times(rider.get("/passes").text)) == 2
    theirs = session.scalars(select(Pass.id).where(Pass.rider_id == other.id)).all()
    # Somebody else's pass as the edge of a page tells nothing, not even when it was.
    assert {len(_times(rider.get(f"/passes?before={one}").text)) for one in theirs} == {0}
    assert len(_times(browser_of(other).get("/passes").text)) == 30


@pytest.mark.parametrize("before", ["0", "-5", "x", str(2**31), str(10**40)])
def test_a_page_that_there_is_not(rider: FlaskClient, before: str) -> None:
    assert rider.get(f"/passes?before={before}").status_code == 200


def test_none_yet_and_the_way_here(rider: FlaskClient) -> None:
    assert "No passes yet" in rider.get("/passes?lang=en").text
    assert 'href="/passes"' in rider.get("/me").text


def test_queries_do_not_grow_with_passes(
    app: Flask, there: Neighbourhood, rider: FlaskClient, rider_person: Person, session: Session
) -> None:
    _write(session, there, rider_person, 1)
    ran = counted(app)
    rider.get("/passes")
    one = len(ran)
    session.execute(Pass.__table__.delete())
    session.commit()
    _write(session, there, rider_person, 30)
    ran.clear()
    rider.get("/passes")
    assert len(ran) == one
