"""The printed code of a gate without a guard, and what riders hear of their passes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Gate
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.gate_rows import GateRows
from tests.support.people import People, Person, sign_in

CODE = "LakesideEast0001"


@pytest.fixture
def gate(rows: GateRows) -> int:
    return rows.gate(
        rows.compound(), place_code=CODE, latitude=31.3, longitude=120.7, radius_m=60,
        direction="entry",
    )  # fmt: skip


class TestPlace:
    def test_a_rider_learns_which_gate_it_is_and_where(
        self, rider: FlaskClient, session: Session, gate: int
    ) -> None:
        answer = rider.get(f"/places/{CODE}")
        assert answer.status_code == 200
        found = answer.get_json()
        assert found["gate"].keys() == found["compound"].keys() == {"id", "zh", "en"}
        assert found["gate"]["id"] == gate
        assert found["compound"]["id"] == session.get_one(Gate, gate).compound_id
        del found["gate"], found["compound"]
        assert found == {
            "latitude": 31.3, "longitude": 120.7, "radius_m": 60, "direction": "entry",
        }  # fmt: skip

    @pytest.mark.parametrize("code", ["LakesideEast0002", "lakesideeast0001", "x" * 900, "%00"])
    def test_an_unknown_code(self, rider: FlaskClient, gate: int, code: str) -> None:
        answer = rider.get(f"/places/{code}", headers={"Accept": "application/json"})
        assert answer.status_code == 404
        assert answer.get_json()["error"]["code"] == "not_found"

    def test_a_gate_whose_place_nobody_has_set_takes_no_self_reports(
        self, rider: FlaskClient, rows: GateRows
    ) -> None:
        rows.gate(rows.compound(), place_code=CODE)
        assert rider.get(f"/places/{CODE}").status_code == 404


class TestNews:
    """`GET /badge/news`"""

    def _news(self, client: FlaskClient) -> Any:
        answer = client.get("/badge/news")
        assert answer.status_code == 200
        return answer.get_json()["pass"]

    def test_the_newest_pass_of_the_last_fifteen_minutes(
        self, rider: FlaskClient, rider_person: Person, rows: GateRows, gate: int,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        assert self._news(rider) is None
        at = clock.now()
        rows.passed(gate, at - timedelta(minutes=1), rider_id=rider_person.id)
        rows.passed(gate, at, rider_id=rider_person.id, key="newest", method="self",
                    phone_level="amber")  # fmt: skip
        held_clock.forward(minutes=14, seconds=59)
        found = self._news(rider)
        assert found["gate"].keys() == found["compound"].keys() == {"id", "zh", "en"}
        assert found["gate"]["id"] == gate
        del found["gate"], found["compound"]
        assert found == {
            "key": "newest", "at": clock.to_ms(at), "direction": "entry", "level": "amber",
            "self": True,
        }  # fmt: skip
        held_clock.forward(seconds=1)
        assert self._news(rider) is None

    @pytest.mark.parametrize(
        "other", [{"outcome": "refused"}, {"undone_at": "now"}, {"rider_id": None}], ids=str
    )
    def test_what_let_this_rider_through_nowhere_is_no_news(
        self, rider: FlaskClient, rider_person: Person, rows: GateRows, gate: int,
        held_clock: Clock, other: dict[str, Any],
    ) -> None:  # fmt: skip
        now = clock.now()
        values = {name: now if value == "now" else value for name, value in other.items()}
        rows.passed(gate, now, **({"rider_id": rider_person.id} | values))
        assert self._news(rider) is None

    def test_it_reads_few_rows_by_an_index_and_writes_nothing(
        self, app: Flask, rider: FlaskClient, rider_person: Person, rows: GateRows, gate: int,
        session: Session,
    ) -> None:  # fmt: skip
        rows.passed(gate, clock.now(), rider_id=rider_person.id)
        rider.get("/badge/news")
        said: list[str] = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        rider.get("/badge/news")
        said = [one for one in said if not one.startswith("BEGIN")]
        assert all(one.startswith("SELECT") for one in said)
        assert sum("FROM passes" in one for one in said) == 1
        assert len(said) <= 6
        if session.get_bind().dialect.name == "sqlite":
            [wanted] = [one for one in said if "FROM passes" in one]
            plan = session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {wanted}", tuple(range(wanted.count("?")))
            )
            assert any("ix_passes_rider_at" in row[3] for row in plan)


def test_riders_are_limited_one_by_one(make: Callable[..., Flask], held_clock: Clock) -> None:
    """Many share an address, and each badge asks four times a minute."""
    app = make(RATELIMIT_ENABLED=True)
    people = People(app)
    statuses = []
    for _rider in range(2):
        client = app.test_client()
        sign_in(client, people.make("rider"))
        statuses.append([client.get("/badge/news").status_code for _time in range(61)])
    assert statuses == [[200] * 60 + [429]] * 2
