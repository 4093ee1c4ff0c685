"""The register of riders: who sees whom, searching, paging, and how riders come into it."""

from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import queries
from app.blueprints.badges.models import Badge, BadgeKind, Holder
from app.blueprints.badges.queries import Which
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.errors import NotFound
from app.lib import clock
from tests.support.badges import Desk, RiderPhone, join
from tests.support.people import People, Person
from tests.support.threads import at_once

RunJobs = Callable[[], None]


@pytest.fixture
def company(app: Flask, session: Session) -> int:
    """A company with 70 riders: 王000, 李001, 王002 ..."""
    home = Organisation(kind=Kind.COMPANY, path="/1/", name_zh="飞速配送", name_en="Swift")
    session.add(home)
    session.flush()
    now = clock.now()
    people = [
        {"phone": f"+86138{n:08d}", "name": f"{'王李'[n % 2]}{n:03d}", "created_at": now}
        for n in range(70)
    ]
    ids = session.scalars(insert(User).returning(User.id, sort_by_parameter_order=True), people)
    rows = [
        {"user_id": user_id, "organisation_id": home.id, "role": Role.RIDER, "created_at": now}
        for user_id in ids
    ]
    session.execute(insert(Membership), rows)
    session.commit()
    return home.id


@pytest.fixture
def its_manager(app: Flask, people: People, company: int, run_jobs: RunJobs) -> Desk:
    person = people.make()
    join(app, person, Role.COMPANY_MANAGER, company)
    run_jobs()
    return Desk(app, person)


def _names(desk: Desk, **wanted: object) -> list[str]:
    with desk.acting() as (session, actor):
        return [one.user.name for one in queries.riders(session, actor, **wanted).riders]  # type: ignore[arg-type]


def _pages(desk: Desk, **wanted: object) -> Sequence[Sequence[int]]:
    pages, after = [], None
    with desk.acting() as (session, actor):
        while True:
            page = queries.riders(session, actor, after=after, **wanted)  # type: ignore[arg-type]
            pages.append([one.user_id for one in page.riders])
            after = page.after
            if after is None:
                return pages


def test_riders_come_in_by_themselves(
    app: Flask, company: int, run_jobs: RunJobs, session: Session
) -> None:
    assert session.scalars(select(Holder)).all() == []
    run_jobs()
    session.rollback()
    holders = session.scalars(select(Holder)).all()
    assert {(one.company_id, one.stars, one.standing) for one in holders} == {
        (company, 1, "active")
    }
    assert len(holders) == 70
    run_jobs()
    session.rollback()
    assert len(session.scalars(select(Holder)).all()) == 70


def test_who_left_does_not_come_in(
    app: Flask, company: int, run_jobs: RunJobs, session: Session
) -> None:
    first = session.scalars(select(Membership).order_by(Membership.id)).first()
    assert first
    first.ended_at = clock.now()
    session.commit()
    run_jobs()
    assert session.get(Holder, first.user_id) is None


def test_who_rides_for_two_comes_in_once(
    app: Flask, people: People, company: int, run_jobs: RunJobs, session: Session
) -> None:
    both = people.make("rider")
    join(app, both, Role.RIDER, company)
    run_jobs()
    session.rollback()
    assert len(session.scalars(select(Holder)).all()) == 71


def test_a_rider_who_moves_is_seen_by_the_new_company(
    app: Flask, phone: RiderPhone, rider_person: Person, its_manager: Desk, company: int,
    manager: Desk, session: Session,
) -> None:  # fmt: skip
    phone.renew()
    session.rollback()
    held = select(Membership).where(Membership.user_id == rider_person.id)
    session.scalars(held).one().ended_at = clock.now()
    session.commit()
    join(app, rider_person, Role.RIDER, company)
    assert phone.renew()["rider"]["company"]["zh"] == "飞速配送"
    for desk, sees in ((its_manager, True), (manager, False)):
        with desk.acting() as (inside, actor):
            seen = queries.visible_riders(actor).where(Holder.user_id == rider_person.id)
            assert (inside.scalar(seen) is not None) == sees


def test_a_manager_who_is_a_guard_too_sees_the_own_company_alone(
    app: Flask, people: People, its_manager: Desk, rider_person: Person, phone: RiderPhone,
    session: Session,
) -> None:  # fmt: skip
    phone.renew()
    gate = people.make(Role.GUARD)
    session.rollback()
    home = session.scalars(select(Membership.organisation_id).where(Membership.user_id == gate.id))
    join(app, its_manager.person, Role.GUARD, home.one())
    with its_manager.acting() as (inside, actor):
        seen = set(inside.scalars(queries.visible_riders(actor)))
        assert {one.company.name_zh for one in seen} == {"飞速配送"}
        assert len(seen) == 70


def test_pages_hold_thirty_and_each_rider_once(its_manager: Desk) -> None:
    pages = _pages(its_manager)
    assert [len(page) for page in pages] == [30, 30, 10]
    flat = [user_id for page in pages for user_id in page]
    assert flat == sorted(set(flat))
    assert [len(page) for page in _pages(its_manager, text="王")] == [30, 5]


@pytest.mark.parametrize("after", [-5, 0, 2**31, 10**40])
def test_a_page_that_there_is_not(its_manager: Desk, after: int) -> None:
    assert len(_names(its_manager, after=after)) in (0, 30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王002", ["王002"]), (" 王002 ", ["王002"]), ("002", ["王002"]), ("0041", ["李041"]),
        ("138 0000 0041", ["李041"]), ("+8613800000041", ["李041"]), ("%", []), ("_", []),
        ("\\", []), ("王002' OR 1=1 --", []), ("x" * 5000, []), ("\U0010ffff", []),
        ("王\x00002", ["王002"]),
    ],
)  # fmt: skip
def test_a_manager_finds_by_any_part(its_manager: Desk, text: str, found: list[str]) -> None:
    assert _names(its_manager, text=text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王002", ["王002"]), ("002", []), ("王00", ["王000", "王002", "王004", "王006", "王008"]),
        ("138 0000 0041", ["李041"]), ("13800000041", ["李041"]), ("0041", []), ("%", []),
        ("_00", []),
    ],
)  # fmt: skip
def test_an_administrator_finds_by_beginning_or_whole_number(
    administrator: Desk, its_manager: Desk, text: str, found: list[str]
) -> None:
    assert _names(administrator, text=text) == found


def test_nobody_finds_a_rider_of_another_company(
    its_manager: Desk, other_manager: Desk, phone: RiderPhone, rider_person: Person
) -> None:
    phone.renew()
    for text in ("王小明", "小明", rider_person.phone, rider_person.phone[-4:]):
        assert "王小明" not in _names(its_manager, text=text)
        assert _names(other_manager, text=text) == []


@pytest.mark.parametrize(
    "role", ["rider", "dispatcher", "host", "grid_worker", "handler", "property_manager", None]
)
def test_others_see_nobody(app: Flask, people: People, its_manager: Desk, role: str | None) -> None:
    assert _names(Desk(app, people.make(*([role] if role else [])))) == []


def test_one_rider(
    manager: Desk, other_manager: Desk, administrator: Desk, phone: RiderPhone, rider_person: Person
) -> None:
    phone.renew()
    for desk in (manager, administrator):
        with desk.acting() as (session, actor):
            assert queries.rider(session, actor, rider_person.id).user.name == "王小明"
    with other_manager.acting() as (session, actor), pytest.raises(NotFound):
        queries.rider(session, actor, rider_person.id)
    with administrator.acting() as (session, actor), pytest.raises(NotFound):
        queries.rider(session, actor, 999_999)


def test_narrowed_by_state(
    its_manager: Desk, session: Session, browser_of: Callable[[Person], FlaskClient]
) -> None:
    users = session.scalars(select(User).where(User.name.like("王%")).order_by(User.id)).all()
    persons = [Person(one.id, one.phone or "", one.name) for one in users[:4]]
    its_manager.suspend(persons[0])
    its_manager.revoke(persons[1])
    for person in persons[2:]:
        assert RiderPhone(browser_of(person)).send_portrait().status_code == 201
    its_manager.decide(persons[3])
    for which, names in (
        (Which.SUSPENDED, ["王000"]), (Which.REVOKED, ["王002"]), (Which.WAITING, ["王004"]),
    ):  # fmt: skip
        assert _names(its_manager, state=which) == names
    with its_manager.acting() as (inside, actor):
        assert queries.waiting_count(inside, actor) == 1
    assert [len(page) for page in _pages(its_manager, state=Which.ACTIVE)] == [30, 30, 8]
    assert _names(its_manager, state=Which.SUSPENDED, text="李") == []


def test_what_a_desk_shows_of_a_rider(
    badge: RiderPhone, other_phone: RiderPhone, manager: Desk, rider_person: Person
) -> None:
    other_phone.enrol(replace=True)
    with manager.acting() as (session, actor):
        holder = queries.rider(session, actor, rider_person.id)
        badges = queries.badges_of(session, holder)
        assert [one.standing for one in badges] == ["active", "revoked"]
        assert badges[0].device
        assert badges[0].device.label == "Test · Test"
        assert [one.what for one in queries.events_of(session, holder)][:2] == [
            "enrolled", "replaced",
        ]  # fmt: skip
        assert list(queries.newest_portraits(session, [rider_person.id])) == [rider_person.id]
        standing = queries.standing_badges(session, [rider_person.id])
        assert [one.badge_id for one in standing[rider_person.id]] == [other_phone.badge]
        assert queries.standing_badge(session, rider_person.id, BadgeKind.PRINTED) is None
        seen = queries.newest_portrait(session, rider_person.id)
        assert seen
        assert queries.portrait(session, actor, seen.id) is seen


def test_two_first_contacts_at_once(phone: RiderPhone, session: Session, app: Flask) -> None:
    cookies = phone.client._cookies  # type: ignore[attr-defined]

    def renew(_number: int) -> int:
        client = app.test_client()
        client._cookies = cookies  # type: ignore[attr-defined]
        return client.post("/badge/renew", json={"badge": None}).status_code

    assert set(at_once(renew)) == {200}
    assert len(session.scalars(select(Holder)).all()) == 1
    assert session.scalars(select(Badge)).all() == []
