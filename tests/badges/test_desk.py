"""The register's desk: the list, one rider, and everything that is decided there."""

import io
from collections.abc import Callable
from html import unescape

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import Badge, BadgeEvent, Holder, Portrait
from app.blueprints.gates.models import CompoundGroup
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.lib import clock
from tests.support.badges import Desk, RiderPhone, join
from tests.support.people import People, Person
from tests.support.pictures import picture
from tests.support.statements import counted
from tests.support.threads import at_once

Open = Callable[[Person], FlaskClient]
REASON = "照片太暗，请在亮处重拍。"


@pytest.fixture
def browser(manager: Desk, browser_of: Open) -> FlaskClient:
    """The manager's browser."""
    return browser_of(manager.person)


@pytest.fixture
def sent(phone: RiderPhone, session: Session) -> int:
    """A portrait that waits; its id."""
    assert phone.send_portrait().status_code == 201
    return session.scalars(select(Portrait.id)).one()


@pytest.fixture
def page(rider_person: Person) -> str:
    """The path of the rider's page."""
    return f"/riders/{rider_person.id}"


@pytest.fixture
def many(app: Flask, session: Session, run_jobs: Callable[[], None]) -> Organisation:
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
    joined = {"organisation_id": home.id, "role": Role.RIDER, "created_at": now}
    session.execute(insert(Membership), [joined | {"user_id": one} for one in ids])
    session.commit()
    run_jobs()
    return home


@pytest.fixture
def of_many(app: Flask, people: People, many: Organisation, browser_of: Open) -> FlaskClient:
    """The browser of that company's manager."""
    person = people.make()
    join(app, person, Role.COMPANY_MANAGER, many.id)
    return browser_of(person)


def _holder(session: Session, rider: Person) -> Holder:
    session.rollback()
    return session.get_one(Holder, rider.id, populate_existing=True)


def _events(session: Session) -> list[tuple[str, str | None]]:
    session.rollback()
    events = session.scalars(select(BadgeEvent).order_by(BadgeEvent.id))
    return [(one.what, one.reason) for one in events]


def _names(page: str) -> list[str]:
    entries = page.split('class="entry rider"')[1:]
    return [one.split("<strong>")[1].split("</strong>")[0] for one in entries]


def _link(page: str, word: str) -> str:
    """Where the link that holds a word leads."""
    before = page.split(word)[0]
    return unescape(before.rsplit('<a class="button', 1)[1].split('href="')[1].split('"')[0])


def test_the_list_by_plain_links(of_many: FlaskClient) -> None:
    first = of_many.get("/riders?lang=en").text
    second = of_many.get(_link(first, "More riders") + "&lang=en").text
    third = of_many.get(_link(second, "More riders") + "&lang=en").text
    assert [len(_names(one)) for one in (first, second, third)] == [30, 30, 10]
    assert "More riders" not in third
    assert len({name for one in (first, second, third) for name in _names(one)}) == 70


def test_searching(of_many: FlaskClient) -> None:
    def found(text: str) -> list[str]:
        return _names(of_many.get("/riders", query_string={"text": text}).text)

    assert found("李041") == found("138 0000 0041") == found("0041") == ["李041"]
    assert found("没有这个人") == []
    two = of_many.get("/riders", query_string={"text": "王", "lang": "en"}).text
    assert len(_names(two)) == 30
    rest = of_many.get(_link(two, "More riders")).text
    assert len(_names(rest)) == 5
    assert 'value="王"' in rest


@pytest.mark.parametrize("text", ["%", "_", "\\", "\x00", "<b>", "x" * 5000, "' OR 1=1 --"])
@pytest.mark.parametrize("after", ["0", "-5", "x", str(2**31), str(10**40)])
def test_whatever_is_asked_for(browser: FlaskClient, text: str, after: str) -> None:
    wanted = {"text": text, "after": after, "show": "nonsense"}
    answer = browser.get("/riders", query_string=wanted)
    assert answer.status_code == 200
    assert "<b>" not in answer.text.replace("<b></b>", "")


def test_narrowed_by_state(
    badge: RiderPhone, manager: Desk, browser: FlaskClient, people: People, app: Flask,
    rider_person: Person, session: Session, run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    company = _holder(session, rider_person).company_id
    bare, out, stopped = (people.make(name=name) for name in ("无码", "离开", "停用"))
    for one in (bare, out, stopped):
        join(app, one, Role.RIDER, company)
    run_jobs()
    manager.revoke(out)
    manager.suspend(stopped)
    badge.send_portrait(picture(9, size=(300, 400)))
    for show, names in {
        "all": ["王小明", "无码", "离开", "停用"], "waiting": ["王小明"],
        "active": ["王小明", "无码"], "suspended": ["停用"], "revoked": ["离开"],
        "no_badge": ["无码", "停用"],
    }.items():  # fmt: skip
        assert set(_names(browser.get(f"/riders?show={show}").text)) == set(names), show


def test_what_one_page_shows(
    badge: RiderPhone, browser: FlaskClient, page: str, rider_person: Person
) -> None:
    text = browser.get(page).text
    number = rider_person.phone.removeprefix("+86")
    for word in ("王小明", "company单位", "Test · Test", "有效至", number):
        assert word in text, word
    picture_ = browser.get(f"{page}/portrait/1.jpg")
    assert picture_.status_code == 200
    assert picture_.mimetype == "image/jpeg"
    assert "private" in picture_.headers["Cache-Control"]


def test_a_portrait_of_somebody_else_is_not_there(
    sent: int, browser: FlaskClient, people: People, app: Flask, session: Session,
    rider_person: Person, run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    other = people.make()
    join(app, other, Role.RIDER, _holder(session, rider_person).company_id)
    run_jobs()
    assert browser.get(f"/riders/{other.id}/portrait/{sent}.jpg").status_code == 404
    assert browser.post(f"/riders/{other.id}/portrait/{sent}/approve").status_code == 409
    assert session.get_one(Portrait, sent, populate_existing=True).state == "pending"


def test_approved(
    sent: int, browser: FlaskClient, page: str, rider_person: Person, session: Session
) -> None:
    assert browser.post(f"{page}/portrait/{sent}/approve").location.startswith(page)
    assert _holder(session, rider_person).portrait_id == sent
    assert _events(session)[-1] == ("portrait_approved", None)


def test_sent_back_with_a_reason_that_the_rider_reads(
    sent: int, browser: FlaskClient, phone: RiderPhone, page: str
) -> None:
    answer = browser.post(f"{page}/portrait/{sent}/reject", data={"reason": REASON})
    assert answer.status_code == 302
    told = phone.renew()["rider"]["portrait"]
    assert (told["state"], told["reason"]) == ("rejected", REASON)
    assert REASON in browser.get(page).text


@pytest.mark.parametrize(
    ("act", "shown"),
    [("portrait/{}/reject", "pending"), ("suspend", "active"), ("revoke", "active")],
)
@pytest.mark.parametrize("reason", ["", "   ", "\u202e\u202c", "好" * 501])
def test_a_reason_is_needed_and_what_was_typed_stays(
    sent: int, browser: FlaskClient, page: str, session: Session, rider_person: Person, act: str,
    shown: str, reason: str,
) -> None:  # fmt: skip
    answer = browser.post(f"{page}/{act.format(sent)}", data={"reason": reason})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    if reason.strip("\u202e\u202c "):
        assert reason in answer.text
    assert _holder(session, rider_person).standing == "active"
    assert session.get_one(Portrait, sent).state == "pending"


def test_a_second_decision_says_so(sent: int, browser: FlaskClient, page: str) -> None:
    browser.post(f"{page}/portrait/{sent}/approve")
    answer = browser.post(f"{page}/portrait/{sent}/reject?lang=en", data={"reason": REASON})
    assert answer.status_code == 409
    assert "Somebody decided before you" in answer.text
    assert "王小明" in answer.text


def test_two_at_once_decide_once(
    sent: int, browser: FlaskClient, app: Flask, page: str, session: Session
) -> None:
    cookies = browser._cookies  # type: ignore[attr-defined]

    def decide(number: int) -> int:
        client = app.test_client()
        client._cookies = cookies  # type: ignore[attr-defined]
        act = ("approve", "reject")[number % 2]
        return client.post(f"{page}/portrait/{sent}/{act}", data={"reason": REASON}).status_code

    assert sorted(at_once(decide, 4)) == [302, 409, 409, 409]
    assert len(_events(session)) == 2


def test_after_a_portrait_comes_the_next_and_in_the_end_the_list(
    app: Flask, people: People, browser: FlaskClient, browser_of: Open, session: Session,
    rider_person: Person, phone: RiderPhone,
) -> None:  # fmt: skip
    phone.send_portrait()
    company = _holder(session, rider_person).company_id
    riders = [rider_person] + [people.make() for _number in range(2)]
    for number, one in enumerate(riders[1:]):
        join(app, one, Role.RIDER, company)
        RiderPhone(browser_of(one)).send_portrait(picture(40 + number, size=(300, 400)))
    session.rollback()
    ids = {one.user_id: one.id for one in session.scalars(select(Portrait))}

    def approve(rider: Person) -> str:
        path = f"/riders/{rider.id}/portrait/{ids[rider.id]}/approve?show=waiting"
        return browser.post(path).location

    assert approve(riders[1]) == f"/riders/{riders[2].id}?show=waiting"
    assert approve(riders[2]) == f"/riders/{riders[0].id}?show=waiting"
    assert approve(riders[0]) == "/riders?show=waiting"


def test_suspended_and_taken_back(
    badge: RiderPhone, browser: FlaskClient, page: str, rider_person: Person, session: Session
) -> None:
    browser.post(f"{page}/suspend", data={"reason": "<i>证件过期</i>"})
    assert _holder(session, rider_person).standing == "suspended"
    assert badge.renew()["holder"] == {"state": "suspended", "reason": "<i>证件过期</i>"}
    assert "&lt;i&gt;证件过期" in browser.get(page).text
    assert browser.post(f"{page}/suspend", data={"reason": "再"}).status_code == 409
    browser.post(f"{page}/resume", data={"reason": "已补办"})
    assert _events(session)[-1] == ("resumed", "已补办")
    assert badge.renew()["badge"]["credential"]


def test_revoking_is_asked_for_once_more(
    badge: RiderPhone, browser: FlaskClient, page: str, rider_person: Person, session: Session
) -> None:
    first = browser.get(f"{page}?lang=en").text
    assert f'action="{page}/revoke' not in first
    asked = browser.get(_link(first, "Revoke for good")).text
    assert f'action="{page}/revoke' in asked
    assert _holder(session, rider_person).standing == "active"
    browser.post(f"{page}/revoke", data={"reason": "已离职"})
    assert _holder(session, rider_person).standing == "revoked"
    assert browser.post(f"{page}/revoke", data={"reason": "已离职"}).status_code == 409


def test_where_it_opens(
    badge: RiderPhone, browser: FlaskClient, page: str, rider_person: Person, session: Session
) -> None:
    home = _holder(session, rider_person).company_id
    session.add(CompoundGroup(number=7, owner_id=home, name="湖东一片"))
    session.commit()
    assert "湖东一片" in browser.get(page).text
    assert browser.post(f"{page}/scope", data={"scope": "7"}).status_code == 302
    assert _holder(session, rider_person).scope == 7
    assert browser.get(page).text.count("湖东一片") == 2  # the choice, and what happened
    for wrong in ("8", "-1", "70000", "x", ""):
        answer = browser.post(f"{page}/scope?lang=en", data={"scope": wrong})
        assert answer.status_code == 422, wrong
        assert "There is no such group." in answer.text
    assert _holder(session, rider_person).scope == 7
    browser.post(f"{page}/scope", data={"scope": "0"})
    assert _holder(session, rider_person).scope == 0


def test_printed(badge: RiderPhone, browser: FlaskClient, page: str, session: Session) -> None:
    answer = browser.post(f"{page}/printed")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    drawn = pypdfium2.PdfDocument(io.BytesIO(answer.data))[0].render(scale=3).to_pil()
    assert zxingcpp.read_barcodes(drawn)[0].text.startswith("SK1:")
    assert browser.post(f"{page}/printed").status_code == 200
    printed = session.scalars(select(Badge).where(Badge.kind == "printed").order_by(Badge.id))
    assert [one.standing for one in printed] == ["revoked", "active"]


def test_nothing_is_printed_without_a_portrait(
    sent: int, browser: FlaskClient, page: str, session: Session
) -> None:
    answer = browser.post(f"{page}/printed?lang=en")
    assert answer.status_code == 409
    assert "needs an approved portrait" in answer.text
    assert session.scalars(select(Badge)).all() == []


def test_queries_do_not_grow_with_riders(
    app: Flask, of_many: FlaskClient, many: Organisation, session: Session
) -> None:
    ids = session.scalars(select(Holder.user_id).order_by(Holder.user_id)).all()
    session.commit()
    now = clock.now()
    portrait = {"sha256": "0" * 64, "state": "pending", "created_at": now}
    session.execute(insert(Portrait), [portrait | {"user_id": one} for one in ids])
    badge = {"kind": "printed", "created_at": now, "renewed_at": now, "expires_at": now}
    session.execute(
        insert(Badge), [badge | {"user_id": one, "badge_id": f"{one:016x}"} for one in ids]
    )
    session.commit()
    ran, counts = counted(app), []
    for text in ("", "李041"):
        ran.clear()
        shown = of_many.get("/riders", query_string={"text": text}).text
        counts.append((len(_names(shown)), len(ran)))
    assert [riders for riders, _queries in counts] == [30, 1]
    assert counts[0][1] == counts[1][1]
    assert counts[0][1] <= 12
