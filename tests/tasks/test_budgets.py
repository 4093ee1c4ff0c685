"""Publishing promises no more than the budget has, and what comes again stops where it ends."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind
from app.blueprints.tasks import budgets, repeating, services
from app.blueprints.tasks.models import Task, TaskSeries
from app.errors import NotFound
from app.lib.clock import LOCAL, to_local
from tests.conftest import Clock
from tests.support.people import Person
from tests.support.tasks import Office, Tasks
from tests.tasks.test_checking import told, wrong_fields

RunJobs = Callable[[], None]


def funds(tasks: Tasks, office: Office) -> tuple[int, int]:
    with tasks.seen() as session:
        found = budgets.funds(session, office.id)
        return found.there, found.promised


def test_more_than_the_budget_has_is_not_published(tasks: Tasks) -> None:
    office = tasks.office(points=45)
    office.publish(needed=2, points=10)
    assert wrong_fields(office.publish, needed=3, points=10) == {"points"}
    office.publish(needed=2, points=10)
    assert funds(tasks, office) == (45, 40)


def test_without_a_budget_only_what_earns_nothing_is_published(tasks: Tasks) -> None:
    office = tasks.office(points=0)
    assert wrong_fields(office.publish, points=1) == {"points"}
    office.publish(points=0)


def test_the_authority_pays_out_of_the_district(
    tasks: Tasks, rider_person: Person, run_jobs: RunJobs
) -> None:
    office = tasks.office(points=0, kind=Kind.AUTHORITY)
    claim_id = tasks.done(rider_person, office.publish(points=10))
    tasks.check(office.person, claim_id, "accept")
    run_jobs()
    assert "task_accepted" in told(tasks, rider_person)
    with tasks.seen() as session:
        assert budgets.funds(session, office.id).there == 0


def test_what_was_promised_is_free_again_when_nobody_takes_it(
    tasks: Tasks, rider_person: Person, held_clock: Clock, run_jobs: RunJobs
) -> None:
    office = tasks.office(points=40)
    task_id = office.publish(needed=4, points=10)
    claim_id = tasks.done(rider_person, task_id)
    assert funds(tasks, office) == (40, 40)
    held_clock.forward(hours=3)
    run_jobs()
    assert funds(tasks, office) == (40, 10), "one is to be checked"
    tasks.check(office.person, claim_id, "accept")
    assert funds(tasks, office) == (40, 10), "accepted, and not paid yet"
    run_jobs()
    assert funds(tasks, office) == (30, 0)


def test_more_places_need_more_points(tasks: Tasks) -> None:
    office = tasks.office(points=30)
    task_id = office.publish(needed=2, points=10)

    def adjust(needed: int) -> None:
        def act(session: Session, user: User, now: datetime) -> None:
            task = session.get_one(Task, task_id)
            services.adjust(
                session, user, task_id, needed=needed, ends_at=task.ends_at, seen=task.version,
                now=now,
            )  # fmt: skip

        tasks.do(office.person, act)

    adjust(3)
    assert wrong_fields(adjust, 4) == {"points"}
    assert wrong_fields(adjust, 0) == {"needed"}
    adjust(1)
    assert funds(tasks, office) == (30, 10)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"title_zh": ""}, "title_zh"), ({"title_zh": "x" * 61}, "title_zh"),
        ({"words_zh": "x" * 1001}, "words_zh"), ({"five_role": "皇帝"}, "five_role"),
        ({"needed": 0}, "needed"), ({"needed": 10**6}, "needed"), ({"points": -1}, "points"),
        ({"points": 1001}, "points"), ({"claim_minutes": 5}, "claim_minutes"),
        ({"min_star": 6}, "min_star"), ({"radius_m": 5}, "radius_m"), ({"latitude": None}, "point"),
        ({"area_id": 1}, "point"), ({"distance_m": 5}, "distance_m"),
        ({"roles": ("emperor",)}, "roles"), ({"companies": (10**6,)}, "companies"),
        ({"case_id": 10**6}, "case"), ({"organisation_id": 10**6}, "organisation"),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field(
    office: Office, parts: dict[str, Any], field: str
) -> None:
    assert wrong_fields(office.make, **parts) == {field}


def test_times_must_make_sense(office: Office, held_clock: Clock) -> None:
    now = held_clock.now()
    for times in (
        {"ends_at": now}, {"ends_at": now + timedelta(days=91)},
        {"starts_at": now + timedelta(hours=2), "ends_at": now + timedelta(hours=1)},
    ):  # fmt: skip
        assert wrong_fields(office.make, **times) == {"ends_at"}


MORNING = datetime(2026, 6, 2, 9, tzinfo=LOCAL)
"""A Tuesday; the held clock stands at noon of the day before."""


def begin(office: Office, *weekdays: int, days: int = 30, **parts: Any) -> int:
    """A series from that morning on, for two hours each time; its id."""
    until = MORNING.date() + timedelta(days=days)
    ends_at = MORNING + timedelta(hours=2)
    draft = office.draft(starts_at=MORNING, ends_at=ends_at, **parts)
    return office.tasks.do(office.person, lambda session, user, now: repeating.begin(
        session, user, draft, weekdays=weekdays, until=until, now=now).id)  # fmt: skip


def made(tasks: Tasks) -> list[tuple[date | None, str]]:
    with tasks.seen() as session:
        found = select(Task.series_day, Task.state).order_by(Task.id)
        return [(row[0], row[1]) for row in session.execute(found)]


def test_a_series_makes_each_days_task_the_day_before_once(
    tasks: Tasks, office: Office, held_clock: Clock, run_jobs: RunJobs
) -> None:
    begin(office, 1, 2, 4, needed=1)  # Tuesday, Wednesday, Friday
    assert made(tasks) == [(date(2026, 6, 2), "open")]
    for _hour in range(4 * 8):
        held_clock.forward(hours=3)
        run_jobs()
    assert [day for day, _state in made(tasks)] == [
        date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 5)
    ]  # fmt: skip
    with tasks.seen() as session:
        task = session.scalars(select(Task).order_by(Task.id.desc())).first()
        assert task
        assert (to_local(task.starts_at).hour, to_local(task.ends_at).hour) == (9, 11)


def test_days_on_which_nothing_ran_are_left_out(
    tasks: Tasks, office: Office, held_clock: Clock, run_jobs: RunJobs
) -> None:
    begin(office, *repeating.EVERY_DAY, needed=1)
    held_clock.forward(days=5)
    run_jobs()
    assert [day for day, _state in made(tasks)] == [
        date(2026, 6, 2), date(2026, 6, 7)
    ]  # fmt: skip


def test_a_series_without_points_left_makes_drafts_and_says_so(
    tasks: Tasks, held_clock: Clock, run_jobs: RunJobs
) -> None:
    office = tasks.office(points=10)
    begin(office, *repeating.EVERY_DAY, needed=1, points=10)
    held_clock.forward(hours=20)  # the first is still to come
    run_jobs()
    assert [state for _day, state in made(tasks)] == ["open", "draft"]
    assert "task_short" in told(tasks, office.person)


def test_a_series_ends_on_its_last_day_or_when_it_is_ended(
    tasks: Tasks, office: Office, held_clock: Clock, run_jobs: RunJobs
) -> None:
    begin(office, *repeating.EVERY_DAY, days=1, needed=1)
    ended = begin(office, *repeating.EVERY_DAY, needed=1)
    with pytest.raises(NotFound):
        tasks.do(tasks.office().person, lambda s, u, now: repeating.end_series(
            s, u, ended, now=now).id)  # fmt: skip
    tasks.do(office.person, lambda s, u, now: repeating.end_series(s, u, ended, now=now).id)
    for _day in range(4):
        held_clock.forward(days=1)
        run_jobs()
    assert len(made(tasks)) == 3
    with tasks.seen() as session:
        left = select(func.count()).select_from(TaskSeries).where(TaskSeries.ended_at.is_(None))
        assert session.scalar(left) == 0


def test_what_comes_again_has_days_and_an_end(office: Office, held_clock: Clock) -> None:
    assert wrong_fields(begin, office) == {"weekdays"}
    assert wrong_fields(begin, office, 7) == {"weekdays"}
    assert wrong_fields(begin, office, 1, days=400) == {"until"}
