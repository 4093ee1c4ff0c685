"""Cases become one in one act, by whoever is first; everybody who reported is told, once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.cases import merging
from app.blueprints.cases.models import CaseLink, LinkState
from app.blueprints.notifications.models import Notification
from app.blueprints.reports.models import Report, ReportEvent, State
from tests.conftest import Clock
from tests.support.cases import CaseDesk
from tests.support.people import Person
from tests.support.threads import at_once

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
Browsers = Callable[[Person], FlaskClient]


@pytest.fixture
def desk(app: Flask, held_clock: Clock) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def dispatcher(desk: CaseDesk, browser_of: Browsers) -> FlaskClient:
    return browser_of(desk.dispatcher)


def case_of(session: Session, case_id: int) -> Report:
    session.rollback()
    return session.get_one(Report, case_id, populate_existing=True)


def told(session: Session, kind: str) -> list[int]:
    session.rollback()
    found = select(Notification.user_id).where(Notification.kind == kind)
    return sorted(session.scalars(found))


def test_one_goes_into_the_other(desk: CaseDesk, dispatcher: FlaskClient, session: Session) -> None:
    first, second = desk.filed(now=NOW), desk.filed(desk.other_rider, now=NOW)
    answer = dispatcher.post(f"/cases/{second}/merge", data={"into_id": first})
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, f"/cases/{first}")
    case = case_of(session, second)
    assert (case.state, case.merged_into_id) == (State.MERGED, first)
    assert session.get_one(CaseLink, (second, first)).state == LinkState.MERGED
    assert told(session, "case_merge") == [desk.other_rider.id]


def test_all_that_are_marked_go_into_the_one_that_is_furthest_along(
    desk: CaseDesk, dispatcher: FlaskClient, session: Session
) -> None:
    old, sent = desk.filed(now=NOW), desk.at(State.DISPATCHED, now=NOW)
    new = desk.filed(desk.other_rider, now=NOW)
    dispatcher.post(f"/cases/{new}/merge", data={"with": [old, sent]})
    assert [case_of(session, one).merged_into_id for one in (old, sent, new)] == [sent, None, sent]
    assert told(session, "case_merge") == sorted([desk.rider.id, desk.other_rider.id])


def test_all_or_none(desk: CaseDesk, dispatcher: FlaskClient, session: Session) -> None:
    main, good, handled = desk.filed(now=NOW), desk.filed(now=NOW), desk.at(State.HANDLED, now=NOW)
    answer = dispatcher.post(f"/cases/{good}/merge", data={"with": [handled], "into_id": main})
    assert answer.status_code == 409
    assert case_of(session, good).state == State.RECEIVED
    assert told(session, "case_merge") == []


@pytest.mark.parametrize("body", [
    {}, {"into_id": "x"}, {"into_id": "-1"}, {"with": ["x"]}, {"with": [str(n) for n in range(60)]},
])  # fmt: skip
def test_nonsense_is_refused(
    desk: CaseDesk, dispatcher: FlaskClient, session: Session, body: dict[str, object]
) -> None:
    case_id = desk.filed(now=NOW)
    assert dispatcher.post(f"/cases/{case_id}/merge", data=body).status_code == 422
    assert case_of(session, case_id).state == State.RECEIVED


@pytest.mark.parametrize(("into", "status"), [("itself", 409), ("none", 404), ("rejected", 409)])
def test_there_must_be_a_case_to_go_into(
    desk: CaseDesk, dispatcher: FlaskClient, into: str, status: int
) -> None:
    case_id = desk.filed(now=NOW)
    targets = {"itself": case_id, "none": 99_999}
    target = targets.get(into) or desk.at(State.REJECTED, now=NOW)
    answer = dispatcher.post(f"/cases/{case_id}/merge", data={"into_id": target})
    assert answer.status_code == status


def test_the_case_that_stays_may_be_named_by_its_number(
    desk: CaseDesk, dispatcher: FlaskClient, session: Session
) -> None:
    first, second = desk.filed(), desk.filed(desk.other_rider)
    number = case_of(session, first).number
    answer = dispatcher.post(f"/cases/{second}/merge-into", data={"number": f" {number} "})
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, f"/cases/{first}")
    assert case_of(session, second).merged_into_id == first


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("", 404, "没有这个案件"),
        ("2026-999999", 404, "没有这个案件"),
        ("二十三", 404, "没有这个案件"),
        ("own", 409, "这就是本案"),
        ("ended", 409, "已经结束"),
    ],
)
def test_a_wrong_number_is_said_at_its_field_and_stays_typed(
    desk: CaseDesk, dispatcher: FlaskClient, session: Session, typed: str, status: int, said: str
) -> None:
    case_id, ended = desk.filed(), desk.at(State.REJECTED)
    typed = {"own": str(case_id), "ended": str(ended)}.get(typed, typed)
    answer = dispatcher.post(f"/cases/{case_id}/merge-into", data={"number": typed})
    assert answer.status_code == status
    field = re.search('<input[^>]*id="merge-into"[^>]*>.*?</div>', answer.text, re.DOTALL)
    assert field is not None
    assert f'value="{typed}"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert said in field[0]
    assert case_of(session, case_id).state == State.RECEIVED


def test_who_saw_an_older_case_merges_nothing(
    desk: CaseDesk, dispatcher: FlaskClient, session: Session
) -> None:
    first, second = desk.filed(now=NOW), desk.filed(now=NOW)
    desk.step(desk.other_dispatcher, second, "accept")
    body = {"into_id": first, "seen": [f"{first}:1", f"{second}:1"]}
    assert dispatcher.post(f"/cases/{second}/merge", data=body).status_code == 409
    assert case_of(session, second).state == State.ACCEPTED


def test_two_dispatchers_who_merge_opposite_ways_make_no_circle(
    desk: CaseDesk, browser_of: Browsers, session: Session
) -> None:
    browsers = [browser_of(one) for one in (desk.dispatcher, desk.other_dispatcher)]
    for _round in range(5):
        pair = [desk.filed(now=NOW), desk.filed(now=NOW)]
        assert sorted(_merge_opposite(browsers, pair)) == [302, 409]
        into = [case_of(session, case_id).merged_into_id for case_id in pair]
        assert into in ([pair[1], None], [None, pair[0]])


def _merge_opposite(browsers: list[FlaskClient], pair: list[int]) -> list[int]:
    def act(number: int) -> int:
        body = {"into_id": pair[1 - number]}
        return browsers[number].post(f"/cases/{pair[number]}/merge", data=body).status_code

    return at_once(act, 2)


def test_two_who_merge_the_same_tell_the_rider_once(
    desk: CaseDesk, browser_of: Browsers, session: Session
) -> None:
    first, second = desk.filed(now=NOW), desk.filed(desk.other_rider, now=NOW)
    browsers = [browser_of(one) for one in (desk.dispatcher, desk.other_dispatcher)]

    def act(number: int) -> int:
        return browsers[number].post(f"/cases/{second}/merge", data={"into_id": first}).status_code

    assert sorted(at_once(act, 2)) == [302, 409]
    assert told(session, "case_merge") == [desk.other_rider.id]


def test_a_chain_ends_in_one_case(desk: CaseDesk, session: Session) -> None:
    main, middle, last = (desk.filed(now=NOW) for _one in range(3))
    desk.step(desk.dispatcher, last, "merge", into_id=middle)
    desk.step(desk.dispatcher, middle, "merge", into_id=main)
    assert [case_of(session, one).merged_into_id for one in (middle, last)] == [main, main]
    assert [one.id for one in merging.merged_into(session, case_of(session, main))] == [
        middle,
        last,
    ]


def test_split_it_is_a_case_of_its_own_and_not_proposed_again(
    desk: CaseDesk, dispatcher: FlaskClient, session: Session
) -> None:
    first, second = desk.filed(now=NOW), desk.filed(now=NOW)
    dispatcher.post(f"/cases/{second}/merge", data={"into_id": first})
    desk.step(desk.dispatcher, second, "split", note="另一处")
    assert case_of(session, second).state == State.ACCEPTED
    page = dispatcher.get(f"/cases/{first}/doubles").text
    assert f"pair-{second}" not in page


def test_dismissed_for_good_with_who_said_so(
    desk: CaseDesk, dispatcher: FlaskClient, session: Session
) -> None:
    first, second = desk.filed(now=NOW), desk.filed(now=NOW)
    assert f"pair-{second}" in dispatcher.get(f"/cases/{first}/doubles").text
    answer = dispatcher.post(f"/cases/{first}/doubles/{second}/dismiss")
    assert answer.status_code == 302
    for one, other in ((first, second), (second, first)):
        assert f"pair-{other}" not in dispatcher.get(f"/cases/{one}/doubles").text
    event = session.scalars(select(ReportEvent).where(ReportEvent.step == "note")).one()
    assert (event.actor_id, event.internal) == (desk.dispatcher.id, True)
    assert event.data == {"other": second}


@pytest.mark.parametrize("other", ["itself", "none", "merged"])
def test_only_two_that_stand_apart_are_dismissed(
    desk: CaseDesk, dispatcher: FlaskClient, other: str
) -> None:
    first, second = desk.filed(now=NOW), desk.filed(now=NOW)
    desk.step(desk.dispatcher, second, "merge", into_id=first)
    target = {"itself": first, "none": 99_999, "merged": second}[other]
    status = dispatcher.post(f"/cases/{first}/doubles/{target}/dismiss").status_code
    assert status == (409 if other == "merged" else 404)


def test_the_one_furthest_along_stays_of_equals_the_oldest(
    desk: CaseDesk, session: Session
) -> None:
    old, new, handled, rejected = (
        desk.filed(now=NOW), desk.filed(now=NOW), desk.at(State.HANDLED, now=NOW),
        desk.at(State.REJECTED, now=NOW),
    )  # fmt: skip
    cases = {one: case_of(session, one) for one in (old, new, handled, rejected)}
    assert merging.stays(cases[new], cases[old]) is cases[old]
    assert merging.stays(cases[old], cases[handled]) is cases[handled]
    assert merging.stays(cases[handled], cases[rejected]) is None
    assert merging.stays(cases[old], cases[rejected]) is None
