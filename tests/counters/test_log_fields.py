"""What a counter sends, read: bounded, and named where it does not fit."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.counters.log_fields import Log, TakeBack, read
from app.errors import Invalid
from app.lib import clock
from tests.counters.conftest import Counter


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"station": 0}, "station"), ({"station": "1"}, "station"), ({"station": 2**31}, "station"),
        ({"station": True}, "station"), ({"station": None}, "station"),
        ({"way": "poster"}, "way"), ({"way": None}, "way"), ({"way": ["hand"]}, "way"),
        ({"purpose": "sleep"}, "purpose"), ({"purpose": None}, "purpose"),
        ({"who": "cat"}, "who"), ({"who": "worker", "people": 0}, "people"),
        ({"who": "worker", "people": 100}, "people"), ({"who": "worker", "people": 1.5}, "people"),
        ({"label": "x" * 41}, "label"), ({"label": 7}, "label"), ({"label": "\0"}, "label"),
        ({"way": "badge"}, "code"), ({"way": "badge", "code": ""}, "code"),
        ({"way": "badge", "code": "x" * 9999}, "code"),
        ({"way": "number"}, "number"), ({"way": "number", "number": "12"}, "number"),
        ({"way": "number", "number": "x" * 99}, "number"),
        ({"undo": "x" * 99}, "undo"), ({"undo": 7}, "undo"), ({"undo": ""}, "undo"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_does_not_fit_is_named_and_holds_back_nothing(
    counter: Counter, fields: dict[str, Any], field: str
) -> None:
    wrong, right = counter.send(counter.item(**fields), counter.item())
    assert wrong["verdict"] == "rejected"
    assert list(wrong["errors"]) == [field]
    assert right["verdict"] == "accepted"
    assert len(counter.check_ins()) == 1


@given(st.dictionaries(
    st.sampled_from(["station", "way", "purpose", "who", "people", "code", "number", "label",
                     "undo"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=50),
              st.sampled_from(["hand", "badge", "number", "rest", "rider", "worker"]),
              st.lists(st.integers(), max_size=2)),
))  # fmt: skip
def test_any_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    with suppress(Invalid):
        assert isinstance(read("k", fields, clock.now()), Log | TakeBack)
