"""What may come with a step, and how much of it."""

import pytest
from werkzeug.datastructures import MultiDict

from app.blueprints.cases.life import Details
from app.blueprints.cases.step_forms import form_for, form_from_fields
from app.blueprints.cases.transitions import NAMES


@pytest.mark.parametrize("step", NAMES)
def test_every_step_has_a_form_that_bounds_its_note(step: str) -> None:
    assert form_for(step, MultiDict({"note": "x" * 500, "version": "3"})).validate()
    assert "note" in _wrong(step, {"note": "x" * 501})


def _wrong(step: str, sent: dict[str, str]) -> dict[str, object]:
    form = form_for(step, MultiDict(sent))
    assert not form.validate()
    return form.errors


@pytest.mark.parametrize("hours", ["0", "241", "-1", "1.5", "x", "9" * 400, "nan"])
@pytest.mark.parametrize("step", ["ask_extension", "grant"])
def test_hours_are_bounded(step: str, hours: str) -> None:
    assert list(_wrong(step, {"hours": hours})) == ["hours"]


@pytest.mark.parametrize("number", ["0", "-3", "x", str(2**31), "1e400"])
def test_ids_are_those_of_rows(number: str) -> None:
    assert list(_wrong("dispatch", {"department_id": number})) == ["department_id"]
    assert list(_wrong("merge", {"into_id": number})) == ["into_id"]
    assert list(_wrong("take", {"version": number})) == ["version"]


def _parts(*rows: tuple[str, str]) -> dict[str, str]:
    sent = {"department_id": "7"}
    for number, (department, task) in enumerate(rows):
        sent |= {f"parts-{number}-department_id": department, f"parts-{number}-task": task}
    return sent


def test_parts_for_other_departments_and_empty_rows_that_are_none() -> None:
    form = form_for("dispatch", MultiDict(_parts(("8", "清扫"), ("", ""), ("9", "围挡"))))
    assert form.validate()
    assert form.details() == Details(department_id=7, parts=((8, "清扫"), (9, "围挡")))


@pytest.mark.parametrize("part", [("8", ""), ("", "清扫"), ("8", "x" * 201), ("x", "清扫")])
def test_half_a_part_is_none(part: tuple[str, str]) -> None:
    assert list(_wrong("dispatch", _parts(part))) == ["parts"]


def test_five_parts_and_not_six() -> None:
    rows = [(str(number), "清扫") for number in range(1, 7)]
    assert form_for("dispatch", MultiDict(_parts(*rows[:5]))).validate()
    assert list(_wrong("dispatch", _parts(*rows))) == ["parts"]


def test_from_an_outbox() -> None:
    form = form_from_fields("finish", {
        "note": "已清运", "version": 4, "latitude": 31.3, "longitude": None, "more": [1],
    })  # fmt: skip
    assert form.validate()
    told = Details(note="已清运", version=4, photos=("ab",), data={"latitude": 31.3})
    assert form.details(["ab"]) == told


@pytest.mark.parametrize(
    "fields", [{"latitude": 91}, {"longitude": float("inf")}, {"accuracy_m": -1}]
)
def test_a_place_is_on_the_earth(fields: dict[str, object]) -> None:
    assert not form_from_fields("verify", fields).validate()


def test_what_a_service_finds_wrong_stands_at_its_field() -> None:
    form = form_for("ask_extension", MultiDict({"note": "慢"}))
    form.validate()
    form.say({"hours": ["one"], "elsewhere": ["two"]})
    assert form.errors == {"hours": ["one"], "note": ["two"]}
