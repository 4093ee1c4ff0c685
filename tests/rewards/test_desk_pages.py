"""The desk of rewards: entered, published, stocked, counted, settled."""

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blueprints.rewards import shelves, stocking
from app.blueprints.rewards.models import (
    HandOut,
    Redemption,
    Reward,
    RewardEvent,
    RewardStock,
    Supplier,
)
from app.lib import clock
from tests.rewards.conftest import Browser, Shop, hidden
from tests.support.pictures import picture

KEY = "01234567-89ab-7def-8123-456789abcde{}"
FORM = {
    "kind": "goods", "name_zh": "雨衣", "name_en": "Raincoat", "words_zh": "", "words_en": "",
    "cost": "300", "min_star": "3", "since": "2026-01-01T08:00", "until": "", "valid_days": "14",
    "per_rider_month": "1", "per_rider_total": "", "supplier": "", "price": "25.9",
}  # fmt: skip


def test_an_administrator_enters_a_reward_and_publishes_it(shop: Shop, desk: FlaskClient) -> None:
    made = desk.post("/rewards/desk/new", data=FORM)
    assert made.status_code == 303
    path = made.location
    trouble = desk.post(f"{path}/publish")
    assert (trouble.status_code, "请先设置" in trouble.text) == (422, True)
    desk.post(f"{path}/places", data={"station": shop.station_id, "counted": "yes"})
    assert desk.post(f"{path}/publish").status_code == 303
    assert desk.post(f"{path}/publish").status_code == 409
    reward = shop.act(lambda session: session.scalars(select(Reward).order_by(-Reward.id)).first())
    assert (reward.state, reward.price_cents, reward.per_rider_month) == ("live", 2590, 1)
    steps = select(RewardEvent.step).where(RewardEvent.reward_id == reward.id)
    assert shop.act(lambda session: list(session.scalars(steps.order_by(RewardEvent.id)))) == [
        "make", "offer", "publish",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("cost", "0"), ("cost", "1000001"), ("cost", "x"), ("name_zh", " "), ("name_zh", "长" * 41),
     ("since", ""), ("until", "2025-12-31T08:00"), ("until", "x"), ("valid_days", "366"),
     ("price", "1.234"), ("price", "-1"), ("supplier", "99"), ("kind", "gold"),
     ("min_star", "9"), ("per_rider_month", "0"), ("words_zh", "长" * 501)],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    shop: Shop, desk: FlaskClient, field: str, value: str
) -> None:
    answer = desk.post("/rewards/desk/new", data=FORM | {field: value, "name_en": "Kept"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Kept" in answer.text


def test_who_was_overtaken_hears_so_and_keeps_the_text(shop: Shop, desk: FlaskClient) -> None:
    path = f"/rewards/desk/{shop.reward_id}/change"
    version = hidden(desk.get(path).text, "version")
    assert desk.post(path, data=FORM | {"version": version}).status_code == 303
    late = desk.post(path, data=FORM | {"version": version, "name_en": "Mine"})
    assert (late.status_code, "Mine" in late.text) == (409, True)
    now = hidden(late.text, "version")
    assert desk.post(path, data=FORM | {"version": now, "name_en": "Mine"}).status_code == 303


def test_the_kind_of_what_was_shown_stays(shop: Shop, desk: FlaskClient) -> None:
    path = f"/rewards/desk/{shop.reward_id}/change"
    version = hidden(desk.get(path).text, "version")
    answer = desk.post(path, data=FORM | {"version": version, "kind": "meal"})
    assert answer.status_code == 422


def test_a_picture_is_encoded_anew_and_shown_to_everybody(
    shop: Shop, desk: FlaskClient, client: FlaskClient
) -> None:
    path = f"/rewards/desk/{shop.reward_id}/pictures"
    sent = desk.post(path, data={"picture": (io.BytesIO(picture(1)), "x.jpg")})
    assert sent.status_code == 303
    assert desk.post(path, data={"picture": (io.BytesIO(b"x"), "x.jpg")}).status_code == 422
    shown = re.search(r"/rewards/pictures/[0-9a-f]{64}\.jpg", desk.get(path).text)
    assert shown
    got = client.get(shown[0])
    assert (got.status_code, got.mimetype) == (200, "image/jpeg")
    number = re.search(r"/pictures/(\d+)/delete", desk.get(path).text)
    assert number
    assert desk.post(f"{path}/{number[1]}/delete").status_code == 303
    assert client.get(shown[0]).status_code == 404


def test_a_host_counts_and_a_difference_needs_a_reason(shop: Shop, counter: FlaskClient) -> None:
    shop.redeem()
    path = f"/rewards/desk/stock/{shop.stock_id}"
    fits = {"on_shelf": "3", "reason": "", "key": KEY.format(1)}
    assert counter.post(f"{path}/count", data=fits).status_code == 303
    differs = {"on_shelf": "2", "reason": "", "key": KEY.format(2)}
    answer = counter.post(f"{path}/count", data=differs)
    assert (answer.status_code, 'value="2"' in answer.text) == (422, True)
    for _twice in range(2):
        assert counter.post(f"{path}/count", data=differs | {"reason": "少了"}).status_code == 303
    stock = shop.act(lambda session: session.get_one(RewardStock, shop.stock_id))
    assert (stock.left, stock.missing) == (1, 0)
    shop.fits()
    assert counter.post(f"{path}/deliver", data={"amount": "1"}).status_code == 403


def test_more_vouchers_than_there_are_wait_for_the_next_delivery(
    shop: Shop, counter: FlaskClient, desk: FlaskClient
) -> None:
    for number in range(3):
        shop.redeem(f"k{number}")
    path = f"/rewards/desk/stock/{shop.stock_id}"
    counted = {"on_shelf": "1", "reason": "漏雨", "key": KEY.format(1)}
    assert counter.post(f"{path}/count", data=counted).status_code == 303
    assert "2 张未领的券" in counter.get(path).text
    delivery = {"amount": "5", "reason": "", "key": KEY.format(2)}
    for _twice in range(2):
        assert desk.post(f"{path}/deliver", data=delivery).status_code == 303
    stock = shop.act(lambda session: session.get_one(RewardStock, shop.stock_id))
    assert (stock.left, stock.missing) == (3, 0)
    shop.fits()


def test_no_shelf_holds_more_than_its_bound(shop: Shop, desk: FlaskClient) -> None:
    shop.act(lambda session: shelves.shift(session, shop.stock_id, stocking.MOST_LEFT - 3))
    path = f"/rewards/desk/stock/{shop.stock_id}/deliver"
    answer = desk.post(path, data={"amount": "1", "reason": "", "key": KEY.format(1)})
    assert answer.status_code == 422
    assert str(stocking.MOST_LEFT) in answer.text


@pytest.mark.parametrize("said", ["²", "9" * 5000, "-1", "x", ""])
def test_numbers_in_addresses_and_hidden_fields_may_be_anything(
    shop: Shop, desk: FlaskClient, said: str
) -> None:
    assert desk.get("/rewards/desk/settlement", query_string={"supplier": said}).status_code == 200
    changed = desk.post(f"/rewards/desk/{shop.reward_id}/change", data={"version": said})
    assert changed.status_code == 422


def test_no_more_is_taken_out_than_is_free(shop: Shop, desk: FlaskClient) -> None:
    path = f"/rewards/desk/stock/{shop.stock_id}/out"
    out = {"amount": "4", "reason": "过期", "key": KEY.format(1)}
    assert desk.post(path, data=out).status_code == 422
    assert desk.post(path, data=out | {"amount": "3", "reason": ""}).status_code == 422
    assert desk.post(path, data=out | {"amount": "3"}).status_code == 303
    shop.fits()


def test_hosts_see_their_own_stock_alone(
    shop: Shop, counter: FlaskClient, browser_of: Browser
) -> None:
    assert "保温杯" in counter.get("/rewards/desk/stock").text
    other = browser_of(shop.other_host)
    assert "保温杯" not in other.get("/rewards/desk/stock").text
    assert other.get(f"/rewards/desk/stock/{shop.stock_id}").status_code == 404


def test_a_conflict_is_seen_by_both_sides_and_settled_once(
    shop: Shop, counter: FlaskClient, desk: FlaskClient, browser_of: Browser
) -> None:
    made = shop.redeem()
    shop.give(made, "h1")
    conflict: HandOut = shop.give(made, "h2")
    path = f"/rewards/desk/conflicts/{conflict.id}"
    assert made.number in counter.get("/rewards/desk/conflicts").text
    page = counter.get(path).text
    assert page.count("陈站长") == 2
    assert counter.post(path, data={"words": "x"}).status_code == 403
    assert browser_of(shop.other_host).get(path).status_code == 404
    assert desk.post(path, data={"words": " "}).status_code == 422
    assert desk.post(path, data={"words": "站长已补一件"}).status_code == 303
    assert desk.post(path, data={"words": "again"}).status_code == 409
    assert made.number not in desk.get("/rewards/desk/conflicts").text
    assert "站长已补一件" in counter.get(path).text


def test_a_voucher_is_found_by_its_number_and_put_right(shop: Shop, desk: FlaskClient) -> None:
    made = shop.redeem()
    assert desk.post("/rewards/desk/vouchers", data={"number": "123"}).status_code == 422
    spaced = f"{made.number[:5]} {made.number[5:]}"
    found = desk.post("/rewards/desk/vouchers", data={"number": spaced})
    assert (found.status_code, found.location) == (303, f"/rewards/desk/vouchers/{made.id}")
    assert desk.post(f"{found.location}/recall", data={"reason": ""}).status_code == 422
    assert desk.post(f"{found.location}/refund", data={"reason": "x"}).status_code == 409
    assert desk.post(f"{found.location}/recall", data={"reason": "停业"}).status_code == 303
    assert "停业" in desk.get(found.location).text
    assert shop.points() == (100, 0)


def test_suppliers_are_settled_by_what_was_handed_out(shop: Shop, desk: FlaskClient) -> None:
    entered = {"name_zh": "惠民超市", "name_en": "", "contact": ""}
    assert desk.post("/rewards/desk/suppliers", data=entered).status_code == 303
    assert desk.post("/rewards/desk/suppliers", data=entered).status_code == 422
    supplier = shop.act(lambda session: session.scalars(select(Supplier.id)).one())
    shop.change(supplier_id=supplier, price_cents=1250)
    given = [shop.redeem(f"k{number}") for number in range(3)]
    for number, one in enumerate(given[:2]):
        shop.give(one, f"h{number}")
    shop.change(price_cents=9900)
    month = f"{clock.to_local(shop.now):%Y-%m}"
    page = desk.get(f"/rewards/desk/settlement?month={month}").text
    assert "25.00" in page
    assert "99.00" not in page
    sent = {"month": month, "supplier": supplier, "by": "lines", "kind": "xlsx"}
    file = desk.post("/rewards/desk/settlement/export", data=sent)
    assert file.data[:2] == b"PK"
    sent |= {"kind": "csv"}
    text = desk.post("/rewards/desk/settlement/export", data=sent).data.decode("utf-8-sig")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    assert {row[0] for row in rows} == {one.number for one in given[:2]}
    assert {row[7] for row in rows} == {"12.5"}
    sums = desk.post("/rewards/desk/settlement/export", data=sent | {"by": "sums"})
    assert sums.data.decode("utf-8-sig").splitlines()[1].startswith("惠民超市,保温杯")
    assert desk.post(f"/rewards/desk/suppliers/{supplier}/end").status_code == 409


def test_a_service_gets_times_and_only_unused_ones_go(shop: Shop, desk: FlaskClient) -> None:
    shop.change(kind="service")
    path = f"/rewards/desk/{shop.reward_id}"
    day = f"{clock.to_local(clock.now()) + timedelta(days=3):%Y-%m-%d}"
    slot = {
        "station": shop.station_id, "starts_at": f"{day}T10:00", "ends_at": f"{day}T11:00",
        "places": "2",
    }  # fmt: skip
    assert desk.post(f"{path}/slots", data=slot | {"ends_at": f"{day}T09:00"}).status_code == 422
    assert desk.post(f"{path}/slots", data=slot).status_code == 303
    assert desk.post(f"{path}/slots", data=slot).status_code == 422
    number = re.search(r"/slots/(\d+)/drop", desk.get(path).text)
    assert number
    made = shop.redeem(slot_id=int(number[1]))
    assert desk.post(f"/rewards/desk/slots/{number[1]}/drop").status_code == 409
    assert isinstance(made, Redemption)
