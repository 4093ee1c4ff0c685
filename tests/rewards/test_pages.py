"""The rider's shop: what is to be had, and redeeming it by plain forms."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.blueprints.rewards.models import (
    RewardStock,
)
from app.lib import clock
from tests.rewards.conftest import Shop, hidden
from tests.support.reward_rows import RewardRows
from tests.support.statements import counted


def test_the_shop_says_what_one_can_have(shop: Shop, rider_browser: FlaskClient) -> None:
    assert "可以兑换" in rider_browser.get("/rewards").text
    shop.change(cost=130)
    assert "还差 30 积分" in rider_browser.get("/rewards").text
    shop.change(cost=10, min_star=4)
    assert "4 星起可兑" in rider_browser.get("/rewards").text
    shop.change(min_star=0, state="draft")
    assert rider_browser.get(f"/rewards/{shop.reward_id}").status_code == 404
    assert "保温杯" not in rider_browser.get("/rewards").text


def test_a_rider_redeems_by_plain_forms(shop: Shop, rider_browser: FlaskClient) -> None:
    path = f"/rewards/{shop.reward_id}"
    assert "月" not in rider_browser.get(path).headers.get("Location", "")
    sure = rider_browser.post(path, data={"station": shop.station_id})
    assert sure.status_code == 200
    assert "90" in sure.text
    data = {name: hidden(sure.text, name) for name in ("sure", "key", "cost", "station")}

    first = rider_browser.post(path, data=data)
    again = rider_browser.post(path, data=data)

    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert re.fullmatch(r"/vouchers#v=\d+", first.location)
    assert shop.points() == (90, 10)


@pytest.mark.parametrize("station", ["", "x", "999999", "0", "99999999999999"])
def test_without_a_station_one_is_asked_at_the_field(
    shop: Shop, rider_browser: FlaskClient, station: str
) -> None:
    answer = rider_browser.post(f"/rewards/{shop.reward_id}", data={"station": station})
    assert answer.status_code == 422
    assert "请选择有货的驿站" in answer.text


def test_too_dear_sold_out_and_changed_are_said_on_the_page(
    shop: Shop, rider_browser: FlaskClient
) -> None:
    path = f"/rewards/{shop.reward_id}"
    data = {"sure": "1", "station": shop.station_id, "key": "k", "cost": "10"}
    shop.change(cost=11)
    assert rider_browser.post(path, data=data).status_code == 409
    shop.change(cost=101)
    answer = rider_browser.post(path, data=data | {"cost": "101"})
    assert answer.status_code == 409
    assert "积分不够" in answer.text
    assert shop.points() == (100, 0)


def test_charity_has_no_station_and_no_voucher(shop: Shop, rider_browser: FlaskClient) -> None:
    shop.change(kind="charity")

    def anywhere(session: Session) -> None:
        session.get_one(RewardStock, shop.stock_id).offered = False
        RewardRows(session).stock(shop.reward_id, None, None)

    shop.act(anywhere)
    path = f"/rewards/{shop.reward_id}"
    sure = rider_browser.post(path, data={"station": "any"})
    data = {name: hidden(sure.text, name) for name in ("sure", "key", "cost", "station")}
    answer = rider_browser.post(path, data=data)
    assert (answer.status_code, answer.location) == (303, "/rewards")
    assert shop.points() == (90, 0)


def test_a_service_is_chosen_by_its_time(shop: Shop, rider_browser: FlaskClient) -> None:
    shop.change(kind="service")
    starts = clock.now() + timedelta(days=2)
    slot = shop.act(
        lambda session: RewardRows(session).slot(
            shop.reward_id, shop.station_id, starts_at=starts, places=1
        )
    )
    path = f"/rewards/{shop.reward_id}"
    assert rider_browser.post(path, data={"station": shop.station_id}).status_code == 422
    sure = rider_browser.post(path, data={"slot": slot})
    names = ("sure", "key", "cost", "station", "slot")
    answer = rider_browser.post(path, data={one: hidden(sure.text, one) for one in names})
    assert answer.status_code == 303
    assert "名额已满" in rider_browser.get(path).text


def test_the_shop_goes_on_by_pages(shop: Shop, rider_browser: FlaskClient) -> None:
    def many(session: Session) -> None:
        rows = RewardRows(session)
        for number in range(25):
            rows.reward(cost=10 + number % 3, name_zh=f"好礼{number:02}")

    shop.act(many)
    seen: list[str] = []
    path: str | None = "/rewards"
    while path:
        page = rider_browser.get(path).text
        seen += re.findall(r"<strong>(好礼\d\d)</strong>", page)
        more = re.search(r'href="(/rewards\?after=[^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else None
    assert sorted(seen) == [f"好礼{number:02}" for number in range(25)]
    for after in ("9-x", "²-1", "1-²", f"{10**30}-1", "-", "0-0"):
        assert rider_browser.get(f"/rewards?after={after}&kind=y").status_code == 200


def test_the_desk_takes_few_statements_however_much_there_is(
    shop: Shop, desk: FlaskClient, rider_browser: FlaskClient, app: Flask
) -> None:
    def more(session: Session) -> None:
        rows = RewardRows(session)
        for _number in range(15):
            rows.stock(rows.reward(), shop.station_id, 2)

    paths = ((rider_browser, "/rewards"), (desk, "/rewards/desk"), (desk, "/rewards/desk/stock"))
    ran = counted(app)

    def asked() -> list[int]:
        found = []
        for one, path in paths:
            ran.clear()
            assert one.get(path).status_code == 200
            found.append(len(ran))
        return found

    before = asked()
    shop.act(more)
    assert asked() == before
