"""The outbox's kind `hand_out`: what a counter sends, and what it hears."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blueprints.rewards import voucher_codes
from app.blueprints.rewards.models import HandOut, Redemption
from app.lib import clock
from tests.rewards.conftest import Shop
from tests.support.outbox import Item, new_key, send, send_one
from tests.support.people import Person, sign_in
from tests.support.reward_rows import issuer_keys
from tests.support.stations import changed
from tests.support.threads import at_once

Browser = Callable[[Person], FlaskClient]


def item(shop: Shop, at: datetime | None = None, key: str = "", **fields: Any) -> Item:
    """A hand-out as the counter of the shop's station sends it."""
    return {
        "key": key or new_key(), "kind": "hand_out", "schema": 1,
        "fields": {"station": shop.station_id} | fields, "photos": [],
        "captured_at": clock.to_ms(at or clock.now()), "server_offset": 0,
    }  # fmt: skip


def hand_outs(shop: Shop) -> list[HandOut]:
    found: list[HandOut] = shop.act(
        lambda session: session.scalars(select(HandOut).order_by(HandOut.id)).all()
    )
    return found


@pytest.mark.parametrize("by", ["code", "number"])
def test_a_voucher_is_given_and_paid(shop: Shop, browser_of: Browser, by: str) -> None:
    made = shop.redeem()
    answer = send_one(browser_of(shop.host), item(shop, **{by: getattr(made, by)}))
    assert (answer["verdict"], answer["reference"]) == ("accepted", made.number)
    assert shop.redemption(made).state == "given"
    assert shop.points() == (90, 0)
    [kept] = hand_outs(shop)
    assert (kept.host_id, kept.outcome, kept.by_number) == (shop.host.id, "given", by == "number")
    shop.fits()


def test_the_same_item_again_is_a_duplicate(shop: Shop, browser_of: Browser) -> None:
    one, host = item(shop, code=shop.redeem().code), browser_of(shop.host)
    assert send_one(host, one)["verdict"] == "accepted"
    assert send_one(host, one)["verdict"] == "duplicate"
    assert len(hand_outs(shop)) == 1


def test_the_second_host_reads_who_was_first_each_time(shop: Shop, browser_of: Browser) -> None:
    """Both hand-outs stand; the answer is the same when it is lost and asked for again."""
    made = shop.redeem()
    first, second = (browser_of(shop.host), browser_of(shop.host))
    assert send_one(first, item(shop, code=made.code))["verdict"] == "accepted"
    late = item(shop, code=made.code)
    for _time in range(2):
        answer = send_one(second, late)
        assert answer["verdict"] == "rejected"
        said = " ".join(answer["errors"]["item"])
        assert "发放过" in said
        assert "驿站" in said
    assert [one.outcome for one in hand_outs(shop)] == ["given", "conflict"]
    assert shop.points() == (90, 0)
    shop.fits()


def test_twice_in_one_batch_is_one_payment(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    twice = [item(shop, code=made.code), item(shop, number=made.number)]
    verdicts = [one["verdict"] for one in send(browser_of(shop.host), *twice)]
    assert verdicts == ["accepted", "rejected"]
    assert shop.points() == (90, 0)


def test_sixteen_counters_at_once_are_one_payment(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    hosts = [browser_of(shop.host) for _one in range(16)]
    answers = at_once(lambda n: send_one(hosts[n], item(shop, code=made.code)), 16)
    assert sorted(one["verdict"] for one in answers) == ["accepted"] + ["rejected"] * 15
    assert shop.points() == (90, 0)
    assert [one.outcome for one in hand_outs(shop)].count("conflict") == 15
    shop.fits()


def test_handed_out_offline_before_it_ran_out_is_paid(shop: Shop, browser_of: Browser) -> None:
    """Heard of after its end: what counts is when it was handed out."""
    made = shop.redeem()
    moment = clock.now()

    def end(session: Any) -> None:
        session.get_one(Redemption, made.id).until = moment - timedelta(hours=1)

    shop.act(end)
    host = browser_of(shop.host)
    assert send_one(host, item(shop, moment - timedelta(hours=2), code=made.code))["verdict"] == (
        "accepted"
    )
    assert shop.redemption(made).state == "given"


def test_handed_out_after_its_end_is_a_conflict(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()

    def end(session: Any) -> None:
        session.get_one(Redemption, made.id).until = clock.now() - timedelta(minutes=1)

    shop.act(end)
    answer = send_one(browser_of(shop.host), item(shop, code=made.code))
    assert answer["verdict"] == "rejected"
    assert "过期" in " ".join(answer["errors"]["item"])


def test_given_back_before_is_a_conflict_that_says_so(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    shop.cancel(made)
    later = shop.now + timedelta(seconds=5)
    answer = send_one(browser_of(shop.host), item(shop, later, number=made.number))
    assert "退掉" in " ".join(answer["errors"]["item"])
    assert shop.points() == (100, 0)


def test_a_clock_that_is_ahead_counts_as_of_its_arrival(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    ahead = clock.now() + timedelta(days=400)
    assert send_one(browser_of(shop.host), item(shop, ahead, code=made.code))["verdict"] == (
        "accepted"
    )
    [kept] = hand_outs(shop)
    assert kept.at <= clock.now()


def test_nobody_hands_out_where_they_do_not_work(shop: Shop, browser_of: Browser) -> None:
    made = shop.redeem()
    elsewhere = send_one(browser_of(shop.other_host), item(shop, code=made.code))
    assert (elsewhere["verdict"], list(elsewhere["errors"])) == ("rejected", ["station"])
    for person in (shop.rider,):
        assert send_one(browser_of(person), item(shop, code=made.code))["verdict"] == "rejected"
    assert hand_outs(shop) == []
    assert shop.points() == (90, 10)


def test_what_is_no_voucher_of_ours_is_refused(shop: Shop, browser_of: Browser) -> None:
    made, host = shop.redeem(), browser_of(shop.host)
    forged = changed(made.code, 60)
    wrong: list[dict[str, Any]] = [
        {"code": forged}, {"code": made.code[:-1]}, {"code": ""}, {"code": 7}, {"code": None},
        {"number": "123"}, {"number": "12345678９0"}, {"number": "\0" * 10}, {"number": 1234567890},
        {"code": "SKV1:" + "A" * 111}, {"code": "\0" * 116}, {"number": "0000000000"},
        {"station": True, "number": made.number}, {"station": "1", "number": made.number},
        {"station": 2**70, "number": made.number}, {"station": 0, "number": made.number}, {},
    ]  # fmt: skip
    answers = send(host, *(item(shop, **fields) for fields in wrong))
    assert {one["verdict"] for one in answers} == {"rejected"}
    assert all(one["errors"] for one in answers)
    assert hand_outs(shop) == []
    shop.fits()


def test_numbers_cannot_be_guessed_by_batches(shop: Shop, make: Callable[..., Flask]) -> None:
    """After sixty that nobody issued a host's numbers wait, the right one too; codes go."""
    made, coded = shop.redeem(), shop.redeem("k2")
    host = make(RATELIMIT_ENABLED=True).test_client()
    sign_in(host, shop.host)
    wrong = [item(shop, number=f"{number:010}") for number in range(60)]
    assert {one["verdict"] for one in send(host, *wrong)} == {"rejected"}
    assert send_one(host, item(shop, number=made.number))["verdict"] == "retry"
    assert send_one(host, item(shop, code=coded.code))["verdict"] == "accepted"


def test_a_code_that_names_more_than_a_row_can_be_is_of_no_voucher(
    shop: Shop, browser_of: Browser
) -> None:
    code = voucher_codes.text_of(
        issuer_keys().signing(shop.now),
        redemption_id=2**32 - 1,
        reward_id=1,
        station_id=None,
        until=shop.now,
    )
    host = browser_of(shop.host)
    assert send_one(host, item(shop, code=code))["verdict"] == "rejected"
    asked = host.post(f"/counter/{shop.station_id}/voucher.json", json={"code": code})
    assert asked.get_json()["reason"] == "unknown"
