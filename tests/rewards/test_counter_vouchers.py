"""What a counter knows of vouchers, and what the centre says of one where it is asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.blueprints.rewards.models import Redemption, RewardStock
from app.lib import clock
from tests.rewards.conftest import Shop
from tests.support.badges import JSON
from tests.support.people import Person
from tests.support.statements import counted
from tests.support.stations import changed

Browser = Callable[[Person], FlaskClient]


def bundle(client: FlaskClient, **headers: str) -> Any:
    return client.get("/counter/bundle.json", headers=JSON | headers)


def ask(shop: Shop, client: FlaskClient, station_id: int = 0, **said: Any) -> Any:
    path = f"/counter/{station_id or shop.station_id}/voucher.json"
    return client.post(path, json=said, headers=JSON)


def test_open_vouchers_of_the_hosts_stations_alone(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    content = bundle(browser_of(shop.host)).get_json()
    [one] = content["vouchers"]["open"]
    assert (one["id"], one["number"], one["station"], one["reward"]) == (
        made.id, made.number, shop.station_id, shop.reward_id,
    )  # fmt: skip
    assert one["label"] == "王**"
    assert shop.reward_id in [reward["id"] for reward in content["rewards"]]
    assert made.code not in str(content)  # a device that is lost shows no voucher
    elsewhere = bundle(browser_of(shop.other_host)).get_json()
    assert elsewhere["vouchers"]["open"] == []
    assert made.number not in str(elsewhere)


def test_those_handed_out_there_lately(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    shop.give(made)
    shop.give(made, "h2")  # a conflict is no giving
    content = bundle(browser_of(shop.host)).get_json()["vouchers"]
    assert content["open"] == []
    [given] = content["given"]
    assert (given["id"], given["number"], given["station"]) == (
        made.id, made.number, shop.station_id,
    )  # fmt: skip


def test_up_to_where_all_were_told(shop: Shop, browser_of: Browser) -> None:
    """One that was written just now may have a neighbour that is not committed yet."""
    made, host = shop.redeem(), browser_of(shop.host)
    assert bundle(host).get_json()["told_to"] == 0

    def older(session: Any) -> None:
        session.get_one(Redemption, made.id).at = clock.now() - timedelta(minutes=6)

    tag = bundle(host).headers["ETag"]
    shop.act(older)
    assert bundle(host).get_json()["told_to"] == made.id
    assert bundle(host, **{"If-None-Match": tag}).status_code == 304  # that alone is no news


def test_the_queries_do_not_grow(app: Flask, shop: Shop, browser_of: Browser) -> None:
    host, counts = browser_of(shop.host), []
    ran = counted(app)
    for number in range(3):
        shop.redeem(f"k{number}")
        ran.clear()
        assert bundle(host).status_code == 200
        counts.append(len(ran))
    assert counts[1] == counts[2]  # the first makes the status list


@pytest.mark.parametrize("by", ["code", "number"])
def test_the_centre_says_what_is_to_be_handed_out(shop: Shop, browser_of: Browser, by: str) -> None:
    made, host = shop.redeem(), browser_of(shop.host)
    said = ask(shop, host, **{by: getattr(made, by)}).get_json()
    assert (said["reason"], said["user"]) == ("right", shop.host.id)
    assert said["reward"]["zh"].startswith("保温杯")
    assert (said["voucher"]["id"], said["voucher"]["number"]) == (made.id, made.number)


def test_the_centre_says_why_not(shop: Shop, browser_of: Browser) -> None:
    given, back, over = (shop.redeem(key) for key in ("a", "b", "c"))
    host = browser_of(shop.host)
    shop.give(given)
    shop.cancel(back)
    shop.act(lambda session: setattr(session.get_one(Redemption, over.id), "until", shop.now))
    said = ask(shop, host, number=given.number).get_json()
    assert said["reason"] == "given"
    assert said["given"]["station"] == shop.station_id
    assert said["given_place"]["zh"]
    assert ask(shop, host, code=back.code).get_json()["reason"] == "ended"
    assert ask(shop, host, code=over.code).get_json()["reason"] in ("expired", "right")
    assert ask(shop, host, number="0000000000").get_json() == {
        "reason": "unknown", "user": shop.host.id,
    }  # fmt: skip
    assert ask(shop, host, code=changed(given.code, 60)).get_json()["reason"] == "unknown"


def test_of_another_station_it_says_where_and_not_whose(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    other = browser_of(shop.other_host)
    said = ask(shop, other, shop.other_station_id, code=made.code).get_json()
    assert said["reason"] == "other_station"
    assert said["place"]["zh"].endswith("驿站")
    assert made.number not in str(said)
    assert "王" not in str(said)


def test_a_voucher_for_any_station_is_right_at_each(shop: Shop, browser_of: Browser) -> None:
    def anywhere(session: Any) -> None:
        session.get_one(RewardStock, shop.stock_id).station_id = None

    shop.act(anywhere)
    made = shop.redeem(station_id=None)
    other = browser_of(shop.other_host)
    said = ask(shop, other, shop.other_station_id, number=made.number).get_json()
    assert said["reason"] == "right"
    assert bundle(other).get_json()["vouchers"]["open"] == []


def test_who_may_ask_and_what(shop: Shop, browser_of: Browser) -> None:
    made, host = shop.redeem(), browser_of(shop.host)
    assert ask(shop, browser_of(shop.other_host), code=made.code).status_code == 404
    assert ask(shop, browser_of(shop.rider), code=made.code).status_code == 403
    for wrong in ({}, {"number": "12"}, {"number": 1234567890}, {"number": "１２３４５６７８９０"}):
        assert ask(shop, host, **wrong).status_code == 422
    for body in ("[]", "x", "null", '"y"'):
        path = f"/counter/{shop.station_id}/voucher.json"
        answer = host.post(path, data=body, content_type="application/json", headers=JSON)
        assert answer.status_code == 422
