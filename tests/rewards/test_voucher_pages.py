"""A rider's vouchers: the page, what the phone keeps, and giving one back."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Role
from app.blueprints.rewards.models import Redemption
from tests.rewards.conftest import Shop
from tests.support.badges import JSON
from tests.support.people import People, Person
from tests.support.statements import counted

Browser = Callable[[Person], FlaskClient]


def test_the_page_knows_nobody(shop: Shop, browser_of: Browser) -> None:
    mine = browser_of(shop.rider).get("/vouchers")
    anybody = shop.app.test_client().get("/vouchers")
    assert mine.status_code == anybody.status_code == 200
    assert mine.data == anybody.data
    assert "no-store" not in mine.headers["Cache-Control"]


def test_the_phone_keeps_the_code_while_it_is_good(shop: Shop, browser_of: Browser) -> None:
    made, rider = shop.redeem(), browser_of(shop.rider)
    [one] = rider.get("/vouchers/mine.json", headers=JSON).get_json()["vouchers"]
    assert (one["id"], one["number"], one["code"], one["state"]) == (
        made.id, made.number, made.code, "held",
    )  # fmt: skip
    assert one["cost"] == 10
    assert one["reward"]["zh"].startswith("保温杯")
    assert one["station"]["zh"].endswith("驿站")
    shop.give(made)
    [one] = rider.get("/vouchers/mine.json", headers=JSON).get_json()["vouchers"]
    assert (one["state"], one["code"]) == ("given", "")


def test_nothing_new_is_304_until_something_is(shop: Shop, browser_of: Browser) -> None:
    made, rider = shop.redeem(), browser_of(shop.rider)
    first = rider.get("/vouchers/mine.json", headers=JSON)
    again = JSON | {"If-None-Match": first.headers["ETag"]}
    assert rider.get("/vouchers/mine.json", headers=again).status_code == 304
    shop.cancel(made)
    assert rider.get("/vouchers/mine.json", headers=again).status_code == 200


def test_another_rider_sees_and_gives_back_nothing(
    shop: Shop, people: People, browser_of: Browser
) -> None:
    made, other = shop.redeem(), browser_of(people.make(Role.RIDER))
    assert other.get("/vouchers/mine.json", headers=JSON).get_json()["vouchers"] == []
    assert made.number not in other.get("/vouchers/all").text
    assert other.post(f"/vouchers/{made.id}/cancel", headers=JSON).status_code == 404
    assert shop.redemption(made).state == "held"


def test_giving_one_back(shop: Shop, browser_of: Browser) -> None:
    made, rider = shop.redeem(), browser_of(shop.rider)
    answer = rider.post(f"/vouchers/{made.id}/cancel", headers=JSON)
    assert answer.get_json() == {"id": made.id, "state": "cancelled"}
    assert shop.points() == (100, 0)
    again = rider.post(f"/vouchers/{made.id}/cancel", headers=JSON)
    assert again.status_code == 409
    assert again.get_json()["error"]["message"]
    shop.fits()


def test_without_javascript_there_are_number_code_and_a_plain_form(
    shop: Shop, browser_of: Browser
) -> None:
    made, rider = shop.redeem(), browser_of(shop.rider)
    page = rider.get("/vouchers/all").text
    grouped = f"{made.number[:3]} {made.number[3:6]} {made.number[6:]}"
    assert grouped in page
    assert 'class="plain-code"' in page
    for said in ("已退券", "已退券"):  # the second time it stands among those that are over
        done = rider.post(f"/vouchers/{made.id}/cancel", follow_redirects=True)
        assert done.status_code == 200
        assert said in done.text
    assert grouped not in rider.get("/vouchers/all").text


@pytest.mark.parametrize("path", ["/vouchers/mine.json", "/vouchers/all"])
def test_the_queries_do_not_grow(app: Flask, shop: Shop, browser_of: Browser, path: str) -> None:
    rider, counts = browser_of(shop.rider), []
    ran = counted(app)
    for number in range(3):
        shop.redeem(f"k{number}")
        ran.clear()
        assert rider.get(path).status_code == 200
        counts.append(len(ran))
    assert counts[1] == counts[2]


def test_a_good_voucher_stands_before_a_hundred_that_have_ended(
    shop: Shop, browser_of: Browser
) -> None:
    good = shop.redeem()
    shop.act(lambda session: _end_many(session, shop, good, 101))
    kept = browser_of(shop.rider).get("/vouchers/mine.json", headers=JSON).get_json()["vouchers"]
    assert kept[0]["id"] == good.id
    assert len(kept) == 100


def _end_many(session: Session, shop: Shop, like: Redemption, count: int) -> None:
    same = {
        "rider_id": like.rider_id, "reward_id": like.reward_id, "stock_id": like.stock_id,
        "cost": 1, "until": like.until, "code": "x", "at": like.at, "moved_at": like.at,
    }  # fmt: skip
    session.add_all(
        Redemption(number=f"{number:010}", key=f"ended {number}", state="cancelled", **same)
        for number in range(count)
    )
