"""The demo's year of cases: every life replayed by the rules that real cases follow."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.cases import effects
from app.blueprints.cases.life import Details
from app.blueprints.cases.models import CaseLink, CasePart, LinkState
from app.blueprints.cases.transitions import (
    RESUMES,
    SHORT_OF_STATE,
    STEPS,
    Need,
    Step,
)
from app.blueprints.demo.people import ACCOUNTS
from app.blueprints.fairness.deeds import LAG
from app.blueprints.fairness.models import Review
from app.blueprints.fairness.noticing import look_at_some
from app.blueprints.organisations.models import Role
from app.blueprints.reports.models import Category, Report, ReportEvent, State
from app.lib import clock

REPLAYED = (
    "state", "version", "moved_at", "resume_state", "reason", "department_id", "filed_at",
    "dispatched_at", "handled_at", "closed_at", "due_at", "warn_at", "left_s", "limit_s",
    "supervised_at", "late", "returns", "reworks", "reopenings", "satisfied", "merged_into_id",
)  # fmt: skip
"""All that steps change but the points, which doubles get from the case they were merged into."""
LOOK_AT_OTHER_ROWS = ("finish_part", "appeal", "withdraw")
"""Steps that change no column, and ask of rows that are as they are at the end."""


@pytest.fixture
def loaded(app: Flask, session: Session) -> Session:
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output
    return session


def test_every_life_replays_to_its_row(loaded: Session) -> None:
    cases = loaded.scalars(
        select(Report).options(selectinload(Report.events).selectinload(ReportEvent.photos))
    ).all()
    roles = _roles(loaded)
    parts = _parts(loaded)
    for case in cases:
        replayed = _replay(loaded, case, roles)
        assert _columns(replayed) == _columns(case), case.number
        assert case.events == sorted(case.events, key=lambda event: event.at), case.number
        undone = [part for part in parts.get(case.id, []) if part.done_at is None]
        assert not (undone and case.state in (State.HANDLED, State.VERIFIED, State.CLOSED))
    _points_are_right({case.id: case for case in cases})


def _roles(session: Session) -> dict[int, set[Role]]:
    users = session.scalars(select(User).options(selectinload(User.memberships)))
    return {user.id: {one.role for one in user.memberships} for user in users}


def _parts(session: Session) -> dict[int, list[CasePart]]:
    found: dict[int, list[CasePart]] = {}
    for part in session.scalars(select(CasePart)):
        found.setdefault(part.report_id, []).append(part)
    return found


def _columns(case: Report) -> dict[str, Any]:
    return {name: getattr(case, name) for name in REPLAYED}


def _replay(session: Session, case: Report, roles: dict[int, set[Role]]) -> Report:
    """The case as its events make it, by the effects of real steps."""
    first, *later = case.events
    assert (first.step, first.from_state, first.to_state) == ("receive", None, State.RECEIVED)
    assert first.actor_id == case.reporter_id
    again = Report(
        id=case.id, category_code=case.category_code, state=State.RECEIVED, version=1,
        moved_at=case.received_at, returns=0, reworks=0, reopenings=0, points_earned=0,
    )  # fmt: skip
    for event in later:
        _step_again(session, again, case.category, event)
        _somebody_might(event, case, roles)
    return again


def _step_again(session: Session, again: Report, category: Category, event: ReportEvent) -> None:
    row = _row_of(event)
    data = event.data or {}
    details = Details(
        note=event.note or "", photos=tuple(one.sha256 for one in event.photos),
        department_id=data.get("department"), hours=data.get("hours"), into_id=data.get("into"),
        parts=tuple((part[0], part[1]) for part in data.get("parts", ())),
        satisfied=data.get("satisfied"),
    )  # fmt: skip
    _needs_are_met(row, details)
    resumed = again.resume_state if event.step in RESUMES else None
    changed: dict[str, Any] = {}
    if event.step not in LOOK_AT_OTHER_ROWS:
        with session.no_autoflush:
            like = _Named(again, category)
            changed = effects.changes(session, like, row, details, None, event.at)  # type: ignore[arg-type]
    assert event.from_state == again.state
    for name, value in changed.items():
        if name != "points_earned":
            setattr(again, name, value)
    if event.step not in SHORT_OF_STATE:
        again.state = resumed or row.target or again.state
        again.version, again.moved_at = again.version + 1, event.at
    assert event.to_state == again.state


class _Named:
    """A case outside of the session, with its category."""

    def __init__(self, case: Report, category: Category) -> None:
        self._case, self.category = case, category

    def __getattr__(self, name: str) -> Any:
        return getattr(self._case, name)


def _row_of(event: ReportEvent) -> Step:
    fitting = [
        step for step in STEPS
        if step.name == event.step and event.from_state in step.sources
        and step.internal == event.internal
    ]  # fmt: skip
    assert fitting, (event.step, event.from_state)
    by_photo = [step for step in fitting if (Need.PHOTO in step.needs) == bool(event.photos)]
    return (by_photo or fitting)[0]


def _needs_are_met(step: Step, details: Details) -> None:
    assert details.note or Need.NOTE not in step.needs, step
    assert details.photos or Need.PHOTO not in step.needs, step
    assert details.note or details.photos or Need.NOTE_OR_PHOTO not in step.needs, step
    assert details.department_id or Need.DEPARTMENT not in step.needs, step
    assert details.hours or Need.HOURS not in step.needs, step


def _somebody_might(event: ReportEvent, case: Report, roles: dict[int, set[Role]]) -> None:
    """Whoever acted holds a role by which somebody takes such a step."""
    assert event.actor_id is not None
    held = roles[event.actor_id]
    if event.actor_id == case.reporter_id:
        assert event.step in ("appeal", "withdraw", "restore", "answer", "reopen", "rate")
    else:
        assert held & {Role.DISPATCHER, Role.ADMINISTRATOR, Role.HANDLER, Role.GRID_WORKER}


def _points_are_right(cases: dict[int, Report]) -> None:
    for case in cases.values():
        whole = case.category.points
        if case.state == State.CLOSED:
            assert case.points_earned == whole
        elif case.merged_into_id and cases[case.merged_into_id].state == State.CLOSED:
            assert case.points_earned == (cases[case.merged_into_id].category.points + 1) // 2
        else:
            assert case.points_earned == 0


def test_something_of_every_state_is_there_to_look_at(loaded: Session) -> None:
    states: Counter[State] = Counter(loaded.scalars(select(Report.state)))
    assert set(states) == set(State)
    assert states[State.CLOSED] > 4000
    assert loaded.scalar(select(func.count()).where(CaseLink.state == LinkState.PROPOSED)) == 6


def test_the_accounts_to_try_have_work_today(loaded: Session) -> None:
    handler, grid_worker, rider = (_account(loaded, number) for number in (501, 401, 1))
    department, grid = _home(handler), _home(grid_worker)
    of_department = set(
        loaded.scalars(select(Report.state).where(Report.department_id == department))
    )
    assert of_department >= {
        State.DISPATCHED,
        State.HANDLING,
        State.EXTENSION_ASKED,
        State.REWORK,
        State.WAITING,
    }
    to_verify = select(func.count()).where(Report.grid_id == grid, Report.state == State.HANDLED)
    assert (loaded.scalar(to_verify) or 0) >= 8
    own = list(_own(loaded, rider))
    assert {State.WAITING, State.REJECTED} <= {case.state for case in own}
    assert any(case.state == State.CLOSED and case.satisfied is None for case in own)
    assert 0 < _reviews(loaded) <= 60


def _reviews(session: Session) -> int:
    """How many the worker opens once it has looked at all."""
    later = clock.now() + LAG
    while look_at_some(session, now=later):
        pass
    return session.scalar(select(func.count()).select_from(Review)) or 0


def _account(session: Session, number: int) -> User:
    phone = next(one.phone for one in ACCOUNTS if one.number == number)
    return session.scalars(select(User).where(User.phone == phone)).one()


def _home(user: User) -> int:
    return user.memberships[0].organisation_id


def _own(session: Session, user: User) -> Iterator[Report]:
    yield from session.scalars(select(Report).where(Report.reporter_id == user.id))
