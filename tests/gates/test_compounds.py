"""What property managers set, and who may: rules, groups, phones, barriers, conflicts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.models import AuditEntry
from app.blueprints.gates import compounds, equipment
from app.blueprints.gates.models import (
    Barrier,
    Compound,
    CompoundGroup,
    CompoundGroupMember,
    Gate,
    Pass,
    PassConflict,
    Scanner,
    ScannerCode,
)  # fmt: skip
from app.blueprints.organisations.models import Organisation, Role
from app.errors import Conflict
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.conftest import Clock
from tests.support.compound_bodies import RULES
from tests.support.estate import Estate
from tests.support.people import People
from tests.support.threads import at_once


@pytest.fixture
def manager(estate: Estate) -> FlaskClient:
    """The browser of who manages both compounds."""
    return estate.browser(estate.manager)


def gate_path(estate: Estate) -> str:
    return f"/compounds/{estate.compound_id}/gates/{estate.gate_id}"


def test_the_list_shows_the_compounds_below_ones_own(estate: Estate, manager: FlaskClient) -> None:
    keeper = estate.browser(estate.keeper)
    both, one = manager.get("/compounds").text, keeper.get("/compounds").text
    assert "湖滨花园" in both
    assert "云庭雅苑" in both
    assert "湖滨花园" not in one
    assert "云庭雅苑" in one


def test_a_name_that_is_looked_for(estate: Estate, manager: FlaskClient) -> None:
    found = manager.get("/compounds?q=云庭").text
    assert "云庭雅苑" in found
    assert "湖滨花园" not in found
    assert "湖滨花园" not in manager.get("/compounds?q=%25").text


@pytest.mark.parametrize("page", ["", "/log", "/conflicts", "/statistics", "/settings", "/map"])
def test_other_managers_see_nothing_of_it(estate: Estate, page: str) -> None:
    keeper = estate.browser(estate.keeper)
    assert keeper.get(f"/compounds/{estate.compound_id}{page}").status_code == 404
    assert keeper.get(f"/compounds/{estate.second_id}{page}").status_code == 200


def test_a_gate_of_another_compound_is_not_found(estate: Estate, manager: FlaskClient) -> None:
    path = f"/compounds/{estate.second_id}/gates/{estate.gate_id}"
    assert manager.get(path).status_code == 404
    assert manager.post(path, data=RULES).status_code == 404
    assert manager.post(f"{path}/codes").status_code == 404


def test_rules_are_kept_and_written_down(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    body = RULES | {"weekdays": ["0", "6"], "live_only": "y", "printed_cap": "3"}
    assert manager.post(gate_path(estate), data=body).status_code == 302
    gate = session.get_one(Gate, estate.gate_id)
    assert (gate.opens_min, gate.closes_min, gate.weekdays) == (360, 1380, 0b1000001)
    assert (gate.live_only, gate.printed_cap, gate.vehicles) == (True, 3, "push")
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.subject) == (estate.manager.id, f"compound:{estate.compound_id}")
    assert entry.what == "rules"
    assert "opens_min=360" in entry.reason


def test_what_did_not_change_is_not_written_down(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    for _time in range(2):
        manager.post(gate_path(estate), data=RULES)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_setting_a_gate_for_the_first_time_makes_it(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    path = f"/compounds/{estate.second_id}/gates/{estate.bare_gate_id}"
    assert manager.get(f"{path}/poster.pdf").status_code == 422
    assert manager.post(path, data=RULES).status_code == 302
    gate = session.get_one(Gate, estate.bare_gate_id)
    assert gate.compound_id == estate.second_id
    assert len(gate.place_code) == 16
    assert session.get(Compound, estate.second_id)


def test_two_who_set_a_gate_up_at_once(estate: Estate, session: Session) -> None:
    browsers = [estate.browser(estate.manager) for _number in range(6)]
    path = f"/compounds/{estate.second_id}/gates/{estate.bare_gate_id}"
    answers = at_once(lambda number: browsers[number].post(path, data=RULES).status_code, 6)
    assert answers == [302] * 6
    assert session.get_one(Gate, estate.bare_gate_id).opens_min == 360


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opens", ""), ("opens", "25:00"), ("closes", "noon"), ("weekdays", []),
        ("weekdays", ["7"]), ("weekdays", ["x"]), ("printed_cap", "0"), ("printed_cap", "100"),
        ("printed_cap", "x"), ("vehicles", "tank"), ("vehicles", ""), ("direction", "up"),
        ("latitude", "91"), ("latitude", "nan"), ("latitude", "x"), ("longitude", "-181"),
        ("longitude", ""), ("radius_m", "19"), ("radius_m", "501"), ("radius_m", ""),
        ("radius_m", "9" * 400),
    ],
)  # fmt: skip
def test_rules_out_of_bounds_stand_at_their_field(
    estate: Estate, manager: FlaskClient, session: Session, field: str, value: object
) -> None:
    answer = manager.post(gate_path(estate), data=RULES | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert session.get_one(Gate, estate.gate_id).opens_min == 0


@pytest.mark.parametrize(
    "body",
    [{"closes": "", "call": ""}, {"closes": "24:00", "call": ""}, {"closes": "01:00", "call": "x"},
     {"closes": "01:00", "call": "1" * 40}],
)  # fmt: skip
def test_settings_out_of_bounds(estate: Estate, manager: FlaskClient, body: dict[str, str]) -> None:
    answer = manager.post(f"/compounds/{estate.compound_id}/settings", data=body)
    assert answer.status_code == 422
    assert "-error" in answer.text


def test_settings_are_kept(estate: Estate, manager: FlaskClient, session: Session) -> None:
    body = {"closes": "23:30", "call": "+86 512-6666 0001"}
    assert manager.post(f"/compounds/{estate.compound_id}/settings", data=body).status_code == 302
    kept = session.get_one(Compound, estate.compound_id)
    assert (kept.closes_min, kept.call) == (1410, "+86 512-6666 0001")


def test_groups_are_made_joined_and_left(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    path = f"/compounds/{estate.compound_id}/groups"
    for name in ("一片", "二片"):
        assert manager.post(path, data={"name": name}).status_code == 302
    groups = session.scalars(select(CompoundGroup).order_by(CompoundGroup.number)).all()
    assert [(one.number, one.owner_id) for one in groups] == [
        (1, estate.company_id),
        (2, estate.company_id),
    ]
    session.rollback()
    other = f"/compounds/{estate.second_id}/groups/2"
    for inside, expected in (("1", 2), ("1", 2), ("0", 1), ("0", 1)):
        assert manager.post(other, data={"inside": inside}).status_code == 302
        member = CompoundGroupMember
        assert session.scalar(select(func.count()).where(member.number == 2)) == expected
        session.rollback()
    assert manager.post(f"{path}/3", data={"inside": "1"}).status_code == 404
    assert manager.post(path, data={"name": "  "}).status_code == 422
    assert manager.post(path, data={"name": "长" * 61}).status_code == 422


def test_a_group_of_another_owner_is_not_found(
    estate: Estate, app: Flask, people: People, manager: FlaskClient
) -> None:
    other = people.make(Role.PROPERTY_MANAGER)
    with estate.writing() as session:
        home = session.get_one(User, other.id).memberships[0].organisation_id
        session.add(CompoundGroup(number=9, owner_id=home, name="别处"))
    path = f"/compounds/{estate.compound_id}/groups/9"
    assert manager.post(path, data={"inside": "1"}).status_code == 404
    assert estate.browser(other).post(f"/compounds/{home}/groups/9", data={}).status_code == 302


def test_groups_made_at_once_get_numbers_of_their_own(estate: Estate, session: Session) -> None:
    browsers = [estate.browser(estate.manager) for _number in range(6)]
    path = f"/compounds/{estate.compound_id}/groups"
    answers = at_once(lambda n: browsers[n].post(path, data={"name": f"组{n}"}).status_code, 6)
    assert answers == [302] * 6
    assert sorted(session.scalars(select(CompoundGroup.number))) == [1, 2, 3, 4, 5, 6]


def test_a_code_is_shown_once_and_makes_a_phone(
    estate: Estate, manager: FlaskClient, session: Session, held_clock: Clock
) -> None:
    answer = manager.post(f"{gate_path(estate)}/codes")
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    kept = session.scalars(select(ScannerCode)).one()
    assert kept.expires_at - kept.created_at == timedelta(minutes=15)
    assert kept.code_hash not in answer.text
    assert "code-large" in answer.text
    assert "code-large" not in manager.get(gate_path(estate)).text


def test_ten_codes_at_most_are_unused(estate: Estate, manager: FlaskClient) -> None:
    path = f"{gate_path(estate)}/codes"
    answers = [manager.post(path).status_code for _number in range(11)]
    assert answers == [201] * 10 + [409]


def test_an_ended_phone_is_signed_out_and_ended_once(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    scanner_id = estate.scanner()
    path = f"/compounds/{estate.compound_id}/scanners/{scanner_id}/end"
    other = f"/compounds/{estate.second_id}/scanners/{scanner_id}/end"
    assert manager.post(other).status_code == 404
    browsers = [estate.browser(estate.manager) for _number in range(4)]
    answers = at_once(lambda number: browsers[number].post(path).status_code, 4)
    assert sorted(answers) == [302, 409, 409, 409]
    scanner = session.get_one(Scanner, scanner_id)
    assert scanner.ended_by_id == estate.manager.id
    assert scanner.user.disabled_at
    assert scanner.label not in manager.get(gate_path(estate)).text


def test_a_barriers_token_is_shown_once_and_ended_once(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    answer = manager.post(f"{gate_path(estate)}/barriers", data={"name": "北侧道闸"})
    assert answer.status_code == 201
    kept = session.scalars(select(Barrier)).one()
    assert kept.token_hash not in answer.text
    path = f"/compounds/{estate.compound_id}/barriers/{kept.id}/end"
    assert estate.browser(estate.keeper).post(path).status_code == 404
    assert [manager.post(path).status_code for _time in range(2)] == [302, 409]
    assert manager.post(f"{gate_path(estate)}/barriers", data={"name": ""}).status_code == 422


def test_barriers_have_a_bound(estate: Estate, app: Flask) -> None:
    with app.app_context():
        actor = db.session.get_one(User, estate.manager.id)

        def make() -> None:
            with transaction(db.session()):
                equipment.make_barrier(
                    db.session(), actor, estate.compound_id, estate.gate_id, label="x",
                    now=clock.now(),
                )  # fmt: skip

        for _number in range(equipment.BARRIERS_AT_ONE_GATE):
            make()
        with pytest.raises(Conflict):
            make()
        db.session.remove()


def test_a_conflict_is_closed_once_and_the_pass_stays(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    conflict_id = estate.conflict("revoked_meanwhile")
    before = session.execute(select(Pass.__table__)).all()
    session.rollback()
    path = f"/compounds/{estate.compound_id}/conflicts/{conflict_id}/resolve"
    other = f"/compounds/{estate.second_id}/conflicts/{conflict_id}/resolve"
    assert manager.post(other, data={"note": "x"}).status_code == 404
    assert manager.post(path, data={"note": "  "}).status_code == 422
    assert manager.post(path, data={"note": "长" * 501}).status_code == 422
    browsers = [estate.browser(estate.manager) for _number in range(4)]
    answers = at_once(lambda n: browsers[n].post(path, data={"note": f"第{n}位"}).status_code, 4)
    assert sorted(answers) == [302, 409, 409, 409]
    conflict = session.get_one(PassConflict, conflict_id)
    assert conflict.resolved_by_id == estate.manager.id
    assert conflict.note
    assert session.execute(select(Pass.__table__)).all() == before


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        ("revoked_meanwhile", "{}", "失效"),
        ("too_far_apart", '{"metres": 4100, "seconds": 60}', "4100"),
        ("missing", '{"first": 12, "last": 19}', "12"),
        ("clock", '{"seconds": -7200}', "120"),
        ("missing", "broken {", "?"),
        ("not known", "[]", "不一致"),
    ],
)
def test_each_conflict_is_said_in_words(
    estate: Estate, manager: FlaskClient, kind: str, detail: str, said: str
) -> None:
    estate.conflict(kind, detail=detail, scanner_id=estate.scanner())
    assert said in manager.get(f"/compounds/{estate.compound_id}/conflicts").text


def test_what_is_wrong_with_a_phone_stands_at_it(estate: Estate, manager: FlaskClient) -> None:
    scanner_id = estate.scanner()
    path = f"/compounds/{estate.compound_id}"
    assert "记录链完整" in manager.get(path).text
    estate.conflict("broken", scanner_id=scanner_id)
    assert "记录链断裂" in manager.get(path).text


def test_who_is_inside_stands_there(estate: Estate, manager: FlaskClient) -> None:
    estate.inside(clock.now())
    page = manager.get(f"/compounds/{estate.compound_id}").text
    assert "王**" in page
    assert "王小明" not in page


def test_queries_do_not_grow_with_what_there_is(
    estate: Estate, manager: FlaskClient, count_queries: Callable[[], int]
) -> None:
    pages = ("/compounds", *(f"/compounds/{estate.compound_id}{end}" for end in PAGES))
    for page in pages:
        manager.get(page)
    before = {page: _queries(manager, page, count_queries) for page in pages}
    for _number in range(3):
        estate.conflict("missing", scanner_id=estate.scanner())
    estate.passes(*(clock.now() for _number in range(30)), server_level="red")
    after = {page: _queries(manager, page, count_queries) for page in pages}
    for page in pages:
        assert after[page] <= before[page] + 4, page


PAGES = ("", "/log", "/conflicts", "/statistics", "/settings", "/map")


def _queries(client: FlaskClient, page: str, count_queries: Callable[[], int]) -> int:
    start = count_queries()
    assert client.get(page).status_code == 200
    return count_queries() - start


def test_a_gate_without_a_compound_above_is_no_gate(estate: Estate, app: Flask) -> None:
    with estate.writing() as session:
        lone = Organisation(kind="gate", path="/99/", name_zh="孤门", name_en="Lone")
        session.add(lone)
        session.flush()
        with pytest.raises(Exception, match="not_found"):
            compounds.ensure_gate(session, lone)
