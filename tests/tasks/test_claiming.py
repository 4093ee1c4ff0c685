"""Riders claim tasks: who may, how many, once; and let them go."""

import pytest

from app.blueprints.organisations.models import Kind, Role
from app.blueprints.stars.models import Standing as Stars
from app.blueprints.tasks import claiming, services
from app.blueprints.tasks.models import Claim, Task
from app.errors import Conflict, DomainError, Forbidden, NotFound
from app.extensions import db
from app.lib import clock as app_clock
from app.lib.geo import Spot
from tests.conftest import Clock
from tests.support.people import People, Person
from tests.support.tasks import PLACE, Office, Tasks

FAR_AWAY = (PLACE[0] + 0.05, PLACE[1])


def refused(act: object, *args: object, **parts: object) -> str:
    """The code of the error with which an act is refused."""
    with pytest.raises(DomainError) as caught:
        act(*args, **parts)  # type: ignore[operator]
    return caught.value.code


def test_a_claim_takes_a_place_until_its_time(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock
) -> None:
    task_id = office.publish(claim_minutes=60)
    claim_id = tasks.claim(rider_person, task_id)
    assert tasks.places(task_id) == (2, 1, 0)
    with tasks.seen() as session:
        claim = session.get_one(Claim, claim_id)
        assert (claim.due_at - held_clock.now()).total_seconds() == 3600


def test_no_claim_lasts_longer_than_its_task(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish(claim_minutes=24 * 60)
    claim_id = tasks.claim(rider_person, task_id)
    with tasks.seen() as session:
        assert session.get_one(Claim, claim_id).due_at == session.get_one(Task, task_id).ends_at


def test_a_rider_has_a_task_once(tasks: Tasks, office: Office, rider_person: Person) -> None:
    task_id = office.publish()
    tasks.claim(rider_person, task_id)
    assert refused(tasks.claim, rider_person, task_id) == "conflict"
    assert tasks.places(task_id) == (2, 1, 0)


def test_when_all_places_are_taken_the_next_is_told_so(
    tasks: Tasks, office: Office, rider_person: Person, rider_two: Person
) -> None:
    task_id = office.publish(needed=1)
    tasks.claim(rider_person, task_id)
    assert refused(tasks.claim, rider_two, task_id) == "full"


def test_a_place_that_was_let_go_is_free_again(
    tasks: Tasks, office: Office, rider_person: Person, rider_two: Person
) -> None:
    task_id = office.publish(needed=1)
    claim_id = tasks.claim(rider_person, task_id)
    tasks.do(rider_person, lambda s, u, now: claiming.release(s, u, claim_id, now=now).id)
    tasks.claim(rider_two, task_id)
    assert tasks.places(task_id) == (1, 1, 0)


def test_letting_go_and_claiming_again_and_again_ends(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish()
    for _time in range(claiming.MOST_CLAIMS):
        claim_id = tasks.claim(rider_person, task_id)
        tasks.do(
            rider_person, lambda s, u, now, id=claim_id: claiming.release(s, u, id, now=now).id
        )
    assert refused(tasks.claim, rider_person, task_id) == "conflict"


def test_nobody_lets_go_of_what_is_anothers(
    tasks: Tasks, office: Office, rider_person: Person, rider_two: Person
) -> None:
    claim_id = tasks.claim(rider_person, office.publish())
    with pytest.raises(NotFound):
        tasks.do(rider_two, lambda s, u, now: claiming.release(s, u, claim_id, now=now).id)


def test_a_draft_is_not_there_and_an_ended_one_takes_nobody(
    tasks: Tasks, office: Office, rider_person: Person, held_clock: Clock
) -> None:
    assert refused(tasks.claim, rider_person, office.make()) == "not_found"
    task_id = office.publish()
    held_clock.forward(hours=3)
    assert refused(tasks.claim, rider_person, task_id) == "ended"


def test_who_is_no_rider_claims_nothing(tasks: Tasks, office: Office) -> None:
    with pytest.raises(Forbidden):
        tasks.claim(office.person, office.publish())


def test_a_star_that_is_missing_is_said(tasks: Tasks, office: Office, rider_person: Person) -> None:
    task_id = office.publish(min_star=3)
    assert refused(tasks.claim, rider_person, task_id) == "not_for_you"
    with tasks.app.app_context():
        now = app_clock.now()
        db.session.add(
            Stars(
                user_id=rider_person.id,
                points=900,
                breadth=3,
                level=3,
                reckoned_at=now,
                level_since=now,
            )
        )
        db.session.commit()
    tasks.claim(rider_person, task_id)


def test_a_role_that_is_missing_is_said(
    tasks: Tasks, office: Office, people: People, rider_person: Person
) -> None:
    task_id = office.publish(roles=("host",))
    assert refused(tasks.claim, rider_person, task_id) == "not_for_you"
    tasks.claim(people.make(Role.RIDER, Role.HOST), task_id)


def test_a_companys_task_is_not_there_for_others(
    tasks: Tasks, people: People, rider_person: Person
) -> None:
    company = tasks.office(kind=Kind.COMPANY)
    task_id = company.publish()
    assert refused(tasks.claim, rider_person, task_id) == "not_found"
    tasks.claim(tasks.colleague(company, Role.RIDER), task_id)


def test_how_far_the_rider_is_counts_where_it_is_asked(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    task_id = office.publish(distance_m=1000)
    assert refused(tasks.claim, rider_person, task_id) == "not_for_you"
    assert refused(tasks.claim, rider_person, task_id, Spot(*FAR_AWAY, 20.0)) == "not_for_you"
    # A phone that says it may be anywhere is not near for that.
    assert refused(tasks.claim, rider_person, task_id, Spot(*FAR_AWAY, 1e9)) == "not_for_you"
    tasks.claim(rider_person, task_id, Spot(*PLACE, 20.0))


def test_so_many_tasks_at_once_and_no_more(
    tasks: Tasks, office: Office, rider_person: Person
) -> None:
    for _task in range(claiming.MOST_AT_ONCE):
        tasks.claim(rider_person, office.publish())
    with pytest.raises(Conflict, match="conflict"):
        tasks.claim(rider_person, office.publish())


def test_what_is_called_off_is_told_and_gives_its_places_back(
    tasks: Tasks, office: Office, rider_person: Person, rider_two: Person
) -> None:
    task_id = office.publish()
    to_do, done = tasks.claim(rider_person, task_id), tasks.done(rider_two, task_id)
    office.cancel(task_id, "下雨")
    assert (tasks.state(to_do), tasks.state(done)) == ("cancelled", "handed_in")
    assert tasks.places(task_id) == (2, 1, 0)
    tasks.check(office.person, done, "accept")
    assert tasks.places(task_id) == (2, 1, 1)


def test_only_its_office_changes_a_task(tasks: Tasks, office: Office) -> None:
    task_id, other = office.publish(), tasks.office()
    with pytest.raises(NotFound):
        tasks.do(other.person, lambda s, u, now: services.close(s, u, task_id, seen=2, now=now).id)
