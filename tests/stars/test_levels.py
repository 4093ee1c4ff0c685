"""Levels rise and fall by points earned in twelve months and by roles."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges.holders import enter_riders
from app.blueprints.badges.models import Holder
from app.blueprints.notifications.models import Notification
from app.blueprints.points import holds
from app.blueprints.points.awarding import award
from app.blueprints.points.models import Occurrence
from app.blueprints.points.occurrences import bar
from app.blueprints.points.requests import Order, Source
from app.blueprints.stars.levels import LADDER, Earned, first_counted, month_of, months_back
from app.blueprints.stars.models import Standing, StandingEvent, What
from app.blueprints.stars.page import view_of
from app.blueprints.stars.queries import level_of, levels_of
from app.blueprints.stars.reckoning import any_due, reckon_day
from app.lib import clock
from app.lib.clock import LOCAL
from app.lib.database import transaction
from tests.support.people import People, Person
from tests.support.stars import CIVILITY, INSPECTOR, NOON, SAFETY, do, settle, undo


@pytest.fixture
def rider_id(people: People) -> int:
    return people.make("rider").id


def kinds(session: Session, rider_id: int) -> list[str]:
    session.rollback()
    found = select(Notification.kind).where(Notification.user_id == rider_id)
    return list(session.scalars(found.order_by(Notification.id)))


def test_both_points_and_roles_are_needed_for_each_level() -> None:
    for step in LADDER:
        assert Earned(step.points, step.breadth).level == step.level
    for step in LADDER[1:]:
        assert Earned(step.points - 1, 5).level == step.level - 1
        assert Earned(100_000, step.breadth - 1).level == step.level - 1


def test_months_are_those_of_suzhou() -> None:
    last_night = datetime(2026, 4, 30, 16, tzinfo=UTC)
    assert month_of(last_night).isoformat() == "2026-05-01"
    assert month_of(last_night - timedelta(seconds=1)).isoformat() == "2026-04-01"
    assert first_counted(last_night).isoformat() == "2025-06-01"
    assert months_back(month_of(last_night), 5).isoformat() == "2025-12-01"
    assert months_back(month_of(last_night), -8).isoformat() == "2027-01-01"


def test_who_never_earned_has_one_star(session: Session, rider_id: int) -> None:
    assert level_of(session, rider_id) == 1
    assert levels_of(session, [rider_id]) == {rider_id: 1}
    assert levels_of(session, []) == {}


def test_a_level_rises_with_the_points_and_is_told_once(session: Session, rider_id: int) -> None:
    do(session, rider_id, 29, role=INSPECTOR)
    settle(session)
    assert level_of(session, rider_id) == 1
    do(session, rider_id, 1)
    settle(session)
    assert (level_of(session, rider_id), kinds(session, rider_id)) == (2, ["star_up"])
    do(session, rider_id, 5)
    settle(session)
    assert kinds(session, rider_id) == ["star_up"]


def test_points_alone_do_not_make_a_level(session: Session, rider_id: int) -> None:
    do(session, rider_id, 5000, role=INSPECTOR)
    settle(session)
    assert level_of(session, rider_id) == 2
    do(session, rider_id, 1, role=SAFETY)
    do(session, rider_id, 1, role=CIVILITY)
    settle(session)
    assert level_of(session, rider_id) == 4


def test_what_is_spent_still_counts_and_what_is_taken_back_does_not(
    session: Session, rider_id: int
) -> None:
    task = do(session, rider_id, 60, role=INSPECTOR)
    settle(session)
    order = Order("test", "1", Source("redemption", "1"))
    with transaction(session):
        hold = holds.hold(session, order, rider_id=rider_id, amount=60, now=NOON)
        holds.capture(session, order, hold_id=hold.id, now=NOON)
    settle(session)
    assert level_of(session, rider_id) == 2
    undo(session, task)
    settle(session)
    assert level_of(session, rider_id) == 1
    assert kinds(session, rider_id) == ["star_up", "points_back_task", "star_down"]
    events = session.scalars(select(StandingEvent.what).order_by(StandingEvent.id)).all()
    assert events == [What.ROSE, What.FELL]


def test_after_twelve_months_points_fall_out_by_the_daily_round(
    session: Session, rider_id: int
) -> None:
    do(session, rider_id, 60, role=INSPECTOR)
    settle(session)
    for now, level in (
        (datetime(2027, 4, 30, 15, 59, tzinfo=UTC), 2),
        (datetime(2027, 4, 30, 16, 1, tzinfo=UTC), 1),
    ):
        with transaction(session):
            reckon_day(session, now=now)
        assert level_of(session, rider_id) == level
    assert kinds(session, rider_id) == ["star_up", "star_down"]


def test_the_round_goes_over_everybody_once_a_day_batch_by_batch(
    session: Session, people: People
) -> None:
    for _rider in range(5):
        do(session, people.make("rider").id, 3)
    settle(session)

    def round_(now: datetime) -> list[int]:
        done = []
        while any_due(session, now=now):
            with transaction(session):
                done.append(reckon_day(session, now=now, limit=2))
        return done

    assert round_(NOON) == [2, 2, 1]
    assert round_(NOON + timedelta(hours=3)) == []
    assert round_(NOON + timedelta(days=1)) == [2, 2, 1]


def test_the_badge_shows_the_level_at_once(session: Session, people: People) -> None:
    early, late = people.make("rider").id, people.make("rider").id
    with transaction(session):
        enter_riders(session, now=NOON)
    session.rollback()
    assert session.get_one(Holder, early).stars == 1
    do(session, early, 60, role=INSPECTOR)
    settle(session)
    session.rollback()
    stars = {one.user_id: one.stars for one in session.scalars(select(Holder))}
    assert stars == {early: 2, late: 1}


def test_who_enters_the_register_later_has_the_stars_earned_before(
    session: Session, rider_id: int
) -> None:
    do(session, rider_id, 60, role=INSPECTOR)
    settle(session)
    with transaction(session):
        enter_riders(session, now=NOON)
    assert session.get_one(Holder, rider_id).stars == 2


def test_the_workers_jobs_bring_points_to_the_badges_card(
    session: Session, rider: FlaskClient, rider_person: Person, run_jobs: Callable[[], None]
) -> None:
    def shown() -> int:
        card = rider.post("/badge/renew", json={"badge": None}).get_json()
        return int(card["rider"]["stars"])

    assert shown() == 1
    do(session, rider_person.id, 40, at=clock.now(), role=INSPECTOR)
    run_jobs()
    assert shown() == 2
    page = rider.get("/stars").text
    assert "2 星骑士" in page
    assert "还差 40 分" in page
    assert "升为 2 星" in page
    assert "距 3 星还差 40 分" in rider.get("/").text


def test_a_fall_is_explained_on_the_page(
    session: Session, rider: FlaskClient, rider_person: Person, run_jobs: Callable[[], None]
) -> None:
    task = do(session, rider_person.id, 40, at=clock.now(), role=INSPECTOR)
    run_jobs()
    undo(session, task, now=clock.now())
    run_jobs()
    page = rider.get("/stars").text
    assert "你的星级降为 1 星" in page
    assert kinds(session, rider_person.id) == ["star_up", "points_back_task", "star_down"]


def test_what_will_fall_out_is_said_before(
    session: Session, rider: FlaskClient, rider_person: Person, run_jobs: Callable[[], None]
) -> None:
    oldest = datetime.combine(first_counted(clock.now()), time(12), LOCAL)
    do(session, rider_person.id, 40, at=oldest, role=INSPECTOR)
    run_jobs()
    assert "一年前的 40 分不再计入：如无新积分，届时为 1 星" in rider.get("/stars").text


def test_of_what_was_taken_back_by_a_review_the_review_tells(
    session: Session, rider_id: int
) -> None:
    do(session, rider_id, 5)
    settle(session)
    ids = session.scalars(select(Occurrence.id)).all()
    with transaction(session):
        bar(session, ids, now=NOON, reason="假照片")
    settle(session)
    assert kinds(session, rider_id) == []
    assert session.get_one(Standing, rider_id).points == 0


def test_nothing_is_left_due(session: Session, rider_id: int) -> None:
    do(session, rider_id, 3)
    settle(session)
    session.rollback()
    assert not session.get_one(Standing, rider_id).due


def test_between_paying_and_reckoning_the_page_does_not_contradict_its_sums(
    session: Session, rider_id: int
) -> None:
    do(session, rider_id, 30, role=INSPECTOR)
    with transaction(session):
        award(session, now=NOON)
    view = view_of(session, rider_id, now=NOON)
    assert view.missing is not None
    assert (view.level, view.missing.step.level) == (2, 3)
    assert level_of(session, rider_id) == 1
