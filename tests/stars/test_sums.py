"""Kept sums are what happened, in whatever order it was paid, taken back and counted anew."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Kind, Membership, Organisation
from app.blueprints.points.awarding import award
from app.blueprints.points.models import Occurrence, Outcome
from app.blueprints.stars.levels import month_of
from app.blueprints.stars.models import MonthSum, PlaceSum, RoleSum, Standing
from app.blueprints.stars.recount import recount
from app.blueprints.stars.services import set_listed
from app.extensions import db
from app.lib.database import transaction
from tests.support.people import People
from tests.support.stars import CIVILITY, INSPECTOR, NOON, SAFETY, do, settle, undo
from tests.support.threads import at_once

Sums = tuple[Counter[object], Counter[object], Counter[object]]


def kept(session: Session) -> Sums:
    """What is kept and is not nothing."""
    session.rollback()
    roles = {(s.user_id, s.month, s.five_role): s.points for s in session.scalars(select(RoleSum))}
    months = {(s.user_id, s.month): s.points for s in session.scalars(select(MonthSum))}
    places = {(s.user_id, s.month, s.place_id): s.points for s in session.scalars(select(PlaceSum))}
    return +Counter(roles), +Counter(months), +Counter(places)


def happened(session: Session) -> Sums:
    """The same, from all that happened."""
    session.rollback()
    roles: Counter[object] = Counter()
    months: Counter[object] = Counter()
    places: Counter[object] = Counter()
    for one in session.scalars(select(Occurrence)):
        if one.outcome in (Outcome.PAID, Outcome.TO_UNDO):
            month = month_of(one.at)
            roles[one.rider_id, month, one.five_role] += one.amount
            months[one.rider_id, month] += one.amount
            if one.place_id:
                places[one.rider_id, month, one.place_id] += one.amount
    return roles, months, places


def place(session: Session) -> int:
    with transaction(session):
        one = Organisation(kind=Kind.STATION, path="/7/", name_zh="甲", name_en="A")
        session.add(one)
        session.flush()
        return one.id


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("do"), st.integers(0, 2), st.integers(1, 40),
            st.sampled_from(["", INSPECTOR, SAFETY, CIVILITY]), st.integers(0, 400), st.booleans(),
        ),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.just(("settle",)),
        st.just(("recount",)),
    ),
    min_size=4, max_size=14,
)  # fmt: skip


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_sums_are_what_happened(
    session: Session, people: People, steps: list[tuple[object, ...]]
) -> None:
    riders = [people.make("rider").id for _rider in range(3)]
    station, tasks = place(session), list[int]()
    for step in [*steps, ("settle",)]:
        match step:
            case ("do", int(rider), int(points), str(role), int(days), here):
                at, where = NOON - timedelta(days=days), station if here else None
                tasks.append(
                    do(session, riders[rider], points, at=at, role=role, place_id=where)
                )  # fmt: skip
            case ("undo", int(number)) if number < len(tasks):
                undo(session, tasks[number])
            case ("settle",):
                settle(session)
                assert kept(session) == happened(session)
            case ("recount",):
                count_anew(session)
                assert kept(session) == happened(session)
    standings = session.scalars(select(Standing).where(Standing.user_id.in_(riders)))
    levels = {one.user_id: (one.points, one.breadth, one.level) for one in standings}
    count_anew(session)
    session.expire_all()
    again = session.scalars(select(Standing).where(Standing.user_id.in_(riders)))
    assert {one.user_id: (one.points, one.breadth, one.level) for one in again} == levels


def count_anew(session: Session) -> None:
    last: int | None = 0
    while last is not None:
        with transaction(session):
            last = recount(session, after=last, now=NOON, limit=2)


@pytest.fixture
def rider_id(people: People) -> int:
    return people.make("rider").id


def test_a_month_counts_for_the_company_in_which_it_began(session: Session, rider_id: int) -> None:
    do(session, rider_id, 3)
    settle(session)
    with transaction(session):
        before = session.scalars(select(Membership).where(Membership.user_id == rider_id)).one()
        first, before.ended_at = before.organisation_id, NOON
        new = Organisation(kind=Kind.COMPANY, path="/8/", name_zh="乙", name_en="B")
        session.add(new)
        session.flush()
        session.add(
            Membership(
                user_id=rider_id, organisation_id=new.id, role="rider", created_at=NOON
            )
        )  # fmt: skip
        second = new.id
    do(session, rider_id, 4)
    do(session, rider_id, 5, at=datetime(2026, 6, 1, 4, tzinfo=UTC))
    settle(session)
    count_anew(session)
    session.rollback()
    found = {one.month: (one.company_id, one.points) for one in session.scalars(select(MonthSum))}
    assert found == {date(2026, 5, 1): (first, 7), date(2026, 6, 1): (second, 5)}


def test_the_command_counts_everybody_anew(app: Flask, session: Session, people: People) -> None:
    riders = [people.make("rider").id for _rider in range(3)]
    for rider in riders:
        do(session, rider, 40, role=INSPECTOR)
    settle(session)
    before = kept(session)
    with transaction(session):
        session.execute(update(RoleSum).values(points=1))
        session.execute(delete(MonthSum))
    answer = app.test_cli_runner().invoke(args=["stars", "recount"])
    assert (answer.exit_code, "counted anew" in answer.output) == (0, True)
    assert kept(session) == before


def test_paying_and_switching_at_once_lose_nothing(
    app: Flask, session: Session, people: People
) -> None:
    from app.blueprints.accounts.models import User

    riders = [people.make("rider").id for _rider in range(4)]
    for number in range(60):
        do(session, riders[number % 4], 1 + number % 3, at=NOON - timedelta(days=number))

    def work(number: int) -> None:
        with app.app_context():
            own = Session(db.engine)
            for turn in range(8):
                with transaction(own):
                    if number < 2:
                        award(own, now=NOON, limit=5)
                    else:
                        rider = own.get_one(User, riders[(number + turn) % 4])
                        set_listed(own, rider, listed=turn % 2 == 1, now=NOON)
            own.close()

    at_once(work, 4)
    settle(session)
    assert kept(session) == happened(session)
    for model in (MonthSum, PlaceSum):
        rows = session.execute(
            select(model.listed, Standing.listed).join(Standing, Standing.user_id == model.user_id)
        )
        assert all(row[0] == row[1] for row in rows)
