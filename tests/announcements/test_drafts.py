"""Drafts, what may be said and to whom, when it may be sent, and who may do it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import queries, services
from app.blueprints.announcements.audience import Audience, Sender, senders_of
from app.blueprints.announcements.models import Announcement, State
from app.blueprints.organisations.models import Role
from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.conftest import Clock
from tests.support.announcing import Offices, announce, draft_of, many_riders, member
from tests.support.people import People, Person
from tests.support.threads import at_once


@pytest.fixture
def inside(app: Flask, places: Offices) -> Iterator[Session]:
    """A session in a request, as services are called; with three riders to tell something."""
    many_riders(app, places.company, 3)
    with app.test_request_context():
        yield db.session()
        db.session.remove()


def acting(session: Session, person: Person) -> tuple[User, Sender]:
    actor = session.get_one(User, person.id)
    return actor, senders_of(actor)[0]


LONG = {"title_zh": "长" * 61, "body_zh": "长" * 1001, "title_en": "x" * 61, "body_en": "x" * 1001}


@pytest.mark.parametrize(
    ("texts", "fields"),
    [
        ({"title_zh": " "}, {"title_zh"}),
        ({"body_zh": "\u202e\n"}, {"body_zh"}),
        (LONG, set(LONG)),
        ({"title_zh": "长" * 60, "body_zh": "长" * 1000, "title_en": "x" * 60}, set()),
    ],
)
def test_texts_are_judged_at_their_fields(
    inside: Session, administrator: Person, texts: dict[str, str], fields: set[str]
) -> None:
    actor, sender = acting(inside, administrator)
    draft = draft_of(sender, **texts)
    if not fields:
        services.create(inside, actor, draft, now=clock.now())
        return
    with pytest.raises(Invalid) as said:
        services.create(inside, actor, draft, now=clock.now())
    assert set(said.value.errors) == fields


def test_english_that_is_empty_is_the_chinese(inside: Session, administrator: Person) -> None:
    actor, sender = acting(inside, administrator)
    made = services.create(inside, actor, draft_of(sender, title_en="Water"), now=clock.now())
    assert (made.wording.title_en, made.wording.body_en) == ("Water", made.wording.body_zh)


def test_nobody_announces_beyond_their_bounds(
    app: Flask, people: People, inside: Session, administrator: Person, manager: Person,
    places: Offices,
) -> None:  # fmt: skip
    worker = member(app, people, (Role.GRID_WORKER, places.community))
    authority = acting(inside, administrator)[1]
    wrong = [
        (manager, Audience((Role.GRID_WORKER,)), "roles"),
        (manager, Audience(companies=(places.other_company,)), "companies"),
        (manager, Audience(area_id=places.street), "area"),
        (worker, Audience(area_id=places.street), "area"),
        (worker, Audience(companies=(places.street,)), "companies"),
        (administrator, Audience(()), "roles"),
        (administrator, Audience(area_id=999_999), "area"),
    ]
    for person, audience, field in wrong:
        actor, sender = acting(inside, person)
        with pytest.raises(Invalid) as said:
            services.create(inside, actor, draft_of(sender, audience), now=clock.now())
        assert set(said.value.errors) == {field}
    actor, own = acting(inside, manager)
    for other in (authority, replace(own, role=Role.ADMINISTRATOR)):
        with pytest.raises(Invalid) as said:
            services.create(inside, actor, draft_of(other), now=clock.now())
        assert set(said.value.errors) == {"sender"}


def test_only_a_draft_is_changed_and_sent(inside: Session, administrator: Person) -> None:
    actor, sender = acting(inside, administrator)
    now = clock.now()
    made = services.create(inside, actor, draft_of(sender), now=now)
    with pytest.raises(Conflict):
        services.recall(inside, actor, made.id, now=now)
    services.change(inside, actor, made.id, draft_of(sender, title_zh="改"), now=now)
    services.schedule(inside, actor, made.id, at=None, now=now)
    assert (made.wording.title_zh, made.state, made.send_at) == ("改", State.SCHEDULED, now)
    for again in (
        lambda: services.change(inside, actor, made.id, draft_of(sender), now=now),
        lambda: services.schedule(inside, actor, made.id, at=None, now=now),
    ):
        with pytest.raises(Conflict):
            again()
    services.recall(inside, actor, made.id, now=now)
    taken = [one.step for one in queries.events_of(inside, made)]
    assert taken == ["create", "change", "schedule", "recall"]


def test_it_is_sent_soon_and_to_somebody(
    inside: Session, administrator: Person, places: Offices
) -> None:
    actor, sender = acting(inside, administrator)
    now = clock.now()
    made = services.create(inside, actor, draft_of(sender), now=now)
    nobody = draft_of(sender, Audience(area_id=places.street))
    empty = services.create(inside, actor, nobody, now=now)
    inside.commit()
    wrong = [
        (made.id, now, "send_at"), (made.id, now + timedelta(days=90, seconds=1), "send_at"),
        (empty.id, None, "roles"),
    ]  # fmt: skip
    for number, at, field in wrong:
        with pytest.raises(Invalid) as said, transaction(inside):
            services.schedule(inside, actor, number, at=at, now=now)
        assert set(said.value.errors) == {field}
        assert inside.get_one(Announcement, number).state == State.DRAFT
    services.schedule(inside, actor, made.id, at=now + timedelta(days=90), now=now)


def test_offices_see_their_own_and_the_authority_sees_all(
    app: Flask, people: People, inside: Session, administrator: Person, manager: Person,
    places: Offices,
) -> None:  # fmt: skip
    rival = member(app, people, (Role.COMPANY_MANAGER, places.other_company))
    organiser = member(app, people, (Role.PARTY_ORGANISER, places.company))
    number = announce(app, manager, in_hours=1)
    for person, sees, changes in (
        (manager, True, True), (administrator, True, False), (organiser, True, False),
        (rival, False, False),
    ):  # fmt: skip
        actor = acting(inside, person)[0]
        assert (queries.page_of(inside, actor).items != []) is sees
        for may, find in ((sees, queries.visible), (changes, queries.changeable)):
            if may:
                assert find(inside, actor, number).id == number
            else:
                with pytest.raises(NotFound):
                    find(inside, actor, number)
    with pytest.raises(NotFound):
        services.recall(inside, acting(inside, rival)[0], number, now=clock.now())
    inside.rollback()
    services.recall(inside, acting(inside, administrator)[0], number, now=clock.now())


def test_three_a_day_whenever_the_day_begins(
    app: Flask, inside: Session, administrator: Person, manager: Person, held_clock: Clock
) -> None:
    """At 0, 10 and 20 h: at 23 h a fourth is one too many, and at 9 h; at 24 h it is not. One that
    is taken back before anybody was told does not count; another office has its own."""
    for hours in (0, 10, 20):
        announce(app, administrator, in_hours=hours)
    for hours in (9, 23, 23.9):
        with pytest.raises(Invalid) as said:
            announce(app, administrator, in_hours=hours)
        assert set(said.value.errors) == {"send_at"}
    announce(app, administrator, in_hours=24)
    announce(app, manager)
    second = select(Announcement).where(Announcement.send_at > clock.now() + timedelta(hours=9))
    taken = inside.scalars(second.order_by(Announcement.send_at)).first()
    assert taken is not None
    services.recall(inside, acting(inside, administrator)[0], taken.id, now=clock.now())
    inside.commit()
    announce(app, administrator, in_hours=23)


def test_released_at_once_they_are_still_three(
    app: Flask, inside: Session, administrator: Person
) -> None:
    inside.rollback()

    def release(_number: int) -> bool:
        try:
            announce(app, administrator)
        except Invalid:
            return False
        return True

    assert at_once(release, 6).count(True) == services.MOST_SENT
