"""Whom an announcement means, by who announces and by what was chosen."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import queries
from app.blueprints.announcements.audience import Audience, people, senders_of
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.stars.levels import month_of, months_back
from app.blueprints.stars.models import PlaceSum, Standing
from app.lib import clock
from app.lib.database import transaction
from tests.support.announcing import Offices, member
from tests.support.people import People, Person

EVERY = tuple(Role)


@pytest.fixture
def crowd(app: Flask, people: People, places: Offices) -> dict[str, Person]:
    """Riders of both companies, one of whom belongs to the community too; staff beside them; and
    two who are no longer there."""
    held = {
        "a": [(Role.RIDER, places.company)],
        "b": [(Role.RIDER, places.other_company)],
        "local": [(Role.RIDER, places.other_company), (Role.HOST, places.community)],
        "twice": [(Role.RIDER, places.company), (Role.RIDER, places.other_company)],
        "grid": [(Role.GRID_WORKER, places.community)],
        "left": [(Role.RIDER, places.company)],
        "disabled": [(Role.RIDER, places.company)],
    }
    return {name: member(app, people, *roles, name=name) for name, roles in held.items()}


@pytest.fixture
def who(
    session: Session, crowd: dict[str, Person], administrator: Person, manager: Person
) -> Callable[[Person, Audience], set[str]]:
    """The names of those in an audience when somebody announces."""
    gone = update(Membership).where(Membership.user_id == crowd["left"].id)
    session.execute(gone.values(ended_at=clock.now()))
    off = update(User).where(User.id == crowd["disabled"].id)
    session.execute(off.values(disabled_at=clock.now()))
    session.commit()
    names = {one.id: name for name, one in crowd.items()}
    names |= {administrator.id: "administrator", manager.id: "manager"}

    def found(author: Person, audience: Audience) -> set[str]:
        (sender,) = senders_of(session.get_one(User, author.id))
        ids = list(session.scalars(people(sender, audience, now=clock.now())))
        assert (
            len(ids) == len(set(ids)) == queries.count(session, sender, audience, now=clock.now())
        )
        return {names[one] for one in ids}

    return found


def test_the_authority_reaches_everybody_whom_it_chooses(
    who: Callable[[Person, Audience], set[str]], administrator: Person, places: Offices
) -> None:
    assert who(administrator, Audience()) == {"a", "b", "local", "twice"}
    assert who(administrator, Audience(companies=(places.company,))) == {"a", "twice"}
    assert who(administrator, Audience(area_id=places.street)) == {"local"}
    both = Audience(companies=(places.company,), area_id=places.street)
    assert who(administrator, both) == set()
    staff = (Role.GRID_WORKER, Role.COMPANY_MANAGER, Role.ADMINISTRATOR)
    assert who(administrator, Audience(staff)) == {"grid", "manager", "administrator"}
    assert len(who(administrator, Audience(EVERY))) == 7


def test_a_company_reaches_its_own_riders_and_managers_alone(
    who: Callable[[Person, Audience], set[str]], manager: Person, places: Offices
) -> None:
    assert who(manager, Audience()) == {"a", "twice"}
    assert who(manager, Audience(EVERY)) == {"a", "twice", "manager"}
    assert who(manager, Audience(EVERY, companies=(places.other_company,))) == {
        "a", "twice", "manager",
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.PARTY_ORGANISER])
def test_an_office_of_an_area_reaches_who_belongs_to_it(
    app: Flask, people: People, places: Offices, role: Role,
    who: Callable[[Person, Audience], set[str]],
) -> None:  # fmt: skip
    above = member(app, people, (role, places.street))
    assert who(above, Audience()) == {"local"}
    assert who(above, Audience((Role.HOST,))) == {"local"}
    assert who(above, Audience(companies=(places.company,))) == set()
    assert who(above, Audience(area_id=places.authority)) == {"local"}


def test_stars_and_stations_bound_an_audience(
    session: Session, who: Callable[[Person, Audience], set[str]], crowd: dict[str, Person],
    administrator: Person, manager: Person, places: Offices,
) -> None:  # fmt: skip
    this = month_of(clock.now())
    with transaction(session):
        street = session.get_one(Organisation, places.street)
        stations = [
            Organisation(kind=Kind.STATION, path=f"{street.path}{n}/", name_zh="站", name_en="S")
            for n in (901, 902)
        ]
        session.add_all(stations)
        session.add_all(
            Standing(user_id=crowd[name].id, level=level) for name, level in (("a", 3), ("b", 2))
        )
        session.flush()
        one, other = (station.id for station in stations)
        session.add_all(
            PlaceSum(user_id=crowd[name].id, month=month, place_id=place, points=points)
            for name, month, place, points in (
                ("a", this, one, 2), ("b", months_back(this, 2), other, 1),
                ("local", months_back(this, 3), one, 9), ("twice", this, one, 0),
            )
        )  # fmt: skip
    assert who(administrator, Audience(min_star=2)) == {"a", "b"}
    assert who(administrator, Audience(min_star=3)) == {"a"}
    assert who(administrator, Audience(visited_id=one)) == {"a"}
    assert who(administrator, Audience(visited_id=places.street)) == {"a", "b"}
    assert who(administrator, Audience(min_star=3, visited_id=other)) == set()
    assert who(manager, Audience(visited_id=places.street)) == {"a"}


def test_what_was_stored_before_there_were_stars_is_read() -> None:
    stored = {"roles": ["rider"], "companies": [], "area": None}
    assert Audience.of(stored) == Audience()
    both = Audience(min_star=4, visited_id=7)
    assert Audience.of(both.stored()) == both


def test_each_person_is_looked_up_by_their_memberships(
    session: Session, administrator: Person, places: Offices, database_kind: str
) -> None:
    """Not by each organisation below an area, which at 100,000 people took SQLite half a minute."""
    if database_kind != "sqlite":
        pytest.skip("how SQLite goes about it")
    (sender,) = senders_of(session.get_one(User, administrator.id))
    wanted = people(sender, Audience(area_id=places.street), now=clock.now()).order_by(User.id)
    text = str(wanted.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
    ways = [step for *_numbers, step in steps if "memberships" in step]
    assert ways
    assert all(way.endswith("(user_id=?)") for way in ways)
