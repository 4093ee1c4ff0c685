"""What a host says of a station, and changing what it is: by whom, when, and against whom."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Role
from app.blueprints.stations import editing, services
from app.blueprints.stations.editing import ChangedMeanwhile
from app.blueprints.stations.models import Facility
from app.blueprints.stations.profile import Offer
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.lib.database import transaction
from tests.support.people import People
from tests.support.station_desk import StationDesk
from tests.support.threads import at_once

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = {
    "number": "SZ100", "name_zh": "新驿站", "level": 1, "kind": "filling", "address_zh": "x",
    "latitude": 31.3, "longitude": 120.7, "hours": "24/7",
}  # fmt: skip


@pytest.fixture
def desk(app: Flask, people: People) -> StationDesk:
    return StationDesk(app, people)


def test_a_state_has_a_reason_and_an_end(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        station = services.set_state(
            session, actor, desk.station_id, state="closed", reason=" 空调\n检修 ",
            until=NOW + HOUR, now=NOW,
        )  # fmt: skip
        assert (station.state, station.state_reason) == ("closed", "空调 检修")
        assert (station.version, station.changed_at) == (2, NOW)
        services.set_state(
            session, actor, desk.station_id, state="open", reason="x", until=NOW + HOUR, now=NOW
        )
    facts = desk.facts()
    assert (facts["state"], facts["state_reason"], facts["state_until"]) == ("open", "", None)
    assert desk.steps() == ["state", "state"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": "gone"}, "state"),
        ({"state": "closed", "reason": "  "}, "reason"),
        ({"state": "full", "reason": "x" * 121}, "reason"),
        ({"state": "full", "until": NOW}, "until"),
        ({"state": "full", "until": NOW + timedelta(days=367)}, "until"),
    ],
)
def test_what_no_state_can_be(desk: StationDesk, said: dict[str, object], field: str) -> None:
    with desk.acting(desk.host) as (session, actor):
        with pytest.raises(Invalid) as refused:
            services.set_state(
                session, actor, desk.station_id,
                **({"reason": "", "until": None} | said), now=NOW,  # type: ignore[arg-type]
            )  # fmt: skip
        assert list(refused.value.errors) == [field]
    assert desk.steps() == []


def test_a_notice_ends_with_the_day_unless_another_end_is_said(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        station = services.set_notice(
            session, actor, desk.station_id, text="绿豆汤", until=None, now=NOW
        )
        assert station.notice_until == datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
        with pytest.raises(Invalid):
            services.set_notice(
                session, actor, desk.station_id, text="x", until=NOW + timedelta(days=40), now=NOW
            )
        with pytest.raises(Invalid):
            services.set_notice(
                session, actor, desk.station_id, text="x" * 201, until=None, now=NOW
            )
        services.set_notice(session, actor, desk.station_id, text=" ", until=NOW + HOUR, now=NOW)
    assert (desk.facts()["notice"], desk.facts()["notice_until"]) == ("", None)


def test_a_facility_that_does_not_work_is_noted_once(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        for _time in range(2):
            services.set_facility(
                session, actor, desk.station_id, facility="water", works=False, note="漏水", now=NOW
            )
        with pytest.raises(NotFound):
            services.set_facility(
                session, actor, desk.station_id, facility="shower", works=True, now=NOW
            )
    assert desk.facts()["broken"] == {"water"}
    assert desk.steps() == ["facility"]


def test_who_works_at_a_station(desk: StationDesk, people: People) -> None:
    """The hosts of it, of what stands above it, and of who runs it; administrators."""
    with desk.rows() as rows:
        company = rows._organisation(Kind.COMPANY, None, "速达", "Suda")
        runner = rows.host(company, "孙站长")
    with desk.acting(desk.administrator) as (session, actor):
        editing.change(session, actor, desk.station_id, {"operator": company}, now=NOW)
    allowed = {desk.host, desk.street_host, desk.administrator, runner}
    for person in (*allowed, desk.other_host, people.make(Role.RIDER), people.make()):
        with desk.acting(person) as (session, actor):
            try:
                services.set_notice(
                    session, actor, desk.station_id, text=person.name, until=None, now=NOW
                )
            except NotFound:
                assert person not in allowed
            else:
                assert person in allowed


def test_a_host_changes_no_number_kind_area_or_operator(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        editing.change(session, actor, desk.station_id, {"name_zh": "新名"}, now=NOW)
        for values in ({"number": "X"}, {"area": None}, {"operator": None}, {"level": 1}):
            with pytest.raises(Forbidden):
                editing.change(session, actor, desk.station_id, values, now=NOW)
        with pytest.raises(Forbidden):
            editing.create(session, actor, NEW, now=NOW)
        with pytest.raises(Forbidden):
            editing.end(session, actor, desk.station_id, now=NOW)
    assert desk.facts()["name_zh"] == "新名"
    assert desk.steps() == ["change"]


def test_english_that_is_not_given_goes_with_the_chinese(desk: StationDesk) -> None:
    with desk.acting(desk.administrator) as (session, actor):
        made = editing.create(session, actor, NEW | {"name_en": ""}, now=NOW)
        editing.change(session, actor, made.organisation_id, {"name_zh": "老驿站"}, now=NOW)
    assert desk.facts("SZ100")["name_en"] == "老驿站"


def test_a_station_moves_with_its_area(desk: StationDesk) -> None:
    with desk.acting(desk.administrator) as (session, actor):
        editing.change(session, actor, desk.other_id, {"area": desk.street_id}, now=NOW)
    assert desk.facts("SZ002")["path"] == f"/{desk.street_id}/{desk.other_id}/"
    with desk.acting(desk.street_host) as (session, actor):
        services.set_notice(session, actor, desk.other_id, text="x", until=None, now=NOW)


def test_whether_a_facility_works_stays_when_others_come(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        services.set_facility(
            session, actor, desk.station_id, facility="water", works=False, now=NOW
        )
        offers = (Offer(Facility.WATER), Offer(Facility.PHONE_CHARGING, 6))
        editing.change(session, actor, desk.station_id, {"facilities": offers}, now=NOW)
    facts = desk.facts()
    assert facts["facilities"] == {"water": None, "phone_charging": 6}
    assert facts["broken"] == {"water"}


def test_of_two_who_change_at_once_the_second_hears_of_the_first(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        editing.change(
            session, actor, desk.station_id, {"contact": "110"}, version=1, now=NOW
        )  # fmt: skip
    with desk.acting(desk.street_host) as (session, actor):
        with pytest.raises(ChangedMeanwhile) as overtaken:
            editing.change(
                session, actor, desk.station_id, {"contact": "120"}, version=1, now=NOW
            )  # fmt: skip
        (event,) = overtaken.value.events
        assert event.actor
        assert event.actor.name == "陈站长"
        assert event.data == {"contact": ["", "110"]}
    assert desk.facts()["contact"] == "110"


def test_what_the_form_does_not_show_overtakes_nobody(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        services.set_notice(session, actor, desk.station_id, text="x", until=None, now=NOW)
        editing.change(
            session, actor, desk.station_id, {"contact": "120"}, version=1, now=NOW
        )  # fmt: skip
    assert desk.facts()["contact"] == "120"


def test_many_changes_at_once_are_all_counted(desk: StationDesk) -> None:
    def say(number: int) -> None:
        with desk.app.app_context():
            session = db.session()
            with transaction(session):
                services.set_notice(
                    session, session.get_one(User, desk.host.id), desk.station_id,
                    text=f"第{number}条", until=None, now=NOW,
                )  # fmt: skip
            db.session.remove()

    at_once(say)
    assert desk.facts()["version"] == 9
    assert desk.steps() == ["notice"] * 8


def test_of_many_that_enter_one_number_at_once_one_does(desk: StationDesk) -> None:
    def enter(_number: int) -> str:
        with desk.app.app_context():
            session = db.session()
            try:
                with transaction(session):
                    actor = session.get_one(User, desk.administrator.id)
                    editing.create(session, actor, NEW, now=NOW)
                return "entered"
            except Invalid as error:
                return next(iter(error.errors))
            finally:
                db.session.remove()

    assert sorted(at_once(enter)) == ["entered"] + ["number"] * 7
    assert desk.stations().count("SZ100") == 1


def test_a_station_that_was_given_up_is_not_changed(desk: StationDesk) -> None:
    with desk.acting(desk.administrator) as (session, actor):
        editing.end(session, actor, desk.station_id, now=NOW)
        for act in (
            lambda: editing.change(session, actor, desk.station_id, {"contact": "1"}, now=NOW),
            lambda: editing.end(session, actor, desk.station_id, now=NOW),
            lambda: services.set_notice(
                session, actor, desk.station_id, text="x", until=None, now=NOW
            ),
        ):
            with pytest.raises(Conflict):
                act()
        editing.resume(session, actor, desk.station_id, now=NOW)
        with pytest.raises(Conflict):
            editing.resume(session, actor, desk.station_id, now=NOW)
    assert desk.steps() == ["end", "resume"]


def test_a_poster_is_withdrawn_once(desk: StationDesk) -> None:
    with desk.acting(desk.host) as (session, actor):
        editing.withdraw_poster(session, actor, desk.station_id, poster=1, now=NOW)
        with pytest.raises(Conflict):
            editing.withdraw_poster(session, actor, desk.station_id, poster=1, now=NOW)
    assert desk.facts()["poster"] == 2
