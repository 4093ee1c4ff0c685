"""A gate's rules: the server gives the answers that gate phones give."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.gates.models import Directions, Gate, Vehicles
from app.blueprints.gates.rules import GateRules, refusal
from app.lib import clock

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/gate_rules.json").read_text())
MINUTES = st.integers(0, 24 * 60 - 1)


def _gate(**rules: Any) -> Gate:
    """A gate's row with rules as they stand in JSON."""
    renamed = {"opens": "opens_min", "closes": "closes_min"}
    return Gate(**{renamed.get(name, name): value for name, value in rules.items()})


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: str(vector["name"]))
def test_each_vector_has_its_answer(vector: dict[str, Any]) -> None:
    rules = GateRules.of(_gate(**vector["rules"]))
    assert json.loads(json.dumps(rules.as_json())) == vector["rules"]
    refused = refusal(
        rules,
        vector["printed"],
        direction=vector["direction"],
        at=clock.from_ms(vector["now"] * 1000),
        printed_today=vector["printed_today"],
    )
    assert refused == vector["expect"]


@given(MINUTES, MINUTES, st.integers(0, 127), st.integers(0, 10**7))
def test_a_week_has_the_open_hours_of_its_days(
    opens: int, closes: int, weekdays: int, minutes_on: int
) -> None:
    """However the hours lie over midnight, and wherever the week begins."""
    start = datetime(2026, 1, 1, tzinfo=clock.LOCAL) + timedelta(minutes=minutes_on)
    rules = GateRules(weekdays, opens, closes, False, None, Vehicles.ANY, Directions.BOTH)
    samples = range(0, 7 * 24 * 60, 60)  # by the hour, at the start's own minute
    seen = sum(rules.is_open(start + timedelta(minutes=minute)) for minute in samples)
    a_day = sum(_within(opens, closes, (start.minute + 60 * hour)) for hour in range(24))
    assert seen == a_day * weekdays.bit_count()


def _within(opens: int, closes: int, minute: int) -> bool:
    return opens == closes or (minute - opens) % 1440 < (closes - opens) % 1440
