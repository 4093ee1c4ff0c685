"""What happened is paid once, by the rules of its day; what is undone is taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.points import ledger
from app.blueprints.points.audit import audit
from app.blueprints.points.awarding import award
from app.blueprints.points.models import Account, Occasion, Occurrence, Outcome, Rule, Why
from app.blueprints.points.occurrences import Deed, paid_for, reconcile
from app.blueprints.points.requests import MOST, Order, Source
from app.blueprints.points.rules import Day, Happened, reckon
from app.lib.database import transaction
from tests.support.people import People
from tests.support.threads import at_once

NOON = datetime(2026, 5, 5, 4, tzinfo=UTC)
NEXT_DAY = datetime(2026, 5, 5, 16, 30, tzinfo=UTC)
"""Half past midnight in Suzhou."""


def add_rule(session: Session, **columns: Any) -> int:
    values: dict[str, Any] = {
        "occasion": Occasion.VISIT, "name_zh": "到站", "name_en": "Visit", "amount": 2,
        "role_percents": {}, "since": NOON - timedelta(days=30), "created_at": NOON,
    }  # fmt: skip
    rule = Rule(**(values | columns))
    with transaction(session):
        session.add(rule)
        session.flush()
        return rule.id


def tell(
    session: Session, deeds: dict[int, Deed | None], occasion: Occasion = Occasion.VISIT
) -> None:
    with transaction(session):
        reconcile(session, occasion, deeds, now=NOON)


def pay(session: Session) -> None:
    with transaction(session):
        while award(session, now=NOON):
            pass


def balance(session: Session, rider_id: int) -> int:
    found = select(Account.balance - Account.held).where(Account.user_id == rider_id)
    return session.scalar(found) or 0


@pytest.fixture
def rider_id(people: People) -> int:
    return people.make("rider").id


@pytest.fixture(autouse=True)
def books_are_right(session: Session) -> Any:
    yield
    session.rollback()
    assert [found for found in audit(session) if found.row] == []


def test_told_twice_is_paid_once(session: Session, rider_id: int) -> None:
    add_rule(session)
    for _time in range(2):
        tell(session, {7: Deed(rider_id, NOON)})
        pay(session)
    assert balance(session, rider_id) == 2
    assert paid_for(session, Occasion.VISIT, [7, 8]) == {7: 2}


def test_undone_is_taken_back_and_may_happen_again(session: Session, rider_id: int) -> None:
    add_rule(session)
    tell(session, {7: Deed(rider_id, NOON)})
    pay(session)
    tell(session, {7: None})
    pay(session)
    assert balance(session, rider_id) == 0
    tell(session, {7: Deed(rider_id, NOON)})
    pay(session)
    assert balance(session, rider_id) == 2
    rounds = session.scalars(select(Occurrence.outcome).order_by(Occurrence.round)).all()
    assert rounds == [Outcome.UNDONE, Outcome.PAID]


def test_undone_before_it_was_paid_is_never_paid(session: Session, rider_id: int) -> None:
    add_rule(session)
    tell(session, {7: Deed(rider_id, NOON)})
    tell(session, {7: None})
    pay(session)
    assert balance(session, rider_id) == 0


def test_caps_count_by_the_day_in_suzhou(session: Session, rider_id: int) -> None:
    add_rule(session, daily_times=2)
    deeds = {number: Deed(rider_id, NOON + timedelta(minutes=number)) for number in range(3)}
    tell(session, {**deeds, 9: Deed(rider_id, NEXT_DAY)})
    pay(session)
    assert balance(session, rider_id) == 6
    third = session.scalars(select(Occurrence).where(Occurrence.source_id == 2)).one()
    assert (third.outcome, third.why) == (Outcome.NOTHING, Why.TIMES)


def test_the_rule_of_that_day_counts(session: Session, rider_id: int) -> None:
    add_rule(session, amount=2, until=NOON)
    add_rule(session, amount=5, since=NOON)
    tell(session, {1: Deed(rider_id, NOON - timedelta(seconds=1)), 2: Deed(rider_id, NOON)})
    pay(session)
    assert paid_for(session, Occasion.VISIT, [1, 2]) == {1: 2, 2: 5}


def test_without_a_rule_nothing_is_paid(session: Session, rider_id: int) -> None:
    tell(session, {1: Deed(rider_id, NOON)})
    pay(session)
    assert session.scalars(select(Occurrence.why)).all() == [Why.NO_RULE]


def test_a_budget_pays_until_it_is_used_up(app: Flask, session: Session, rider_id: int) -> None:
    with transaction(session):
        company = Organisation(kind=Kind.COMPANY, path="/99/", name_zh="甲", name_en="A")
        session.add(company)
        session.flush()
        order = Order("fund", "1", Source("correction", "1"))
        ledger.fund(session, order, organisation_id=company.id, amount=3, now=NOON)
        payer = company.id
    add_rule(session, amount=2, payer_id=payer)
    tell(session, {1: Deed(rider_id, NOON), 2: Deed(rider_id, NOON)})
    pay(session)
    assert balance(session, rider_id) == 2
    assert session.scalars(select(Occurrence.why).order_by(Occurrence.id)).all() == [
        None, Why.BUDGET,
    ]  # fmt: skip


def test_two_workers_at_once_pay_each_once(app: Flask, session: Session, people: People) -> None:
    from app.extensions import db

    riders = [people.make("rider").id for _rider in range(4)]
    add_rule(session, daily_times=3)
    deeds: dict[int, Deed | None] = {
        number: Deed(riders[number % 4], NOON + timedelta(minutes=number)) for number in range(40)
    }
    tell(session, deeds)

    def work(_number: int) -> None:
        with app.app_context():
            own = Session(db.engine)
            for _batch in range(10):
                with transaction(own):
                    award(own, now=NOON, limit=7)
            own.close()

    at_once(work, 2)
    assert [balance(session, rider) for rider in riders] == [6] * 4


class Terms:
    """A rule with nothing set, but what a test sets."""

    amount: int | None = 10
    percent = 100
    role_percents: dict[str, int] = {}
    first_bonus = 0
    daily_times: int | None = None
    daily_points: int | None = None
    place_daily_times: int | None = None

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)


DEED = Happened(1, NOON, 3, "安全生产保障员", 5)


@pytest.mark.parametrize(
    ("terms", "day", "amount", "why"),
    [
        (Terms(), Day(), 10, None),
        (Terms(amount=None), Day(), 3, None),
        (Terms(amount=None, percent=150), Day(), 4, None),
        (Terms(role_percents={"安全生产保障员": 200}), Day(), 20, None),
        (Terms(role_percents={"社区治理信息员": 200}), Day(), 10, None),
        (Terms(first_bonus=5), Day(first=True), 15, None),
        (Terms(first_bonus=5), Day(), 10, None),
        (Terms(daily_points=14), Day(times=1, points=10), 4, Why.POINTS),
        (Terms(daily_points=10), Day(times=1, points=10), 0, Why.POINTS),
        (Terms(daily_times=1), Day(times=1), 0, Why.TIMES),
        (Terms(place_daily_times=1), Day(times=1, here=1), 0, Why.PLACE),
        (Terms(percent=0), Day(), 0, Why.NO_WORTH),
        (Terms(amount=10_000, percent=100_000), Day(), MOST, None),
    ],
)
def test_what_a_rule_pays(terms: Terms, day: Day, amount: int, why: Why | None) -> None:
    reckoned = reckon(terms, DEED, day)
    assert (reckoned.amount, reckoned.why) == (amount, why)
