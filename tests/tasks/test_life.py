"""Whatever riders, offices and time do, in whatever order: only what the table lists happens, and
places, points and events follow from it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, pairwise

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.blueprints.points.models import Occurrence, Outcome
from app.blueprints.tasks import checking, claiming, expiring
from app.blueprints.tasks.models import HOLDING, Claim, ClaimEvent, ClaimState, Task
from app.blueprints.tasks.transitions import TASK_TRANSITIONS, TRANSITIONS, leads
from app.errors import DomainError
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import People
from tests.support.tasks import Office, Tasks

STEPS = sorted({one.step for one in TRANSITIONS} - {"expire", "cancel"})
ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([*STEPS, "hand_in", "accept"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["wait", "sweep", "cancel_task"]), st.integers(0, 3)),
    ),
    min_size=3,
    max_size=12,
)


class World:
    """One office, its colleague, three riders and a task with two places, at a time of its own."""

    def __init__(self, app: Flask) -> None:
        self.tasks = Tasks.with_rules(app, People(app, count(next(_numbers) * 100)))
        self.office: Office = self.tasks.office(points=30)
        self.colleague = self.tasks.colleague(self.office)
        self.riders = [self.tasks.people.make("rider") for _rider in range(3)]
        self.task_id = self.office.publish(needed=2, points=10)

    def claim_of(self, rider: int) -> tuple[int, ClaimState | None]:
        with self.tasks.seen() as session:
            found = select(Claim.id, Claim.state).where(
                Claim.task_id == self.task_id, Claim.rider_id == self.riders[rider].id
            )
            row = session.execute(found).first()
            return (row.id, ClaimState(row.state)) if row else (0, None)

    def act(self, step: str, number: int) -> None:
        """Try a step; where it leads if it is taken is what the table says."""
        if step in ("wait", "sweep", "cancel_task"):
            self._by_itself(step, number)
            return
        claim_id, before = self.claim_of(number)
        try:
            self._step(step, number, claim_id)
        except DomainError:
            assert self.claim_of(number)[1] == before
        else:
            assert self.claim_of(number)[1] == leads(step, before)

    def _by_itself(self, step: str, number: int) -> None:
        if step == "cancel_task":
            with pytest.raises(DomainError) if self._is_over() else _nothing():
                self.office.cancel(self.task_id)
        elif step == "wait":
            _moment.forward(timedelta(minutes=45 * (number + 1)))
        else:
            with self.tasks.app.app_context():
                for sweep in (expiring.remind, expiring.expire, expiring.end):
                    with transaction(db.session()):
                        sweep(db.session(), now=clock.now())

    def _is_over(self) -> bool:
        with self.tasks.seen() as session:
            return session.get_one(Task, self.task_id).state != "open"

    def _step(self, step: str, number: int, claim_id: int) -> None:
        rider, tasks = self.riders[number], self.tasks
        match step:
            case "claim":
                tasks.claim(rider, self.task_id)
            case "release":
                tasks.do(rider, lambda s, u, now: claiming.release(s, u, claim_id, now=now).id)
            case "hand_in":
                tasks.hand_in(rider, claim_id)
            case "appeal":
                tasks.do(rider, lambda s, u, now: claiming.appeal(s, u, claim_id, "对", now=now).id)
            case "accept" | "send_back" | "refuse":
                tasks.check(self.office.person, claim_id or 10**9, step)
            case "take_back":
                tasks.do(self.office.person, lambda s, u, now: checking.take_back(
                    s, u, claim_id, "不对", seen=self._version(claim_id), now=now).id)  # fmt: skip
            case "grant" | "uphold":
                tasks.answer(self.colleague, claim_id or 10**9, step)

    def _version(self, claim_id: int) -> int:
        found = db.session().scalar(select(Claim.version).where(Claim.id == claim_id))
        return found or 0

    def check(self) -> None:
        """What must hold at any moment."""
        with self.tasks.seen() as session:
            task = session.get_one(Task, self.task_id)
            claims = session.scalars(select(Claim).where(Claim.task_id == task.id)).all()
            states = [ClaimState(one.state) for one in claims]
            assert task.taken == sum(state in HOLDING for state in states) <= task.needed
            assert task.accepted == states.count(ClaimState.ACCEPTED)
            deeds = select(Occurrence.source_id).where(
                Occurrence.outcome == Outcome.WAITING,
                Occurrence.source_id.in_([one.id for one in claims]),
            )
            accepted = [one.id for one in claims if one.state == ClaimState.ACCEPTED]
            assert sorted(session.scalars(deeds)) == sorted(accepted)
            assert task.accepted * task.points <= 30, "more was promised than the budget has"
            for claim in claims:
                self._check_events(claim.id, claim.state)

    def _check_events(self, claim_id: int, state: str) -> None:
        found = select(ClaimEvent.step, ClaimEvent.to_state).where(ClaimEvent.claim_id == claim_id)
        rows = db.session().execute(found.order_by(ClaimEvent.id)).all()
        way: list[ClaimState | None] = [None, *(ClaimState(row.to_state) for row in rows)]
        for (before, after), row in zip(pairwise(way), rows, strict=True):
            assert leads(row.step, before) == after
        assert way[-1] == state


class _Moment:
    def __init__(self) -> None:
        self.ahead = timedelta()
        self.real = clock.now

    def now(self) -> object:
        return self.real() + self.ahead

    def forward(self, span: timedelta) -> None:
        self.ahead += span


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_error: object) -> None: ...


_moment = _Moment()
_numbers = count(1)


@pytest.fixture(autouse=True)
def moving_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", _moment.now)
    yield
    _moment.ahead = timedelta()


@settings(max_examples=25)
@given(acts=ACTS)
def test_any_order_of_steps_keeps_places_points_and_events(
    module_app: Flask, acts: list[tuple[str, int]]
) -> None:
    world = World(module_app)
    for act in acts:
        world.act(*act)
        world.check()


def test_every_state_is_reached_and_every_step_leads_to_one_state() -> None:
    assert {one.target for one in TRANSITIONS} == set(ClaimState)
    for table in (TRANSITIONS, TASK_TRANSITIONS):
        pairs = [(one.step, one.source) for one in table]
        assert len(set(pairs)) == len(pairs)


def test_what_nobody_may_leave_is_over() -> None:
    left = {one.source for one in TRANSITIONS}
    assert set(ClaimState) - left == {ClaimState.UPHELD, ClaimState.CANCELLED}
