"""The document of a case's life says what the table of transitions says."""

import re
from pathlib import Path

from app.blueprints.cases import telling
from app.blueprints.cases.transitions import RESUMES, STEPS, Step
from app.blueprints.reports.models import OPEN, State

DOCUMENT = Path(__file__).parents[2] / "docs/protocols/case.md"


def _rows(title: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _sources(cell: str) -> set[State]:
    if cell == "any":
        return set(State)
    return set(OPEN) if cell == "any open" else {State(name) for name in _named(cell)}


def _row_of(step: Step) -> tuple[str, str, set[State], str, list[str], str]:
    target = step.target.value if step.target else "stays"
    if step.name in RESUMES:
        target = "where it was asked"
    shown = "internal" if step.internal else "shown"
    return step.name, step.who, set(step.sources), target, [*step.needs], shown


def test_the_steps_are_those_of_the_table() -> None:
    written = [
        (
            _named(name)[0],
            _named(who)[0],
            _sources(sources),
            target.strip("`"),
            _named(needs),
            shown,
        )
        for name, who, sources, target, needs, shown in _rows("Steps")
    ]
    assert written == [_row_of(step) for step in STEPS]


def test_the_states_are_all_there() -> None:
    rows = _rows("Words")
    assert {_named(state)[0] for state, _open, _turn in rows} == set(State)
    assert {_named(state)[0] for state, is_open, _turn in rows if is_open == "yes"} == set(OPEN)


def test_the_steps_that_people_are_told_of_are_those() -> None:
    told = {name for steps, _whom in _rows("Who is told") for name in _named(steps)}
    groups = (
        telling.TO_REPORTER, telling.TO_CENTRE, telling.TO_VERIFIERS, telling.TO_ASSISTANTS,
        telling.GONE, telling.TO_DEPARTMENT,
    )  # fmt: skip
    listed = {name for group in groups for name in group}
    assert told | {"answer", "go_on"} == listed
