"""The duties of a station: state, notice, facilities, supplies, hand-over; and what is broken."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blueprints.accounts.models import User
from app.blueprints.counters.models import BrokenFacility, HandOver, Supply
from app.blueprints.reports.models import Report
from app.blueprints.reports.services import Capture, draft_station_report
from app.blueprints.stations.models import Station, StationEvent
from app.errors import Forbidden
from app.extensions import db
from app.lib import clock
from tests.counters.conftest import Counter
from tests.support.people import People
from tests.support.statements import counted
from tests.support.station_rows import StationRows

Forward = Callable[..., None]


def post(counter: Counter, path: str, client: FlaskClient | None = None, **data: Any) -> Any:
    return (client or counter.client).post(f"/counter/{counter.station_id}/{path}", data=data)


def page(counter: Counter, client: FlaskClient | None = None) -> str:
    answer = (client or counter.client).get(f"/counter/{counter.station_id}/duties")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def rows(counter: Counter, model: Any) -> list[Any]:
    with counter.app.app_context():
        found = list(db.session.scalars(select(model).order_by(*model.__table__.primary_key)))
        for row in found:
            db.session.expunge(row)
        db.session.remove()
        return found


def station(counter: Counter) -> Station:
    return next(one for one in rows(counter, Station) if one.organisation_id == counter.station_id)


def test_full_for_two_hours_with_a_reason(counter: Counter) -> None:
    answer = post(counter, "state", state="full", reason="午间高峰", until="120")
    assert answer.status_code == 303
    now = station(counter)
    assert (now.state, now.state_reason) == ("full", "午间高峰")
    assert now.state_until is not None
    assert (now.state_until - clock.now()).total_seconds() == 7200
    assert "午间高峰" in page(counter)
    assert [one.step for one in rows(counter, StationEvent)] == ["state"]


def test_closed_without_a_reason_comes_back_with_what_was_typed(counter: Counter) -> None:
    answer = post(counter, "state", state="closed", reason="", until="2days")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert 'value="closed" checked' in text
    assert '<option selected value="2days">' in text
    assert station(counter).state == "open"


@pytest.mark.parametrize("wrong", [{"state": "gone"}, {"until": "999"}, {"state": ""}])
def test_a_state_that_is_none_is_refused(counter: Counter, wrong: dict[str, str]) -> None:
    values = {"state": "full", "reason": "x", "until": ""} | wrong
    assert post(counter, "state", **values).status_code == 422
    assert station(counter).version == 1


def test_a_notice_is_put_up_and_taken_down(counter: Counter) -> None:
    post(counter, "notice", text="今天有绿豆汤", until="day")
    assert station(counter).notice == "今天有绿豆汤"
    assert "今天有绿豆汤" in page(counter)
    post(counter, "notice", text="", until="day")
    assert station(counter).notice == ""
    assert post(counter, "notice", text="x" * 201, until="day").status_code == 422


def test_broken_in_one_tap_is_one_report_at_the_station(counter: Counter) -> None:
    assert post(counter, "facilities/water/broken", note="滤芯漏水").status_code == 303
    assert post(counter, "facilities/water/broken").status_code == 303  # a double tap
    [report] = rows(counter, Report)
    assert (report.category_code, report.state) == ("0704", "received")
    assert report.reporter_id == counter.host.id
    assert report.place == "月亮湾驿站 · 星湖街1号"
    assert (report.latitude, report.longitude) == (31.3193, 120.6738)
    assert "滤芯漏水" in report.description
    [broken] = rows(counter, BrokenFacility)
    assert (broken.facility, broken.report_id, broken.works_again_at) == ("water", report.id, None)
    text = page(counter)
    assert report.number in text
    assert f"/reports/{report.id}" in text
    own = counter.client.get(f"/reports/{report.id}")
    assert own.status_code == 200
    assert "<h1>驿站设施损坏" in own.get_data(as_text=True)  # on the desk's page: no rider's tabs


def test_who_did_not_report_it_sees_its_state_but_no_way_to_it(counter: Counter) -> None:
    post(counter, "facilities/water/broken")
    [report] = rows(counter, Report)
    text = page(counter, counter.signed_in(counter.another_host()))
    assert report.number in text
    assert f"/reports/{report.id}" not in text


def test_what_breaks_again_is_reported_again(counter: Counter, forward: Forward) -> None:
    post(counter, "facilities/water/broken")
    forward(hours=1)
    post(counter, "facilities/water/works")
    [first] = rows(counter, BrokenFacility)
    assert first.works_again_at == clock.now()
    forward(hours=1)
    post(counter, "facilities/water/broken")
    assert len(rows(counter, Report)) == 2


def test_what_the_station_does_not_have_cannot_break(counter: Counter) -> None:
    assert post(counter, "facilities/shower/broken").status_code == 404
    assert post(counter, "facilities/nonsense/broken").status_code == 404
    assert post(counter, "facilities/shower/works").status_code == 404
    answer = post(counter, "facilities/water/broken", note="y" * 121)
    assert answer.status_code == 422
    assert "y" * 121 in answer.get_data(as_text=True)
    assert rows(counter, Report) == []


def test_supplies_are_watched(counter: Counter, forward: Forward) -> None:
    assert post(counter, "supplies", name=" 饮用水 ").status_code == 303
    assert post(counter, "supplies", name="饮用水").status_code == 422
    assert post(counter, "supplies", name="  ").status_code == 422
    assert "x" * 41 in post(counter, "supplies", name="x" * 41).get_data(as_text=True)
    [supply] = rows(counter, Supply)
    assert (supply.name, supply.level) == ("饮用水", "enough")
    forward(minutes=1)
    post(counter, f"supplies/{supply.id}/level", level="out")
    [supply] = rows(counter, Supply)
    assert (supply.level, supply.changed_at, supply.changed_by_id) == (
        "out", clock.now(), counter.host.id,
    )  # fmt: skip
    assert post(counter, f"supplies/{supply.id}/level", level="some").status_code == 422
    assert post(counter, f"supplies/{supply.id}/end").status_code == 303
    assert "饮用水" not in page(counter).split('id="supplies"')[1]
    assert post(counter, f"supplies/{supply.id}/level", level="low").status_code == 404
    assert post(counter, "supplies", name="饮用水").status_code == 303


def test_a_note_waits_until_somebody_deals_with_it(counter: Counter, forward: Forward) -> None:
    post(counter, "hand-overs", text="钥匙在抽屉\n下午三点送水")
    assert post(counter, "hand-overs", text=" ").status_code == 422
    assert post(counter, "hand-overs", text="x" * 501).status_code == 422
    [note] = rows(counter, HandOver)
    second = counter.another_host()
    assert "钥匙在抽屉" in page(counter, counter.signed_in(second))
    client = counter.signed_in(second)
    assert post(counter, f"hand-overs/{note.id}/done", client).status_code == 303
    post(counter, f"hand-overs/{note.id}/done")  # twice is once
    [note] = rows(counter, HandOver)
    assert note.done_by_id == second.id
    forward(days=4)
    assert "钥匙在抽屉" not in page(counter)


def test_notes_and_supplies_are_bounded(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.blueprints.counters.services.MOST_SUPPLIES", 1)
    monkeypatch.setattr("app.blueprints.counters.services.MOST_NOTES", 1)
    for path, data in (("supplies", {"name": "a"}), ("hand-overs", {"text": "a"})):
        assert post(counter, path, **data).status_code == 303
        again = dict.fromkeys(data, "b")
        assert post(counter, path, **again).status_code == 422


def test_only_its_own_hosts_come_near(counter: Counter, people: People) -> None:
    post(counter, "supplies", name="水")
    post(counter, "hand-overs", text="x")
    [supply], [note] = rows(counter, Supply), rows(counter, HandOver)
    paths = (
        "state", "notice", "facilities/water/broken", "facilities/water/works", "supplies",
        f"supplies/{supply.id}/level", f"supplies/{supply.id}/end", "hand-overs",
        f"hand-overs/{note.id}/done",
    )  # fmt: skip
    values = {"state": "full", "text": "x", "name": "y", "level": "low", "until": ""}
    elsewhere = counter.signed_in(counter.another_host(counter.elsewhere_id))
    for path in paths:
        assert post(counter, path, elsewhere, **values).status_code == 404, path
        assert post(counter, path, counter.signed_in(people.make("rider"))).status_code == 403
    for path in (f"supplies/{supply.id}/end", f"hand-overs/{note.id}/done"):
        answer = elsewhere.post(f"/counter/{counter.elsewhere_id}/{path}")
        assert answer.status_code == 404  # of another station by its own
    assert elsewhere.get(f"/counter/{counter.station_id}/duties").status_code == 404


def test_a_street_sees_its_stations_together_by_pages(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.blueprints.counters.queries.PAGE", 2)
    with counter.app.app_context():
        made = StationRows(db.session())
        street = made.street()
        ids = [made.station(street, name_zh=f"街道{n}站", facilities=["water"]) for n in range(3)]
        person = made.host(street)
        db.session.add(Supply(station_id=ids[0], name="纸杯", level="out", changed_at=clock.now()))
        db.session.add(HandOver(station_id=ids[0], text="x", at=clock.now()))
        db.session.commit()
        db.session.remove()
    client = counter.signed_in(person)
    counter.send(counter.item(station=ids[0], who="worker", people=7), client=client)
    client.post(f"/counter/{ids[1]}/facilities/water/broken")
    ran = counted(counter.app)
    first = client.get("/counter/together").get_data(as_text=True)
    assert len(ran) < 15
    assert "街道0站" in first
    assert "街道1站" in first
    assert "街道2站" not in first
    assert "月亮湾驿站" not in first
    assert "纸杯" in first
    assert "今天到站 7 人" in first
    assert "饮用水" in first  # what is broken at the second
    after = first.split("together?after=")[1].split('"')[0]
    assert "街道2站" in client.get(f"/counter/together?after={after}").get_data(as_text=True)


def test_a_station_that_was_given_up_takes_no_changes(counter: Counter) -> None:
    with counter.app.app_context():
        db.session.get_one(Station, counter.station_id).ended_at = clock.now()
        db.session.commit()
        db.session.remove()
    assert post(counter, "state", state="full", reason="x", until="").status_code == 409
    assert post(counter, "facilities/water/broken").status_code == 409


def test_the_service_asks_by_itself_who_reports(counter: Counter, people: People) -> None:
    rider = people.make("rider")
    with counter.app.app_context():
        actor = db.session.get_one(User, rider.id)
        capture = Capture("0704", "x", "x", None, None, None, (), clock.now(), None, 0)
        with pytest.raises(Forbidden):
            draft_station_report(actor, capture, now=clock.now())
        db.session.remove()
