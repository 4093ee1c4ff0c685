"""Many at once, and some of them killed: no place is given twice, and none is lost."""

import random
from functools import partial

from flask import Flask
from sqlalchemy import select

from app.blueprints.points.models import Occurrence, Outcome
from app.blueprints.tasks import claiming
from app.blueprints.tasks.models import HOLDING, Claim, ClaimEvent, ClaimState, QuestionKind, Task
from app.blueprints.tasks.terms import Proof, Question
from app.errors import DomainError
from app.extensions import db
from tests.support.killing import Writers
from tests.support.people import Person
from tests.support.tasks import Office, Tasks
from tests.support.threads import at_once

THREADS = 16
YES_NO = Proof(questions=(Question("好了吗？", QuestionKind.YES_NO),))


def tried(tasks: Tasks, act: object, *args: object) -> str:
    """What came of it: done, or the error's code."""
    try:
        act(*args)  # type: ignore[operator]
    except DomainError as error:
        return error.code
    finally:
        with tasks.app.app_context():
            db.session.remove()
    return "done"


def check(tasks: Tasks, task_id: int) -> None:
    """Places, points and events of a task follow from its claims."""
    with tasks.seen() as session:
        task = session.get_one(Task, task_id)
        claims = session.scalars(select(Claim).where(Claim.task_id == task_id)).all()
        states = [ClaimState(one.state) for one in claims]
        assert task.taken == sum(state in HOLDING for state in states) <= task.needed
        assert task.accepted == states.count(ClaimState.ACCEPTED)
        waiting = select(Occurrence.source_id).where(Occurrence.outcome == Outcome.WAITING)
        accepted = select(Claim.id).where(Claim.state == ClaimState.ACCEPTED)
        assert sorted(session.scalars(waiting)) == sorted(session.scalars(accepted))
        for claim in claims:
            last = select(ClaimEvent.to_state).where(ClaimEvent.claim_id == claim.id)
            assert session.scalar(last.order_by(ClaimEvent.id.desc()).limit(1)) == claim.state
            assert claim.version == len(session.scalars(last).all())


def test_sixteen_at_once_take_no_more_places_than_there_are(tasks: Tasks, office: Office) -> None:
    task_id = office.publish(needed=5)
    riders = [tasks.people.make("rider") for _rider in range(THREADS)]
    came = at_once(lambda n: tried(tasks, tasks.claim, riders[n], task_id), THREADS)
    assert sorted(came) == ["done"] * 5 + ["full"] * (THREADS - 5)
    check(tasks, task_id)


def test_one_rider_on_many_phones_takes_one_place(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish(needed=5)
    came = at_once(lambda _n: tried(tasks, tasks.claim, rider_person, task_id))
    assert came.count("done") == 1
    assert tasks.places(task_id) == (5, 1, 0)


def test_one_rider_on_many_phones_has_no_more_at_once_than_anybody(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    ids = [office.publish() for _task in range(8)]
    came = at_once(lambda n: tried(tasks, tasks.claim, rider_person, ids[n]))
    assert came.count("done") == claiming.MOST_AT_ONCE


def test_two_who_check_the_same_at_once_give_one_verdict(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish()
    claim_id = tasks.done(rider_person, task_id)
    verdicts = ("accept", "refuse") * 4
    came = at_once(lambda n: tried(tasks, tasks.check, office.person, claim_id, verdicts[n]))
    assert came.count("done") == 1
    check(tasks, task_id)


def test_what_is_published_at_once_promises_no_more_than_the_budget(tasks: Tasks) -> None:
    office = tasks.office(points=50)
    ids = [office.make(needed=2, points=10) for _task in range(8)]
    came = at_once(lambda n: tried(tasks, office.open, ids[n]))
    assert sorted(came) == ["done"] * 2 + ["invalid"] * 6


def test_killed_processes_lose_no_place_and_give_none_twice(
    app: Flask, tasks: Tasks, office: Office
) -> None:
    riders = [tasks.people.make("rider").id for _rider in range(12)]
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    chance = random.Random(6)
    for _turn in range(3):  # a task each, as what was refused or accepted comes to rest
        task_id = office.publish(needed=3, proof=YES_NO)
        writers = Writers("tests.tasks.hammer", url, [task_id, office.person.id, *riders], chance)
        writers.run_and_kill(partial(_has_done_all, tasks, task_id))
        check(tasks, task_id)


def _has_done_all(tasks: Tasks, task_id: int) -> bool:
    steps = select(ClaimEvent.step).join(Claim, Claim.id == ClaimEvent.claim_id)
    with tasks.seen() as session:
        written = set(session.scalars(steps.where(Claim.task_id == task_id)))
    return {"claim", "hand_in", "accept"} <= written
