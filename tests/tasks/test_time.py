"""What runs out: claims, tasks, patience with who does not come; and what arrives late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.blueprints.notifications.models import Notification
from app.blueprints.tasks import claiming
from app.blueprints.tasks.models import Claim, Task
from app.blueprints.tasks.no_shows import PATIENCE, no_shows_of
from app.errors import DomainError
from tests.conftest import Clock
from tests.support.people import Person
from tests.support.tasks import Office, Tasks
from tests.tasks.test_checking import told
from tests.tasks.test_claiming import refused

RunJobs = Callable[[], None]


def test_a_claim_that_nobody_handed_in_gives_its_place_back(
    tasks: Tasks, office: Office, rider_person: Person, rider_two: Person, held_clock: Clock,
    run_jobs: RunJobs,
) -> None:  # fmt: skip
    task_id = office.publish(needed=1, claim_minutes=60)
    claim_id = tasks.claim(rider_person, task_id)
    held_clock.forward(minutes=59)
    run_jobs()
    assert refused(tasks.claim, rider_two, task_id) == "full"
    held_clock.forward(minutes=1)
    run_jobs()
    assert tasks.state(claim_id) == "expired"
    assert "task_expired" in told(tasks, rider_person)
    tasks.claim(rider_two, task_id)
    assert refused(tasks.claim, rider_person, task_id) == "conflict"


def test_a_rider_is_reminded_once_before_the_time_is_over(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    tasks.claim(rider_person, office.publish(claim_minutes=60))
    run_jobs()
    assert told(tasks, rider_person) == []
    held_clock.forward(minutes=31)
    run_jobs()
    run_jobs()
    with tasks.seen() as session:
        found = session.scalars(select(Notification)).all()
        assert [(one.kind, one.url) for one in found] == [("task_due_soon", "/tasks#t=1")]


def test_a_task_takes_nobody_after_its_end_and_what_was_handed_in_is_checked(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    task_id = office.publish()
    claim_id = tasks.done(rider_person, task_id)
    held_clock.forward(hours=3)
    run_jobs()
    with tasks.seen() as session:
        assert session.get_one(Task, task_id).state == "closed"
    tasks.check(office.person, claim_id, "accept")
    assert tasks.places(task_id) == (2, 1, 1)


def test_three_no_shows_pause_a_rider_for_a_week(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    for _time in range(PATIENCE.most):
        tasks.claim(rider_person, office.publish())
        held_clock.forward(hours=4)
        run_jobs()
    task_id = office.publish(ends_at=held_clock.now() + timedelta(days=20))
    with pytest.raises(DomainError, match="paused") as caught:
        tasks.claim(rider_person, task_id)
    assert "3" in str(caught.value.message)
    held_clock.forward(days=7)
    tasks.claim(rider_person, task_id)


def test_who_handed_in_and_was_sent_back_has_not_stayed_away(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    tasks.check(office.person, claim_id, "send_back", "再拍")
    held_clock.forward(days=2)
    run_jobs()
    assert tasks.state(claim_id) == "expired"
    with tasks.seen() as session:
        assert no_shows_of(session, rider_person.id, now=held_clock.now()).count == 0


def test_what_was_done_in_time_counts_though_it_arrives_late(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    task_id = office.publish(claim_minutes=60)
    claim_id = tasks.claim(rider_person, task_id)
    done_at = held_clock.now() + timedelta(minutes=50)
    held_clock.forward(days=6)
    run_jobs()
    assert refused(tasks.hand_in, rider_person, claim_id, at=held_clock.now()) == "too_late"
    tasks.hand_in(rider_person, claim_id, at=done_at)
    with tasks.seen() as session:
        claim = session.get_one(Claim, claim_id)
        assert (claim.state, claim.marks, claim.captured_at) == ("handed_in", ["late"], done_at)
        assert no_shows_of(session, rider_person.id, now=held_clock.now()).count == 0
    assert tasks.places(task_id) == (2, 1, 0)


def test_after_seven_days_or_by_a_wrong_clock_nothing_counts(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    claim_id = tasks.claim(rider_person, office.publish(claim_minutes=60))
    done_at = held_clock.now()
    held_clock.forward(hours=2)
    run_jobs()
    late = {"at": done_at, "clock_off": True}
    assert refused(tasks.hand_in, rider_person, claim_id, **late) == "too_late"
    held_clock.forward(days=7)
    assert refused(tasks.hand_in, rider_person, claim_id, at=done_at) == "too_late"


def test_late_work_for_a_filled_task_makes_room_as_far_as_the_budget_goes(
    tasks: Tasks, rider_person: Person, rider_two: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    poor, rich = tasks.office(points=10), tasks.office(points=100)
    for office, places in ((poor, (1, 1, 0)), (rich, (2, 2, 0))):
        task_id = office.publish(needed=1, points=10, claim_minutes=30)
        claim_id = tasks.claim(rider_person, task_id)
        done_at = held_clock.now()
        held_clock.forward(minutes=31)
        run_jobs()
        tasks.claim(rider_two, task_id)
        if office is poor:
            assert refused(tasks.hand_in, rider_person, claim_id, at=done_at) == "full"
        else:
            tasks.hand_in(rider_person, claim_id, at=done_at)
        assert tasks.places(task_id) == places


def test_letting_go_before_the_time_is_no_no_show(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    claim_id = tasks.claim(rider_person, office.publish())
    tasks.do(rider_person, lambda s, u, now: claiming.release(s, u, claim_id, now=now).id)
    held_clock.forward(days=1)
    run_jobs()
    with tasks.seen() as session:
        assert no_shows_of(session, rider_person.id, now=held_clock.now()).count == 0
