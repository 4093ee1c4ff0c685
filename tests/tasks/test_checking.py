"""What is handed in is checked by the publisher's people, and earns, and may be appealed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.blueprints.points.models import Account, Occurrence
from app.blueprints.tasks import checking, claiming
from app.blueprints.tasks.models import Claim, ClaimEvent, QuestionKind
from app.blueprints.tasks.terms import Proof, Question
from app.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.lib.geo import Spot
from tests.conftest import Clock
from tests.support.people import Person
from tests.support.tasks import Office, Tasks
from tests.tasks.test_claiming import FAR_AWAY

QUESTIONS = (
    Question("有几辆？", QuestionKind.NUMBER),
    Question("挡路吗？", QuestionKind.YES_NO),
    Question("哪家的？", QuestionKind.CHOICE, ("蓝色", "黄色")),
    Question("还有什么？"),
)
ANSWERS = ("12", "yes", "黄色", "没有了")


def wrong_fields(act: Callable[..., Any], *args: Any, **parts: Any) -> set[str]:
    """The fields at which an act is refused."""
    with pytest.raises(Invalid) as caught:
        act(*args, **parts)
    return set(caught.value.errors)


def balance(tasks: Tasks, **whose: int) -> int:
    with tasks.seen() as session:
        account = session.scalars(select(Account).filter_by(**whose)).first()
        return account.balance if account else 0


def told(tasks: Tasks, person: Person) -> list[str]:
    with tasks.seen() as session:
        found = select(Notification.kind).where(Notification.user_id == person.id)
        return list(session.scalars(found.order_by(Notification.id)))


def test_accepted_work_is_paid_by_the_office_that_published(
    tasks: Tasks, office: Office, rider_person: Person, run_jobs: Callable[[], None]
) -> None:
    claim_id = tasks.done(rider_person, office.publish(points=10))
    tasks.check(office.person, claim_id, "accept")
    run_jobs()
    assert balance(tasks, user_id=rider_person.id) == 10
    assert balance(tasks, organisation_id=office.id) == 990
    assert "task_accepted" in told(tasks, rider_person)
    with tasks.seen() as session:
        row = session.scalars(select(Occurrence)).one()
        assert (row.occasion, row.source_id, row.five_role) == ("task", claim_id, "城市管理质检员")


def test_an_acceptance_taken_back_takes_the_points_back(
    tasks: Tasks, office: Office, rider_person: Person, run_jobs: Callable[[], None]
) -> None:
    task_id = office.publish(points=10)
    claim_id = tasks.done(rider_person, task_id)
    tasks.check(office.person, claim_id, "accept")
    run_jobs()
    tasks.do(office.person, lambda s, u, now: checking.take_back(
        s, u, claim_id, "照片是旧的", seen=tasks.version(s, claim_id), now=now).id)  # fmt: skip
    run_jobs()
    assert balance(tasks, user_id=rider_person.id) == 0
    assert balance(tasks, organisation_id=office.id) == 1000
    assert tasks.places(task_id) == (2, 0, 0)
    assert "task_taken_back" in told(tasks, rider_person)


def test_what_is_sent_back_is_mended_and_accepted(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    tasks.check(office.person, claim_id, "send_back", "看不清车牌")
    with tasks.seen() as session:
        claim = session.get_one(Claim, claim_id)
        assert (claim.reason, claim.due_at - held_clock.now()) == ("看不清车牌", timedelta(days=1))
    tasks.hand_in(rider_person, claim_id)
    tasks.check(office.person, claim_id, "accept")
    with tasks.seen() as session:
        claim = session.get_one(Claim, claim_id)
        assert [one.attempt for one in claim.photos] == [1, 2]


def test_nothing_is_sent_back_without_end(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    for _time in range(checking.MOST_ATTEMPTS - 1):
        tasks.check(office.person, claim_id, "send_back", "再拍")
        tasks.hand_in(rider_person, claim_id)
    assert wrong_fields(tasks.check, office.person, claim_id, "send_back", "再拍") == {"verdict"}


def test_a_refusal_says_why_and_gives_the_place_back(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish()
    claim_id = tasks.done(rider_person, task_id)
    assert wrong_fields(tasks.check, office.person, claim_id, "refuse", "  ") == {"reason"}
    tasks.check(office.person, claim_id, "refuse", "不是这个地方")
    assert tasks.places(task_id) == (2, 0, 0)


def test_an_appeal_is_answered_by_somebody_else(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish()
    claim_id = tasks.done(rider_person, task_id)
    tasks.check(office.person, claim_id, "refuse")
    tasks.do(
        rider_person, lambda s, u, now: claiming.appeal(s, u, claim_id, "就是那里", now=now).id
    )
    with pytest.raises(Forbidden):
        tasks.answer(office.person, claim_id, "grant")
    tasks.answer(tasks.colleague(office), claim_id, "grant")
    assert tasks.state(claim_id) == "accepted"
    assert tasks.places(task_id) == (2, 1, 1)
    assert "task_appeal" in told(tasks, office.person)


def test_an_appeal_against_a_filled_task_makes_room_as_far_as_the_budget_goes(
    tasks: Tasks, rider_person: Person, rider_two: Person
) -> None:
    office = tasks.office(points=10)
    task_id = office.publish(needed=1, points=10)
    claim_id = tasks.done(rider_person, task_id)
    tasks.check(office.person, claim_id, "refuse")
    tasks.claim(rider_two, task_id)
    tasks.do(
        rider_person, lambda s, u, now: claiming.appeal(s, u, claim_id, "就是那里", now=now).id
    )
    with pytest.raises(claiming.Full):
        tasks.answer(tasks.colleague(office), claim_id, "grant")
    assert tasks.places(task_id) == (1, 1, 0)


def test_an_appeal_comes_within_seven_days(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    tasks.check(office.person, claim_id, "refuse")
    held_clock.forward(days=8)
    with pytest.raises(Conflict):
        tasks.do(rider_person, lambda s, u, now: claiming.appeal(s, u, claim_id, "x", now=now).id)


def test_two_who_check_at_once_do_not_answer_twice(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    with tasks.seen() as session:
        seen = tasks.version(session, claim_id)
    tasks.check(office.person, claim_id, "accept")
    with pytest.raises(Conflict):
        tasks.do(office.person, lambda s, u, now: checking.check(
            s, u, claim_id, "refuse", "x", seen=seen, now=now).id)  # fmt: skip


def test_nobody_checks_what_is_the_own_or_another_offices(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    with pytest.raises(NotFound):
        tasks.check(tasks.office().person, claim_id, "accept")
    both, other = tasks.colleague(office), tasks.colleague(office)
    tasks.also(both, Role.RIDER)
    own = tasks.done(both, office.publish())
    with pytest.raises(NotFound):
        tasks.check(both, own, "accept")
    tasks.check(other, own, "accept")
    assert tasks.state(own) == "accepted"


def test_proof_that_is_missing_is_said_at_its_field(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish(proof=Proof(photos=2, place=True, questions=QUESTIONS))
    claim_id = tasks.claim(rider_person, task_id)
    assert wrong_fields(tasks.hand_in, rider_person, claim_id, spot=None) == {
        "photos", "place", "answer_1", "answer_2", "answer_3", "answer_4",
    }  # fmt: skip
    bad = ("十二", "maybe", "红色", "x" * 301)
    photos = (tasks.photo(rider_person), tasks.photo(rider_person))
    assert wrong_fields(tasks.hand_in, rider_person, claim_id, photos=photos, answers=bad) == {
        "answer_1", "answer_2", "answer_3", "answer_4",
    }  # fmt: skip
    tasks.hand_in(rider_person, claim_id, photos=photos, answers=ANSWERS)
    with tasks.seen() as session:
        said = session.get_one(Claim, claim_id).answers
        assert [one.answer for one in said] == list(ANSWERS)


def test_photos_of_somebody_else_prove_nothing(
    tasks: Tasks, office: Office, rider_person: Person, rider_two: Person
) -> None:
    claim_id = tasks.claim(rider_person, office.publish())
    stolen = (tasks.photo(rider_two),)
    assert wrong_fields(tasks.hand_in, rider_person, claim_id, photos=stolen) == {"photos"}


def test_where_and_when_it_was_is_marked_and_refuses_nothing(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock
) -> None:
    begins = held_clock.now() + timedelta(hours=1)
    claim_id = tasks.claim(rider_person, office.publish(starts_at=begins))
    tasks.hand_in(rider_person, claim_id, spot=Spot(*FAR_AWAY, 5000.0))
    with tasks.seen() as session:
        claim = session.get_one(Claim, claim_id)
        assert claim.marks == ["too_far", "early"]
        assert 5000 < (claim.away_m or 0) < 6000


def test_the_same_item_again_changes_nothing(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    claim_id = tasks.claim(rider_person, office.publish())
    photos = (tasks.photo(rider_person),)
    tasks.hand_in(rider_person, claim_id, key="one", photos=photos)
    tasks.hand_in(rider_person, claim_id, key="one", photos=photos)
    with pytest.raises(DomainError):
        tasks.hand_in(rider_person, claim_id, key="two", photos=photos)
    with tasks.seen() as session:
        steps = session.scalars(select(ClaimEvent.step).order_by(ClaimEvent.id)).all()
        assert list(steps) == ["claim", "hand_in"]


@pytest.mark.parametrize(
    ("minutes", "mark"), [(-30, []), (-90, ["no_check_in"]), (None, ["no_check_in"])]
)
def test_a_check_in_from_an_hour_before_the_claim_on_proves_it(
    tasks: Tasks, office: Office, rider_person: Person, minutes: int | None, mark: list[str]
) -> None:
    station_id = tasks.station()
    task_id = office.publish(proof=Proof(check_in=station_id))
    claim_id = tasks.claim(rider_person, task_id)
    if minutes is not None:
        tasks.check_in(rider_person, station_id, minutes)
    tasks.hand_in(rider_person, claim_id, photos=())
    with tasks.seen() as session:
        assert session.get_one(Claim, claim_id).marks == mark
