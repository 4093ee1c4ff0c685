"""The outbox's kind `counter_log`: whom hosts write down, judged as of its time, once."""

import io
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.blueprints.badges.models import Badge, Holder
from app.blueprints.organisations.models import Role
from app.blueprints.stations.models import Station
from app.blueprints.visits.models import VisitSum
from app.extensions import db
from app.lib import clock
from tests.counters.conftest import Counter
from tests.support.badges import join
from tests.support.exports import export
from tests.support.gate_site import Site
from tests.support.people import People
from tests.support.sk1 import Issuer
from tests.support.statements import counted
from tests.support.station_scene import build

Forward = Callable[..., None]


def verdicts(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["verdict"] for answer in answers]


def test_a_badge_is_a_rider_and_a_company(counter: Counter, site: Site) -> None:
    phone = site.rider("王小明")
    [answer] = counter.send(counter.item(way="badge", code=phone.show(), purpose="water"))
    assert answer["verdict"] == "accepted"
    [kept] = counter.check_ins()
    assert (kept.way, kept.purpose, kept.mark, kept.leads) == ("badge", "water", None, True)
    assert (kept.rider_id, kept.recorder_id) == (site.riders["王小明"].id, counter.host.id)
    assert kept.label.endswith("王**")
    assert kept.company_id == company_in_register(counter.app, kept.rider_id)


def company_in_register(app: Flask, rider_id: int | None) -> int:
    with app.app_context():
        found = db.session.get_one(Holder, rider_id).company_id
        db.session.remove()
        return found


def test_a_printed_badge_and_one_for_a_group_of_compounds_count_too(
    counter: Counter, site: Site
) -> None:
    site.rider("王小明")
    elsewhere = site.rider("李四", scope=9)
    counter.send(
        counter.item(way="badge", code=site.printed("王小明")),
        counter.item(way="badge", code=elsewhere.show()),
    )
    assert [(one.mark, one.rider_id is not None) for one in counter.check_ins()] == [
        (None, True), (None, True),
    ]  # fmt: skip


def test_a_badge_counts_as_it_stood_when_it_was_shown(
    counter: Counter, site: Site, forward: Forward
) -> None:
    phone = site.rider("王小明")
    forward(minutes=5)
    before = counter.item(way="badge", code=phone.show())
    forward(minutes=5)
    site.desk.revoke(site.riders["王小明"])
    forward(minutes=5)
    after = counter.item(way="badge", code=phone.show())
    counter.send(before, after)
    rider = site.riders["王小明"].id
    assert [(one.mark, one.rider_id) for one in counter.check_ins()] == [
        (None, rider), ("badge", rider),
    ]  # fmt: skip


def test_what_is_forged_is_nobody(counter: Counter) -> None:
    code = Issuer().phone().show(int(clock.now().timestamp()))
    counter.send(*(counter.item(way="badge", code=text) for text in (code, "SK1:123", "x" * 500)))
    assert [(one.mark, one.rider_id, one.label) for one in counter.check_ins()] == [
        ("badge", None, ""),
    ] * 3


def test_a_picture_of_a_code_is_marked(counter: Counter, site: Site, forward: Forward) -> None:
    phone = site.rider("王小明")
    picture = phone.show()
    forward(minutes=11)
    counter.send(counter.item(way="badge", code=picture))
    [kept] = counter.check_ins()
    assert (kept.mark, kept.rider_id) == ("badge", site.riders["王小明"].id)


def test_the_digits_below_the_code(counter: Counter, site: Site) -> None:
    site.rider("王小明")
    index = badge_of(counter.app, site.riders["王小明"].id)
    right, wrong = counter.short_code(index), f"{index} 000000"
    counter.send(counter.item(way="number", number=right), counter.item(way="number", number=wrong))
    found, unknown = counter.check_ins()
    assert (found.rider_id, found.mark) == (site.riders["王小明"].id, None)
    assert (unknown.rider_id, unknown.mark) == (None, "nobody")


def badge_of(app: Flask, rider_id: int) -> int:
    with app.app_context():
        found = db.session.scalars(select(Badge.id).where(Badge.user_id == rider_id)).one()
        db.session.remove()
        return found


def test_a_mobile_number_is_a_rider_or_nobody_and_is_not_kept_whole(
    counter: Counter, site: Site, people: People
) -> None:
    site.rider("王小明")
    number = site.riders["王小明"].phone
    stranger = people.make("dispatcher", phone="+8613912345678")
    counter.send(
        counter.item(way="number", number=number.removeprefix("+86")),
        counter.item(way="number", number="139 1234 5678"),
        counter.item(way="number", number="13800001111"),
    )
    rider, other, unknown = counter.check_ins()
    assert (rider.rider_id, rider.mark) == (site.riders["王小明"].id, None)
    assert rider.label.endswith("王**")
    assert (other.rider_id, other.mark, other.label) == (None, "nobody", "139****5678")
    assert (unknown.mark, unknown.label) == ("nobody", "138****1111")
    assert stranger.id not in {one.rider_id for one in counter.check_ins()}


def test_a_suspended_riders_number_does_not_count(counter: Counter, site: Site) -> None:
    site.rider("王小明")
    site.desk.suspend(site.riders["王小明"])
    counter.send(counter.item(way="number", number=site.riders["王小明"].phone))
    [kept] = counter.check_ins()
    assert (kept.rider_id, kept.mark) == (site.riders["王小明"].id, "badge")


def test_by_hand_and_as_a_count(counter: Counter) -> None:
    counter.send(
        counter.item(label="  送水的\n师傅 "),
        counter.item(who="worker", people=6, label="环卫工人", purpose="water"),
        counter.item(people=99),  # a rider is one
    )
    assert [(one.who, one.people, one.label, one.mark) for one in counter.check_ins()] == [
        ("rider", 1, "送水的 师傅", None), ("worker", 6, "环卫工人", None), ("rider", 1, "", None),
    ]  # fmt: skip


def test_twice_is_once_and_a_key_of_somebody_else_is_refused(counter: Counter) -> None:
    one = counter.item()
    assert verdicts(counter.send(one)) == ["accepted"]
    assert verdicts(counter.send(one)) == ["duplicate"]
    other = counter.signed_in(counter.another_host())
    assert verdicts(counter.send(one, client=other)) == ["rejected"]
    assert len(counter.check_ins()) == 1


def test_two_hosts_at_one_station_log_the_same_rider_one_visit(
    counter: Counter, site: Site, forward: Forward
) -> None:
    phone = site.rider("王小明")
    second = counter.signed_in(counter.another_host())
    counter.send(counter.item(way="badge", code=phone.show()))
    forward(minutes=2)
    counter.send(counter.item(way="badge", code=phone.show()), client=second)
    assert [one.leads for one in counter.check_ins()] == [True, False]
    assert counter.here()["people"] == 1
    assert len(counter.here(second)["entries"]) == 2


def test_a_mistake_is_taken_back_by_any_host_of_the_station(counter: Counter) -> None:
    first, second = counter.item(), counter.item(who="worker", people=4)
    counter.send(first, second)
    other = counter.signed_in(counter.another_host())
    assert verdicts(counter.send(counter.undo(first["key"]), client=other)) == ["accepted"]
    assert verdicts(counter.send(counter.undo(first["key"]))) == ["accepted"]  # it is so already
    undone, kept = counter.check_ins()
    assert undone.undone_at == clock.now()
    assert kept.undone_at is None
    assert [one["people"] for one in counter.here()["entries"]] == [4]
    assert sum(counter.here()["hours"]) == 4


def test_a_log_and_its_undo_in_one_batch(counter: Counter) -> None:
    one = counter.item()
    assert verdicts(counter.send(counter.undo(one["key"]), one)) == ["accepted", "accepted"]
    assert counter.check_ins()[0].undone_at is not None
    assert sum_of_people(counter.app) == 0


def sum_of_people(app: Flask) -> int:
    with app.app_context():
        found = sum(db.session.scalars(select(VisitSum.people)))
        db.session.remove()
        return found


def test_an_undo_waits_for_its_log_a_day_and_no_longer(counter: Counter, forward: Forward) -> None:
    early = counter.undo(counter.item()["key"])
    assert verdicts(counter.send(early)) == ["retry"]
    forward(days=1)
    assert verdicts(counter.send(early)) == ["rejected"]


def test_a_riders_own_check_in_is_not_the_hosts_to_take_back(
    counter: Counter, people: People
) -> None:
    scene = build(counter.app, people.make("rider"))
    host = counter.signed_in(scene.host)
    undo = counter.any_item(station=scene.ids["station_id"], undo="c")
    assert verdicts(counter.send(undo, client=host)) == ["retry"]
    assert [one.undone_at for one in counter.check_ins()] == [None]


def test_a_clock_that_is_ahead_is_marked(counter: Counter) -> None:
    ahead = counter.item() | {"captured_at": clock.to_ms(clock.now()) + 11 * 60_000}
    wrong_but_known = counter.item() | {
        "captured_at": clock.to_ms(clock.now()) + 3_600_000, "server_offset": -3_600_000,
    }  # fmt: skip
    counter.send(ahead, wrong_but_known)
    marked, right = counter.check_ins()
    assert marked.mark == "clock"
    assert (right.mark, right.at) == (None, clock.now())


def test_only_hosts_of_the_station_log_there(counter: Counter, people: People) -> None:
    elsewhere = counter.signed_in(counter.another_host(counter.elsewhere_id))
    rider = counter.signed_in(people.make("rider"))
    for client in (elsewhere, rider):
        assert verdicts(counter.send(counter.item(), client=client)) == ["rejected"]
        assert verdicts(counter.send(counter.undo("x"), client=client)) == ["rejected"]
    administrator = counter.signed_in(people.make("administrator"))
    assert verdicts(counter.send(counter.item(), client=administrator)) == ["accepted"]
    assert len(counter.check_ins()) == 1


def test_a_station_that_was_given_up_takes_what_was_before_and_what_is_taken_back(
    counter: Counter, forward: Forward
) -> None:
    before, kept = counter.item(), counter.item()
    counter.send(kept)
    forward(minutes=10)
    with counter.app.app_context():
        db.session.get_one(Station, counter.station_id).ended_at = clock.now()
        db.session.commit()
        db.session.remove()
    after, undo = counter.item(), counter.undo(kept["key"])
    answers = counter.send(before, after, undo)
    assert verdicts(answers) == ["accepted", "rejected", "accepted"]
    assert list(answers[1]["errors"]) == ["station"]
    assert [one.key for one in counter.check_ins()] == [kept["key"], before["key"]]


def test_a_batch_costs_no_more_queries_than_one(counter: Counter, site: Site) -> None:
    phones = [site.rider(f"骑手{number}") for number in range(3)]
    counts, ran = [], counted(counter.app)
    for size in (1, 8):
        items = [
            item
            for number in range(size)
            for item in (
                counter.item(way="badge", code=phones[number % 3].show()), counter.item(),
                counter.item(way="number", number=f"1380000{number:04}"),
            )
        ]  # fmt: skip
        ran.clear()
        counter.send(*items)
        counts.append(len(ran))
    assert counts[1] <= counts[0] + 4  # sums of other hours and riders may differ, not one each


def test_an_exported_device_of_a_host_can_be_taken_in(counter: Counter, people: People) -> None:
    dispatcher = counter.signed_in(people.make("dispatcher"))
    content = export(counter.host.id, [counter.item()], [])
    answer = dispatcher.post("/intake/import", data={"file": (io.BytesIO(content), "x.zip")})
    assert answer.status_code == 200
    assert len(counter.check_ins()) == 1


def test_a_host_who_is_a_rider_too_logs_as_host(counter: Counter, site: Site, app: Flask) -> None:
    site.rider("王小明")
    rider = site.riders["王小明"]
    join(app, rider, Role.HOST, counter.station_id)
    assert verdicts(counter.send(counter.item(), client=counter.signed_in(rider))) == ["accepted"]
    assert counter.check_ins()[0].recorder_id == rider.id
