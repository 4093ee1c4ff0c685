"""A question is decided by an administrator, objected to once, and decided by another for good."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.audit.models import AuditEntry
from app.blueprints.fairness.models import Pattern, Review, ReviewDeed, ReviewEvent, ReviewState
from app.blueprints.fairness.noticing import look_at_some
from app.blueprints.fairness.seen import version_of
from app.blueprints.fairness.transitions import OBJECT_WITHIN
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.blueprints.photos.store import photo_storage, rendition_name
from app.blueprints.points import holds
from app.blueprints.points.audit import audit
from app.blueprints.points.awarding import award
from app.blueprints.points.default_rules import load_default_rules
from app.blueprints.points.models import Account, Occasion
from app.blueprints.points.occurrences import Deed, reconcile
from app.blueprints.points.requests import Order, Source
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.conftest import Clock
from tests.support.fairness_town import Town
from tests.support.people import People, Person, sign_in
from tests.support.threads import at_once

CLEAR = {"step": "clear", "reason": "雨停后补报的"}
UPHOLD = {"step": "uphold", "reason": "一小时二十二件不可能"}


@dataclass
class Desk:
    """A rider who filed 22 reports in an hour and was paid for 20, and two administrators."""

    app: Flask
    session: Session
    rider: Person
    first: FlaskClient
    second: FlaskClient
    reports: list[int]

    @property
    def review(self) -> Review:
        self.session.rollback()
        return self.session.scalars(select(Review)).one()

    @property
    def deeds(self) -> list[int]:
        return list(
            self.session.scalars(
                select(ReviewDeed.occurrence_id).order_by(ReviewDeed.occurrence_id)
            )
        )

    def browser(self, person: Person) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, person)
        return client

    @property
    def seen(self) -> str:
        """What the page of the review says was shown."""
        return version_of(self.review, self.deeds)

    def decide(self, by: FlaskClient, **form: object) -> int:
        data = {"seen": self.seen} | form
        return by.post(f"/fairness/{self.review.id}", data=data).status_code

    def notice_more(self) -> int:
        """Something else of the same hour is noticed; the new deed."""
        before = set(self.deeds)
        with transaction(self.session):
            now = clock.now()
            town = Town(self.session, now)
            town.report(self.rider.id, now - timedelta(hours=2) + timedelta(minutes=23))
            town.look()
        [new] = set(self.deeds) - before
        return new

    def object(self, words: str = "我和两个同事一起拍的") -> int:
        path = f"/points/reviews/{self.review.id}"
        return self.browser(self.rider).post(path, data={"words": words}).status_code

    def pay(self) -> None:
        with transaction(self.session):
            while award(self.session, now=clock.now()):
                pass

    def balance(self) -> int:
        self.pay()
        found = select(Account.balance).where(Account.user_id == self.rider.id)
        return self.session.scalar(found) or 0

    def told(self) -> list[str]:
        """What the rider was told of reviews, in its order."""
        self.session.rollback()
        found = select(Notification.kind).where(
            Notification.user_id == self.rider.id, Notification.kind.startswith("review")
        )
        return list(self.session.scalars(found.order_by(Notification.id)))

    def told_administrators(self) -> list[str]:
        self.session.rollback()
        found = select(Notification.kind).where(Notification.user_id != self.rider.id)
        return list(self.session.scalars(found.order_by(Notification.id)))


@pytest.fixture
def desk(
    held_clock: Clock, app: Flask, session: Session, people: People,
    browser_of: Callable[[Person], FlaskClient],
) -> Iterator[Desk]:  # fmt: skip
    rider = people.make(Role.RIDER, name="王小明")
    chiefs = [people.make(Role.ADMINISTRATOR, name=name) for name in ("李主任", "赵主任")]
    now = clock.now()
    with transaction(session):
        load_default_rules(session, now=now)
        town = Town(session, now)
        at = now - timedelta(hours=2)
        reports = [town.report(rider.id, at + timedelta(minutes=n)) for n in range(22)]
        town.look()
    made = Desk(app, session, rider, browser_of(chiefs[0]), browser_of(chiefs[1]), reports)
    made.pay()
    yield made
    session.rollback()
    assert [found for found in audit(session) if found.row] == []


def test_nothing_is_withheld_and_the_rider_hears_nothing_before(desk: Desk) -> None:
    assert desk.balance() == 20 * 5 + 5
    assert desk.told() == []
    assert desk.told_administrators() == ["review_waiting", "review_waiting"]
    page = desk.browser(desk.rider).get("/points/reviews").text
    assert "一小时" not in page
    assert 'href="/points/reviews"' not in desk.browser(desk.rider).get("/points").text
    assert desk.object() == 404


def test_the_desk_shows_what_was_noticed_and_keeps_who_looked(desk: Desk) -> None:
    assert "王小明" in desk.first.get("/fairness").text
    page = desk.first.get(f"/fairness/{desk.review.id}").text
    assert f"/cases/{desk.reports[0]}" in page
    assert page.count('name="taken"') == 22
    desk.session.rollback()
    looks = desk.session.scalars(select(AuditEntry).where(AuditEntry.what == "review")).all()
    assert [one.subject for one in looks] == [f"rider:{desk.rider.id}"]


def test_cleared_it_stays_paid_and_is_nobodys_business(desk: Desk) -> None:
    assert desk.decide(desk.first, **CLEAR) == 303
    assert (desk.review.state, desk.balance(), desk.told()) == (ReviewState.CLEARED, 105, [])
    assert desk.object() == 404
    late = desk.second.post(f"/fairness/{desk.review.id}", data=UPHOLD | {"seen": desk.seen})
    assert late.status_code == 409
    assert UPHOLD["reason"] in late.text  # to be read, and sent another way


def test_upheld_what_was_ticked_is_taken_back_and_the_rider_reads_why(desk: Desk) -> None:
    taken = desk.deeds[5:10]
    assert desk.decide(desk.first, **UPHOLD, taken=taken) == 303
    assert desk.balance() == 105 - 5 * 5
    assert desk.told() == ["review_upheld"]
    rider = desk.browser(desk.rider)
    page = rider.get("/points/reviews").text
    assert UPHOLD["reason"] in page
    assert page.count("-5<") == 5
    statement = rider.get("/points").text
    assert 'href="/points/reviews"' in statement
    assert statement.count("核查后收回") == 5


def test_all_of_them_by_one_tick(desk: Desk) -> None:
    assert desk.decide(desk.first, **UPHOLD, all="1") == 303
    assert desk.balance() == 0


def _again(answer: Any) -> dict[str, str]:
    """The form that came back, as a browser sends it once more: its inputs that are hidden or
    checked."""
    inputs = re.findall(r"<input[^>]*>", answer.text)
    sent = [one for one in inputs if 'type="hidden"' in one or " checked" in one]
    found = [re.search(r'name="(\w+)" value="([^"]*)"', one) for one in sent]
    return {one[1]: one[2] for one in found if one}


def test_what_was_noticed_since_is_seen_before_it_is_decided(desk: Desk) -> None:
    path = f"/fairness/{desk.review.id}"
    shown = _again(desk.first.get(path))
    new = desk.notice_more()
    for step in (UPHOLD | {"all": "1"}, UPHOLD | {"taken": desk.deeds[0]}, CLEAR):
        answer = desk.first.post(path, data=shown | step)
        assert answer.status_code == 409
        assert step["reason"] in answer.text
        assert f'value="{new}"' in answer.text
        assert ("all" in _again(answer)) == ("all" in step)
        assert desk.review.state == ReviewState.OPEN
    assert desk.balance() == 105
    answer = desk.first.post(path, data=shown | UPHOLD | {"all": "1"})
    assert desk.first.post(path, data=_again(answer) | UPHOLD).status_code == 303
    assert desk.balance() == 0


def test_all_of_them_stays_ticked_when_something_else_does_not_fit(desk: Desk) -> None:
    path = f"/fairness/{desk.review.id}"
    form = {"step": "uphold", "reason": " ", "all": "1", "seen": desk.seen}
    answer = desk.first.post(path, data=form)
    assert answer.status_code == 422
    again = _again(answer) | UPHOLD
    assert again["all"] == "1"
    assert desk.first.post(path, data=again).status_code == 303
    assert desk.balance() == 0


def test_upholding_says_what_does_not_count_while_something_can_be_taken_back(desk: Desk) -> None:
    path, form = f"/fairness/{desk.review.id}", UPHOLD | {"seen": desk.seen}
    answer = desk.first.post(path, data=form)
    assert answer.status_code == 422
    assert 'id="taken-error"' in answer.text
    assert UPHOLD["reason"] in answer.text
    assert (desk.review.state, desk.told()) == (ReviewState.OPEN, [])
    with transaction(desk.session):
        gone = dict.fromkeys(desk.reports)
        reconcile(desk.session, Occasion.CASE, gone, now=clock.now())
    assert desk.decide(desk.first, **UPHOLD) == 303
    assert desk.told() == ["review_upheld"]


def test_a_picture_is_asked_for_again_when_its_place_is_anothers(desk: Desk) -> None:
    """By the same address, under another caption."""
    one, other = "1" * 64, "2" * 64
    for sha256 in (one, other):
        with desk.app.app_context():
            photo_storage().put(rendition_name(sha256, "large"), sha256.encode())
    path, deed = f"/fairness/{desk.review.id}/photos/1/large", desk.deeds[0]

    def show(sha256: str) -> None:
        review = desk.review
        with transaction(desk.session):
            review.evidence = {"photos": [[deed, sha256, deed, sha256, 0]]}

    show(one)
    first = desk.first.get(path)
    assert (first.text, first.headers["Cache-Control"]) == (one, "private, no-cache")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert desk.first.get(path, headers=tag).status_code == 304
    show(other)
    assert desk.first.get(path, headers=tag).text == other


def test_spent_points_become_a_debt(desk: Desk) -> None:
    with transaction(desk.session):
        order = Order("test", "spent", Source("redemption", "1"))
        holds.hold(desk.session, order, rider_id=desk.rider.id, amount=100, now=clock.now())
    desk.decide(desk.first, **UPHOLD, all="1")
    desk.pay()
    account = desk.session.scalars(select(Account).where(Account.user_id == desk.rider.id)).one()
    assert (account.balance, account.held, account.debt) == (100, 100, 100)


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"step": "uphold", "reason": " "}, 422, "reason-error"),
        ({"step": "uphold", "reason": "x" * 301}, 422, "x" * 301),
        ({"step": "uphold", "reason": "说清", "taken": [999_999]}, 422, "说清"),
        ({"step": "uphold", "reason": "说清", "taken": ["x", "-1"]}, 422, "说清"),
        ({"step": "pardon", "reason": "说清"}, 422, "说清"),
        ({"step": "confirm", "reason": "说清"}, 409, "说清"),
        ({"step": "overturn", "reason": "说清"}, 409, "说清"),
        ({"reason": "说清"}, 422, "说清"),
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_typed(
    desk: Desk, form: dict[str, object], status: int, words: str
) -> None:
    answer = desk.first.post(f"/fairness/{desk.review.id}", data={"seen": desk.seen} | form)
    assert answer.status_code == status
    assert words in answer.text
    assert desk.review.state == ReviewState.OPEN


def test_closing_it_again_pays_nothing_more(desk: Desk) -> None:
    """Opened and closed again, or told again by any step of its case: it stays taken back."""
    desk.decide(desk.first, **UPHOLD, all="1")
    desk.pay()
    source = desk.reports[0]
    deed = Deed(desk.rider.id, clock.now(), 5)
    for told in (None, deed, deed):
        with transaction(desk.session):
            reconcile(desk.session, Occasion.CASE, {source: told}, now=clock.now())
        assert desk.balance() == 0


def test_an_objection_that_is_right_gives_all_of_it_back(desk: Desk) -> None:
    desk.decide(desk.first, **UPHOLD, taken=desk.deeds[:4])
    with transaction(desk.session):  # one of them was opened again meanwhile
        reconcile(desk.session, Occasion.CASE, {desk.reports[0]: None}, now=clock.now())
    assert desk.balance() == 105 - 25  # the first of all had five more
    assert desk.object() == 303
    assert desk.decide(desk.first, step="confirm", reason="我看还是不行") == 403
    assert desk.decide(desk.second, step="overturn", reason="三个人的手机") == 303
    assert desk.balance() == 105 - 10
    assert desk.told() == ["review_upheld", "review_overturned"]
    assert desk.review.reason == "三个人的手机"


def test_an_objection_that_is_not_right_changes_nothing_and_is_the_last(desk: Desk) -> None:
    desk.decide(desk.first, **UPHOLD, taken=desk.deeds[:4])
    assert desk.object() == 303
    assert desk.object("再说一次") == 409
    assert desk.decide(desk.second, step="confirm", reason="照片是同一部手机的") == 303
    assert desk.decide(desk.second, step="overturn", reason="改主意了") == 409
    assert desk.object("再说一次") == 409
    assert desk.told() == ["review_upheld", "review_confirmed"]
    assert "review_objected" in desk.told_administrators()
    steps = desk.session.scalars(select(ReviewEvent.step).order_by(ReviewEvent.id)).all()
    assert steps == ["notice", "uphold", "object", "confirm"]


@pytest.mark.parametrize("words", ["", "  ", "x" * 501])
def test_an_objection_needs_words_that_fit(desk: Desk, words: str) -> None:
    desk.decide(desk.first, **UPHOLD, all="1")
    answer = desk.browser(desk.rider).post(
        f"/points/reviews/{desk.review.id}", data={"words": words}
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert desk.review.state == ReviewState.UPHELD


def test_after_thirty_days_it_is_too_late_to_object(desk: Desk, held_clock: Clock) -> None:
    desk.decide(desk.first, **UPHOLD, all="1")
    held_clock.moment += OBJECT_WITHIN + timedelta(minutes=1)
    assert desk.object() == 409
    assert "textarea" not in desk.browser(desk.rider).get("/points/reviews").text


def test_a_rider_does_not_object_for_another(desk: Desk, people: People) -> None:
    desk.decide(desk.first, **UPHOLD, all="1")
    other = desk.browser(people.make(Role.RIDER))
    assert other.post(f"/points/reviews/{desk.review.id}", data={"words": "我"}).status_code == 404
    assert UPHOLD["reason"] not in other.get("/points/reviews").text


@pytest.mark.parametrize("who", ["rider_id", "other_id"])
def test_nobody_decides_about_themselves(desk: Desk, people: People, who: str) -> None:
    chief = people.make(Role.ADMINISTRATOR, Role.RIDER)
    with transaction(desk.session):
        setattr(desk.session.scalars(select(Review)).one(), who, chief.id)
    browser = desk.browser(chief)
    assert browser.get(f"/fairness/{desk.review.id}").status_code == 404
    assert desk.decide(browser, **CLEAR) == 404
    assert "王小明" not in browser.get("/fairness").text


def test_of_two_decisions_at_once_one_counts(desk: Desk) -> None:
    path = f"/fairness/{desk.review.id}"
    seen = {"seen": desk.seen}
    ways = ((desk.first, CLEAR | seen), (desk.second, UPHOLD | seen | {"all": "1"}))

    def decide(number: int) -> int:
        browser, form = ways[number]
        return browser.post(path, data=form).status_code

    came = at_once(decide, 2)
    assert sorted(came) == [303, 409]
    assert desk.balance() == (105 if came[0] == 303 else 0)


def test_of_four_workers_at_once_each_question_is_asked_once(desk: Desk) -> None:
    with transaction(desk.session):
        town, now = Town(desk.session, clock.now()), clock.now()
        for _rider in range(3):
            rider, picture = town.person(), town.photo()
            for number in range(24):
                town.report(rider, now - timedelta(minutes=number), photos=[picture])

    def work(_number: int) -> None:
        with desk.app.app_context(), Session(db.engine) as own:
            more = True
            while more:
                with transaction(own):
                    more = look_at_some(own, now=clock.now() + timedelta(hours=1))

    at_once(work, 4)
    desk.session.rollback()
    found = desk.session.scalars(select(Review.pattern).order_by(Review.pattern)).all()
    assert found == [Pattern.SAME_PHOTOS] * 3 + [Pattern.VELOCITY] * 4
