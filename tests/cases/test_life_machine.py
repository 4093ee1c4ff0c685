"""Only what the table lists happens, whoever tries what, in whichever order, on a real database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step, take_step_alone
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.standing import who_is
from app.blueprints.cases.transitions import (
    NAMES,
    RESUMES,
    SHORT_OF_STATE,
    STEPS,
    Need,
    Step,
    Who,
    step_of,
    steps_for,
)
from app.blueprints.notifications.models import Notification
from app.blueprints.reports.models import Report, ReportEvent, State
from app.errors import Conflict, DomainError, Invalid
from app.extensions import db
from app.lib import clock
from tests.support.cases import CaseDesk
from tests.support.threads import at_once

PEOPLE = (
    "rider", "other_rider", "dispatcher", "administrator", "handler", "other_handler",
    "third_handler", "grid_worker", "other_grid_worker",
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(module_app: Flask) -> CaseDesk:
    return CaseDesk(module_app)


@dataclass
class Stock:
    """A case in each state, made when it is first asked for, and a photo of each person. Tests take
    steps from there in a session that is rolled back, so that one stock is enough for all."""

    desk: CaseDesk
    _ids: dict[State, int] = field(default_factory=dict)

    def at(self, state: State) -> int:
        if state not in self._ids:
            self._ids[state] = self.desk.at(state)
        return self._ids[state]

    @cached_property
    def into_id(self) -> int:
        return self.desk.at(State.ACCEPTED)

    @cached_property
    def photos(self) -> dict[str, str]:
        return {name: self.desk.photo(getattr(self.desk, name)) for name in PEOPLE}


@pytest.fixture(scope="module")
def stock(desk: CaseDesk) -> Stock:
    return Stock(desk)


@pytest.fixture
def inside(module_app: Flask) -> Iterator[Session]:
    """A session with the application around it; what it did is taken back."""
    with module_app.app_context():
        yield db.session()
        db.session.remove()


@dataclass
class Life:
    """One case, the people around it, and photos that each has sent."""

    desk: CaseDesk
    session: Session
    case: Report
    photos: dict[str, str]
    into_id: int

    def user(self, name: str) -> User:
        return self.session.get_one(User, getattr(self.desk, name).id)

    def row(self) -> dict[str, Any]:
        """Everything of the case that a step could change, read from the database."""
        self.session.expire_all()
        found = {column.key: getattr(self.case, column.key) for column in Report.__table__.columns}
        for model in (ReportEvent, Notification, CasePart):
            found[model.__tablename__] = self.session.scalar(
                select(func.count()).select_from(model)
            )
        return found


def begin(stock: Stock, session: Session, state: State = State.RECEIVED) -> Life:
    """A case in a state, as if nothing had been tried on it before."""
    session.rollback()
    case_id, into_id, photos = stock.at(state), stock.into_id, stock.photos
    return Life(stock.desk, session, session.get_one(Report, case_id), photos, into_id)


def details(life: Life, person: str, **changed: Any) -> Details:
    """Everything that any step could need."""
    whole: dict[str, Any] = {
        "note": "说明", "photos": (life.photos[person],), "hours": 8, "satisfied": True,
        "department_id": life.desk.department_id, "into_id": life.into_id,
    }  # fmt: skip
    return Details(**(whole | changed))


def attempt(life: Life, person: str, name: str, given: Details, moment: Any) -> bool:
    """Try a step as an edge would; whether it was taken. What is refused changes nothing."""
    before, events = life.row(), _events(life)
    version, state = life.case.version, life.case.state
    who = who_is(life.session, life.user(person), life.case)
    row = step_of(name, who, state)
    try:
        with life.session.begin_nested():
            take_step(life.session, life.user(person), life.case, name, given, now=moment)
    except DomainError:
        assert life.row() == before
        return False
    assert row is not None, f"{name} of {person} from {state} stands nowhere"
    life.session.flush()
    life.session.expire_all()
    _is_as_listed(life, row, (state, version), before["resume_state"])
    new = _events(life)[len(events) :]
    assert [(one.step, one.actor_id) for one in new] == [(name, life.user(person).id)]
    return True


def _is_as_listed(life: Life, row: Step, before: tuple[State, int], resume: Any) -> None:
    state, version = before
    target = resume if row.name in RESUMES else row.target or state
    assert state in row.sources
    assert life.case.state == target
    assert life.case.version == version + (row.name not in SHORT_OF_STATE)


def _events(life: Life) -> list[ReportEvent]:
    found = select(ReportEvent).where(ReportEvent.report_id == life.case.id)
    return list(life.session.scalars(found.order_by(ReportEvent.id)))


def replay(life: Life) -> None:
    """A case's events lead from nothing to where it stands, without a gap."""
    state, version = None, 0
    for event in _events(life):
        assert event.from_state == state
        state = State(event.to_state)
        version += event.step not in SHORT_OF_STATE
    assert (state, version) == (life.case.state, life.case.version)


ANY = st.fixed_dictionaries(
    {},
    optional={
        "note": st.sampled_from(["", "x" * 501]),
        "photos": st.sampled_from([(), ("ab" * 32,)]),
        "hours": st.sampled_from([None, 0, 241, 1]),
        "version": st.integers(0, 3),
        "department_id": st.sampled_from(["other", "third", "grid", None]),
        "into_id": st.sampled_from(["itself", None]),
    },
)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE), st.integers(0, 99), st.booleans(), ANY,
        st.integers(0, 3 * 24 * 3600),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_no_sequence_leads_anywhere_that_is_not_listed(
    stock: Stock, inside: Session, moves: list[Any]
) -> None:
    """Half of the tries are steps that the person may take now, or nothing would get far."""
    life, moment = begin(stock, inside), clock.now()
    for person, number, sensible, changed, later_s in moves:
        moment += timedelta(seconds=later_s)
        may = steps_for(who_is(inside, life.user(person), life.case), life.case.state)
        names = [step.name for step in may] if sensible and may else NAMES
        odd = {} if sensible else dict(changed)
        whole = details(life, person, **_named(life, odd))
        attempt(life, person, names[number % len(names)], whole, moment)
    replay(life)


def _named(life: Life, changed: dict[str, Any]) -> dict[str, Any]:
    desk = life.desk
    departments = {
        "other": desk.other_department_id, "third": desk.third_department_id, "grid": desk.grid_id,
    }  # fmt: skip
    for key, places in (("department_id", departments), ("into_id", {"itself": life.case.id})):
        if key in changed:
            changed[key] = places.get(changed[key])
    return changed


@pytest.mark.parametrize("state", list(State))
def test_from_each_state_nobody_takes_a_step_that_is_not_listed(
    stock: Stock, inside: Session, state: State
) -> None:
    life = begin(stock, inside, state)
    before = life.row()
    for person in PEOPLE:
        whole, who = details(life, person), who_is(inside, life.user(person), life.case)
        for name in NAMES:
            if step_of(name, who, state) is None:
                assert _refused(life, person, name, whole), f"{person} may {name} from {state}"
        assert life.row() == before, f"what {person} was refused from {state} left something"


def _refused(life: Life, person: str, name: str, given: Details) -> bool:
    try:
        with life.session.begin_nested():
            take_step(life.session, life.user(person), life.case, name, given, now=clock.now())
    except DomainError:
        return True
    return False


PERSON = {
    Who.REPORTER: "rider", Who.CENTRE: "dispatcher", Who.AUTHORITY: "administrator",
    Who.DEPARTMENT: "handler", Who.ASSISTANT: "third_handler", Who.VERIFIER: "grid_worker",
}  # fmt: skip


@pytest.mark.parametrize("who", list(PERSON))
def test_each_row_is_taken_from_each_of_its_states(stock: Stock, inside: Session, who: Who) -> None:
    rows = [(step, source) for step in STEPS if step.who is who for source in step.sources]
    assert rows
    for step, source in rows:
        life = begin(stock, inside, source)
        changed = _come_before(life, step)
        given = details(life, PERSON[who], **changed)
        taken = attempt(life, PERSON[who], step.name, given, clock.now())
        assert taken, f"{who} does not take {step.name} from {source}"
        replay(life)


def _come_before(life: Life, step: Step) -> dict[str, Any]:
    """Do what a step needs to have been done; answers which of its details are special."""
    if step.who is Who.ASSISTANT:
        part = CasePart(
            report_id=life.case.id, department_id=life.desk.third_department_id, task="围挡"
        )
        life.session.add(part)
        life.session.flush()
    if step.name == "lift":
        assert attempt(life, "administrator", "supervise", Details(note="要紧"), clock.now())
    return {"department_id": life.desk.other_department_id} if step.name == "redispatch" else {}


def test_the_system_takes_its_rows_alone(stock: Stock, inside: Session) -> None:
    rows = [(step, one) for step in STEPS if step.who is Who.SYSTEM for one in step.sources]
    assert rows
    for step, source in rows:
        life = begin(stock, inside, source)
        note = "现场看过" if Need.NOTE in step.needs else ""
        take_step_alone(inside, life.case, step.name, Details(note), now=clock.now())
        reached = source if step.name in SHORT_OF_STATE else State.HANDLING
        assert life.case.state == reached, f"{step.name} from {source}"


def test_the_system_writes_no_empty_note(stock: Stock, inside: Session) -> None:
    life = begin(stock, inside, State.HANDLING)
    with pytest.raises(Invalid):
        take_step_alone(inside, life.case, "note", Details(), now=clock.now())


def test_what_a_step_needs_it_needs(stock: Stock, inside: Session) -> None:
    lacking = {
        Need.NOTE: {"note": ""}, Need.PHOTO: {"photos": ()}, Need.HOURS: {"hours": None},
        Need.NOTE_OR_PHOTO: {"note": "", "photos": ()}, Need.DEPARTMENT: {"department_id": None},
        Need.CASE: {"into_id": None},
    }  # fmt: skip
    people = [one for one in STEPS if one.who is not Who.SYSTEM]
    for step, need in [(one, need) for one in people for need in one.needs]:
        life = begin(stock, inside, step.sources[0])
        given = details(life, PERSON[step.who], **lacking[need])
        taken = attempt(life, PERSON[step.who], step.name, given, clock.now())
        assert not taken, f"{step.who} takes {step.name} without its {need}"


def _targets(step: Step) -> set[State]:
    if step.name in RESUMES:
        return {source for one in STEPS if one.name == "ask" for source in one.sources}
    return {step.target} if step.target else set()


def test_every_state_is_come_to_and_can_be_left_and_ends_well() -> None:
    """By walking the table: from received to each, and from each to closed by other people than
    the reporter, or by the reporter where the case is theirs to end."""
    ways = {
        state: {to for step in STEPS if state in step.sources for to in _targets(step)}
        for state in State
    }
    for state in State:
        assert ways[state] - {state}, f"{state} cannot be left"
        assert _reached(ways, State.RECEIVED) == set(State)
        assert State.CLOSED in _reached(ways, state)


def _reached(ways: dict[State, set[State]], start: State) -> set[State]:
    seen, ahead = {start}, [start]
    while ahead:
        for state in ways[ahead.pop()] - seen:
            seen.add(state)
            ahead.append(state)
    return seen


def test_of_two_dispatchers_one_wins_and_the_other_reads_who_did(desk: CaseDesk) -> None:
    case_id = desk.at(State.ACCEPTED)
    people = (desk.dispatcher, desk.other_dispatcher)
    departments = (desk.department_id, desk.other_department_id)

    def dispatch(number: int) -> str:
        try:
            desk.step(
                people[number], case_id, "dispatch", version=2, department_id=departments[number]
            )
        except Conflict as error:
            return str(error.message)
        return "won"

    answers = at_once(dispatch, 2)
    assert answers.count("won") == 1
    winner, loser = answers.index("won"), 1 - answers.index("won")
    assert people[winner].name in answers[loser]
    with desk.app.app_context():
        case = db.session.get_one(Report, case_id)
        steps = [event.step for event in case.events]
        assert steps == ["receive", "accept", "dispatch"]
        assert case.department_id == departments[winner]
        db.session.remove()


def test_two_merges_that_go_opposite_ways_make_no_circle(desk: CaseDesk) -> None:
    ids = [desk.at(State.ACCEPTED), desk.at(State.ACCEPTED)]

    def merge(number: int) -> bool:
        try:
            desk.step(desk.dispatcher, ids[number], "merge", into_id=ids[1 - number])
        except Conflict:
            return False
        return True

    assert sorted(at_once(merge, 2)) == [False, True]


def test_killed_before_the_commit_nothing_is_half_done(desk: CaseDesk, tmp_path: Path) -> None:
    case_id, url = desk.at(State.ACCEPTED), desk.app.config["SQLALCHEMY_DATABASE_URI"]
    program = f"""
import os, pathlib
from tests.support.applications import make_app
from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step
from app.blueprints.reports.models import Report
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
with make_app({url!r}, pathlib.Path({str(tmp_path / "other")!r})).app_context():
    session = db.session()
    with transaction(session):
        parts = (({desk.third_department_id}, "x"),)
        given = Details(department_id={desk.department_id}, parts=parts)
        actor = session.get_one(User, {desk.dispatcher.id})
        case = session.get_one(Report, {case_id})
        take_step(session, actor, case, "dispatch", given, now=clock.now())
        os._exit(9)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], env=dict(os.environ),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 9, done.stderr
    with desk.app.app_context():
        case = db.session.get_one(Report, case_id)
        assert (case.state, case.version, case.due_at) == (State.ACCEPTED, 2, None)
        assert [event.step for event in case.events] == ["receive", "accept"]
        parts = select(func.count()).where(CasePart.report_id == case_id)
        assert db.session.scalar(parts) == 0
        db.session.remove()
    desk.step(desk.dispatcher, case_id, "dispatch", version=2, department_id=desk.department_id)
