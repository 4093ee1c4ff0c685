"""Who looked at whose data: noted as it happens, read by administrators alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.models import AuditEntry
from app.blueprints.audit.services import MAX_REASON, note_look
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import Desk, RiderPhone, company_of
from tests.support.people import People, Person
from tests.support.statements import Ran, counted

OLDER = 'class="button wide" href="'
Open = Callable[[Person], FlaskClient]


@pytest.fixture
def look(app: Flask) -> Callable[..., None]:
    """Notes a look: `look(person, "rider:7", "log", "why")`."""

    def note(person: Person, subject: str, what: str = "rider", reason: str = "") -> None:
        with app.app_context():
            session = db.session()
            actor = session.get_one(User, person.id)
            now = clock.now()
            note_look(session, actor, subject=subject, what=what, reason=reason, now=now)
            session.commit()
            db.session.remove()

    return note


@pytest.fixture
def reader(people: People, browser_of: Open) -> FlaskClient:
    """An administrator's browser."""
    return browser_of(people.make(Role.ADMINISTRATOR, name="管理员"))


def _entries(session: Session) -> list[tuple[int, str, str, str]]:
    session.rollback()
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(one.actor_id, one.subject, one.what, one.reason) for one in rows]


def test_an_administrators_look_at_a_rider_is_noted_and_a_managers_is_not(
    phone: RiderPhone, administrator: Desk, manager: Desk, rider_person: Person,
    browser_of: Open, session: Session,
) -> None:  # fmt: skip
    phone.renew()
    page = f"/riders/{rider_person.id}"
    assert browser_of(manager.person).get(page).status_code == 200
    assert browser_of(administrator.person).get("/riders").status_code == 200
    assert _entries(session) == []
    assert browser_of(administrator.person).get(page).status_code == 200
    noted = (administrator.person.id, f"rider:{rider_person.id}", "rider", "register")
    assert _entries(session) == [noted]
    assert browser_of(administrator.person).get(f"{page}/revoke").status_code == 200
    assert _entries(session) == [noted, noted]


def test_a_look_at_nobody_is_none(administrator: Desk, browser_of: Open, session: Session) -> None:
    assert browser_of(administrator.person).get("/riders/999999").status_code == 404
    assert _entries(session) == []


def test_a_picture_belongs_to_the_look_at_its_page_or_is_noted_itself(
    badge: RiderPhone, administrator: Desk, manager: Desk, rider_person: Person,
    browser_of: Open, session: Session, held_clock: Clock,
) -> None:  # fmt: skip
    browser = browser_of(administrator.person)
    picture = f"/riders/{rider_person.id}/portrait/1.jpg"
    assert browser_of(manager.person).get(picture).status_code == 200
    assert browser.get(picture).status_code == 200
    assert [what for _id, _subject, what, _reason in _entries(session)] == ["portrait"]
    assert browser.get(picture).status_code == 200
    assert len(_entries(session)) == 1
    held_clock.forward(minutes=11)
    browser.get(f"/riders/{rider_person.id}")
    browser.get(picture)
    assert [what for _id, _subject, what, _reason in _entries(session)] == ["portrait", "rider"]


def test_the_page_says_who_looked_at_whom_and_why(
    app: Flask, look: Callable[..., None], reader: FlaskClient, people: People,
    rider_person: Person,
) -> None:  # fmt: skip
    curious = people.make(Role.PROPERTY_MANAGER, name="好奇的人")
    look(curious, f"rider:{rider_person.id}", "log", "失物 <b>招领</b>")
    look(curious, f"company:{company_of(app, rider_person)}", "export")
    look(curious, "rider:999999", "portrait", "register")
    page = reader.get("/audit").text
    for text in ("好奇的人", "王小明", "失物 &lt;b&gt;招领", "company单位", "rider:999999"):
        assert text in page
    assert "<b>招领" not in page


def test_narrowed_by_name_number_or_link(
    app: Flask, look: Callable[..., None], reader: FlaskClient, people: People,
    rider_person: Person,
) -> None:  # fmt: skip
    first, second = people.make(name="甲经理"), people.make(name="乙经理")
    look(first, f"rider:{rider_person.id}", reason="one")
    look(second, f"rider:{rider_person.id}", reason="two")
    look(second, f"company:{company_of(app, rider_person)}", reason="three")

    def seen(**wanted: object) -> list[str]:
        text = reader.get("/audit", query_string=wanted).text  # type: ignore[arg-type]
        return [word for word in ("one", "two", "three") if f">{word}</td>" in text]

    assert seen() == ["one", "two", "three"]
    assert seen(by="甲经理") == seen(actor=first.id) == seen(by=first.phone) == ["one"]
    assert seen(by="乙经理", about="王小明") == seen(actor=second.id, about="王小明") == ["two"]
    assert seen(about=rider_person.phone) == ["one", "two"]
    assert seen(subject=f"rider:{rider_person.id}") == ["one", "two"]
    assert seen(about="company单位") == seen(about="A company") == ["three"]
    for nobody in ("王", "%", "' OR 1=1 --", "x" * 5000, "\x00"):
        assert seen(about=nobody) in ([], ["one", "two", "three"])
    for number in (-1, 2**31, 10**40):
        assert seen(actor=number) == []


def test_fifty_a_page_each_look_once(
    look: Callable[..., None], reader: FlaskClient, people: People
) -> None:
    curious = people.make()
    for number in range(120):
        look(curious, f"rider:{900_000 + number}")
    found: list[str] = []
    sizes, path = [], "/audit"
    while path:
        page = reader.get(path).text
        names = [one.split("<")[0] for one in page.split(">rider:")[1:]]
        sizes.append(len(names))
        found += names
        path = page.split(OLDER)[1].split('"')[0] if OLDER in page else ""
    assert sizes == [50, 50, 20]
    assert found == [str(900_000 + number) for number in reversed(range(120))]


@pytest.mark.parametrize("before", ["0", "-5", "x", str(2**31), str(10**40)])
def test_a_page_that_there_is_not(reader: FlaskClient, before: str) -> None:
    assert reader.get(f"/audit?before={before}").status_code == 200


def test_a_long_reason_is_cut_and_never_lost(
    look: Callable[..., None], people: People, session: Session
) -> None:
    look(people.make(), "compound:1", "log", " x\x00" + "长" * 500)
    assert [reason for *_rest, reason in _entries(session)] == ["x" + "长" * (MAX_REASON - 1)]


def test_queries_do_not_grow_with_looks(
    app: Flask, look: Callable[..., None], reader: FlaskClient, people: People
) -> None:
    ran: Ran = counted(app)
    counts = []
    for _round in range(3):
        for person in (people.make(), people.make()):
            look(person, f"rider:{person.id}")
        ran.clear()
        reader.get("/audit")
        counts.append(len(ran))
    assert counts[1] == counts[2]
