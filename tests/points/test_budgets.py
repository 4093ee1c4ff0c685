"""Budgets: given, spent, taken back; and seen by those whose they are."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.points import budgets, ledger
from app.blueprints.points.audit import audit
from app.blueprints.points.models import Account, AccountKind, Transfer
from app.blueprints.points.requests import Order, Source
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.clock import start_of_day
from app.lib.database import transaction
from tests.support.people import People, Person
from tests.support.threads import at_once

Browser = Callable[[Person], FlaskClient]


def home_of(session: Session, person: Person) -> int:
    session.rollback()
    found = select(Membership.organisation_id).where(Membership.user_id == person.id)
    return session.scalars(found).one()


def form(organisation_id: int, **changes: object) -> dict[str, Any]:
    whole = {"organisation": organisation_id, "amount": "50", "reason": "开始", "key": uuid4()}
    return {name: str(value) for name, value in (whole | changes).items()}


@pytest.fixture
def manager(people: People) -> Person:
    return people.make(Role.COMPANY_MANAGER)


@pytest.fixture
def company(session: Session, manager: Person) -> int:
    return home_of(session, manager)


@pytest.fixture
def administrator_person(people: People) -> Person:
    return people.make(Role.ADMINISTRATOR)


@pytest.fixture
def administrator(administrator_person: Person, browser_of: Browser) -> FlaskClient:
    return browser_of(administrator_person)


@pytest.fixture(autouse=True)
def books_are_right(session: Session) -> Any:
    yield
    session.rollback()
    assert [found for found in audit(session) if found.row] == []


def balance(session: Session, organisation_id: int) -> int:
    session.rollback()
    found = select(Account.balance).where(Account.organisation_id == organisation_id)
    return session.scalar(found) or 0


def account_of(session: Session, organisation_id: int) -> int:
    session.rollback()
    found = select(Account.id).where(Account.organisation_id == organisation_id)
    return session.scalars(found).one()


def test_given_once_however_often_the_form_is_sent(
    session: Session, administrator: FlaskClient, company: int
) -> None:
    sent = form(company)
    assert [administrator.post("/point-budgets", data=sent).status_code for _ in range(2)] == [
        302, 302,
    ]  # fmt: skip
    assert balance(session, company) == 50
    other = administrator.post("/point-budgets", data={**sent, "amount": "60"})
    assert other.status_code == 409
    assert balance(session, company) == 50
    given = session.scalars(select(Transfer)).one()
    assert (given.reason, given.actor_id) != ("", None)


def test_the_same_form_from_eight_places_at_once_is_one_gift(
    app: Flask, session: Session, administrator_person: Person, company: int
) -> None:
    def work(_number: int) -> None:
        with app.app_context():
            own = Session(db.engine)
            with transaction(own):
                actor = own.get_one(User, administrator_person.id)
                budgets.give(
                    own, actor, organisation_id=company, amount=50, reason="开始", key="k",
                    now=clock.now(),
                )  # fmt: skip
            own.close()

    at_once(work, 8)
    assert balance(session, company) == 50


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "0"}, "请填 1 到 1000000 之间的数字。"),
        ({"amount": "1000001"}, "请填 1 到 1000000 之间的数字。"),
        ({"amount": "-5"}, "请填 1 到 1000000 之间的数字。"),
        ({"amount": "x"}, "这不是数字"),
        ({"reason": " "}, "请说明原因。"),
        ({"organisation": "0"}, "请从列表中选择"),
        ({"organisation": ""}, "请从列表中选择"),
        ({"key": "../x"}, "请重新打开页面。"),
        ({"key": ""}, "请重新打开页面。"),
    ],
)
def test_bad_input_is_said_at_the_field_and_kept(
    session: Session, administrator: FlaskClient, company: int, wrong: dict[str, str], said: str
) -> None:
    answer = administrator.post("/point-budgets", data=form(company, **wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="开始"' in answer.text or "reason" in wrong
    assert balance(session, company) == 0


def test_who_cannot_have_a_budget_gets_none(session: Session, administrator_person: Person) -> None:
    home = home_of(session, administrator_person)
    actor = session.get_one(User, administrator_person.id)
    given = partial(budgets.give, session, actor, amount=5, reason="x", key="k", now=clock.now())
    with pytest.raises(Invalid):
        given(organisation_id=home)
    with pytest.raises(Invalid):
        given(organisation_id=999_999)


def test_a_gift_is_taken_back_whole_unless_it_was_spent(
    session: Session, administrator: FlaskClient, company: int, people: People
) -> None:
    for reason in ("一", "二"):
        administrator.post("/point-budgets", data=form(company, reason=reason))
    account = account_of(session, company)
    first, second = session.scalars(select(Transfer.id).order_by(Transfer.id)).all()
    back = f"/point-budgets/{account}/gifts/{{}}/back"
    empty = administrator.post(back.format(first), data={"reason": ""})
    assert (empty.status_code, "请说明原因。" in empty.text) == (422, True)
    for _time in range(2):
        assert administrator.post(back.format(first), data={"reason": "错"}).status_code == 302
    assert balance(session, company) == 50
    order = Order("earn", "1", Source("task", "1"))
    rider = people.make(Role.RIDER).id
    with transaction(session):
        ledger.earn(session, order, rider_id=rider, amount=1, payer_id=company, now=clock.now())
    assert administrator.post(back.format(second), data={"reason": "错"}).status_code == 409
    page = administrator.get(f"/point-budgets/{account}").text
    assert "收回拨付" in page
    assert "发放：完成任务" in page
    paid = session.scalars(select(Transfer.id).order_by(Transfer.id.desc())).first()
    for other in (paid, 999_999):
        assert administrator.post(back.format(other), data={"reason": "错"}).status_code == 404


def test_figures_are_of_this_month_and_of_all_time(
    session: Session, company: int, people: People, administrator_person: Person
) -> None:
    now = clock.now()
    before = start_of_day(now).replace(day=1) - timedelta(days=2)
    rider = people.make(Role.RIDER).id
    with transaction(session):
        actor = session.get_one(User, administrator_person.id)
        for number, (at, given, paid) in enumerate(((before, 100, 30), (now, 20, 7))):
            budgets.give(
                session, actor, organisation_id=company, amount=given, reason="x",
                key=str(number), now=at,
            )  # fmt: skip
            order = Order("earn", str(number), Source("task", str(number)))
            ledger.earn(session, order, rider_id=rider, amount=paid, payer_id=company, now=at)
        wrong = Order("undo", "1", Source("task", "1"))
        last = session.scalars(select(Transfer.id).order_by(Transfer.id.desc())).first() or 0
        found = budgets.page(session, actor, now=now).items[0]
        assert (found.given, found.spent, found.left) == (120, 7, 83)
        ledger.reverse(session, wrong, transfer_id=last, now=now)
        session.expire_all()
        found = budgets.page(session, actor, now=now).items[0]
        assert (found.given, found.spent, found.left) == (120, 0, 90)


def test_people_see_the_budget_of_their_own_organisation_and_give_nothing(
    session: Session, administrator: FlaskClient, company: int, manager: Person, people: People,
    browser_of: Browser,
) -> None:  # fmt: skip
    administrator.post("/point-budgets", data=form(company))
    stranger = people.make(Role.COMPANY_MANAGER)
    administrator.post("/point-budgets", data=form(home_of(session, stranger)))
    session.rollback()
    accounts = account_of(session, company), account_of(session, home_of(session, stranger))
    mine = browser_of(manager)
    page = mine.get("/point-budgets").text
    assert [f"/point-budgets/{one}" in page for one in accounts] == [True, False]
    assert 'id="give"' not in page
    assert "收回整笔" not in mine.get(f"/point-budgets/{accounts[0]}").text
    assert mine.get(f"/point-budgets/{accounts[1]}").status_code == 404
    assert mine.post("/point-budgets", data=form(company)).status_code == 403
    both = administrator.get("/point-budgets").text
    assert all(f"/point-budgets/{one}" in both for one in accounts)


def test_a_grid_worker_sees_the_budget_of_the_community(
    session: Session, administrator: FlaskClient, people: People, browser_of: Browser
) -> None:
    worker = people.make(Role.GRID_WORKER)
    grid = home_of(session, worker)
    with transaction(session):
        community = Organisation(kind=Kind.COMMUNITY, path="/5/", name_zh="东社区", name_en="E")
        session.add(community)
        session.flush()
        session.get_one(Organisation, grid).parent_id = community.id
        home = community.id
    administrator.post("/point-budgets", data=form(home))
    assert "东社区" in browser_of(worker).get("/point-budgets").text


def test_a_rider_of_the_company_sees_no_budget(rider: FlaskClient) -> None:
    assert rider.get("/point-budgets").status_code == 403


def test_budgets_and_entries_go_by_pages(
    session: Session, administrator: FlaskClient, administrator_person: Person
) -> None:
    with transaction(session):
        actor, now = session.get_one(User, administrator_person.id), clock.now()
        homes = [
            Organisation(kind=Kind.STREET, path=f"/9{n}/", name_zh=f"街{n:02}", name_en=f"S{n}")
            for n in range(budgets.PAGE + 1)
        ]
        session.add_all(homes)
        session.flush()
        for number, one in enumerate(homes):
            budgets.give(
                session, actor, organisation_id=one.id, amount=1, reason="x", key=str(number),
                now=now,
            )  # fmt: skip
        for number in range(budgets.PAGE):
            budgets.give(
                session, actor, organisation_id=homes[0].id, amount=1, reason="x",
                key=f"more {number}", now=now,
            )  # fmt: skip
        accounts = session.scalars(
            select(Account.id).where(Account.kind == AccountKind.BUDGET).order_by(Account.id)
        ).all()
    first = administrator.get("/point-budgets").text
    assert ("街29" in first, "街30" in first.split("<table>")[1]) == (True, False)
    assert f"after={accounts[-2]}" in first
    assert "街30" in administrator.get(f"/point-budgets?after={accounts[-2]}").text
    page = administrator.get(f"/point-budgets/{accounts[0]}").text
    assert page.count("<time") == budgets.PAGE
    assert "before=" in page
