"""Handing out: once, by whoever works at the station, and what becomes of the rest."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.notifications.models import Notification
from app.blueprints.rewards import ending, handing, shelves, stocking
from app.blueprints.rewards.handing import HandOutDraft
from app.blueprints.rewards.models import HandOut, Redemption, RewardStock, StockMove
from app.errors import Conflict, Invalid
from tests.rewards.conftest import Shop
from tests.support.people import People, Person
from tests.support.reward_rows import RewardRows
from tests.support.station_rows import StationRows


def _expire(shop: Shop, made: Redemption) -> None:
    assert shop.act(lambda session: ending.expire(session, made.id, now=made.until))


def _told(shop: Shop, kind: str) -> set[int]:
    wanted = select(Notification.user_id).where(Notification.kind == kind)
    people: set[int] = shop.act(lambda session: set(session.scalars(wanted)))
    return people


@pytest.mark.parametrize("by_number", [False, True])
def test_what_is_handed_out_is_paid(shop: Shop, by_number: bool) -> None:
    made = shop.redeem()
    given = shop.give(made, by_number=by_number)

    assert (given.outcome, given.why, given.by_number) == ("given", None, by_number)
    assert shop.redemption(made).state == "given"
    assert shop.points() == (90, 0)
    assert _told(shop, "voucher_given") == {shop.rider.id}
    shop.fits()


def test_the_same_item_again_answers_the_same(shop: Shop) -> None:
    made = shop.redeem()
    assert shop.give(made, "h").id == shop.give(made, "h").id


def test_a_key_of_another_hand_out_is_refused(shop: Shop) -> None:
    shop.give(shop.redeem("a"), "h")
    assert isinstance(shop.give(shop.redeem("b"), "h"), Conflict)


def test_the_second_of_two_hosts_is_a_conflict_that_all_hear_of(shop: Shop) -> None:
    def second(session: Session) -> Person:
        return StationRows(session).host(shop.station_id)

    colleague = shop.act(second)
    made = shop.redeem()
    shop.give(made, "h1")
    conflict = shop.give(made, "h2", host=colleague)

    assert (conflict.outcome, conflict.why) == ("conflict", "given_before")
    assert shop.points() == (90, 0)
    assert {shop.host.id, colleague.id} < _told(shop, "voucher_conflict")
    assert shop.rider.id not in _told(shop, "voucher_conflict")
    shop.fits()


def test_both_in_one_batch_are_one_and_a_conflict(shop: Shop) -> None:
    first, other = shop.redeem("a"), shop.redeem("b")

    def batch(session: Session) -> list[Any]:
        host = shop.user(session, shop.host)
        drafts = [
            HandOutDraft(key, host, shop.station_id, shop.now, code=one.code)
            for key, one in (("1", first), ("2", first), ("3", other))
        ]
        return handing.hand_out(session, drafts, now=shop.now)

    assert [one.outcome for one in shop.act(batch)] == ["given", "conflict", "given"]
    shop.fits()


def test_a_code_nobody_issued_is_refused(shop: Shop) -> None:
    made = shop.redeem()
    forged = made.code[:-3] + ("AAA" if made.code[-3:] != "AAA" else "BBA")
    made.code = forged
    answer = shop.give(made)
    assert isinstance(answer, Invalid)
    assert list(answer.errors) == ["code"]
    made.number = "0000000000"
    answer = shop.give(made, by_number=True)
    assert isinstance(answer, Invalid)
    assert list(answer.errors) == ["number"]
    assert shop.points() == (90, 10)


def test_who_does_not_work_there_hands_out_nothing(shop: Shop) -> None:
    made = shop.redeem()
    answer = shop.give(made, host=shop.other_host)
    assert isinstance(answer, Invalid)
    assert list(answer.errors) == ["station"]


def test_another_stations_voucher_is_a_conflict_and_stays_open(shop: Shop) -> None:
    made = shop.redeem()
    conflict = shop.give(made, host=shop.other_host, station_id=shop.other_station_id)
    assert (conflict.outcome, conflict.why) == ("conflict", "other_station")
    assert shop.redemption(made).state == "held"
    assert shop.give(made, "h2").outcome == "given"


def test_a_voucher_for_any_station_is_good_at_each(shop: Shop) -> None:
    shop.act(lambda session: RewardRows(session).stock(shop.reward_id, None, None))
    made = shop.redeem(station_id=None)
    given = shop.give(made, host=shop.other_host, station_id=shop.other_station_id)
    assert given.outcome == "given"


def test_scanned_in_time_and_heard_of_late_is_honoured(shop: Shop) -> None:
    made = shop.redeem()
    _expire(shop, made)
    late = shop.give(made, at=made.until - timedelta(hours=1), now=made.until + timedelta(days=1))

    assert (late.outcome, late.why) == ("late", None)
    assert shop.redemption(made).state == "given"
    assert shop.points() == (90, 0)
    assert _told(shop, "voucher_charged") == {shop.rider.id}
    shop.fits()


def test_scanned_in_time_before_it_was_expired_needs_nothing_more(shop: Shop) -> None:
    made = shop.redeem()
    late = shop.give(made, at=made.until - timedelta(hours=1), now=made.until + timedelta(days=1))
    assert late.outcome == "given"


def test_scanned_after_its_end_is_a_conflict(shop: Shop) -> None:
    made = shop.redeem()
    answer = shop.give(made, at=made.until, now=made.until)
    assert (answer.outcome, answer.why) == ("conflict", "expired")
    _expire(shop, made)
    answer = shop.give(made, "h2", at=made.until, now=made.until)
    assert (answer.outcome, answer.why) == ("conflict", "expired")
    assert shop.points() == (100, 0)


def test_what_is_told_a_week_after_is_not_believed(shop: Shop) -> None:
    made = shop.redeem()
    _expire(shop, made)
    answer = shop.give(made, at=made.until - timedelta(hours=1), now=made.until + timedelta(days=8))
    assert (answer.outcome, answer.why) == ("conflict", "expired")


def test_points_spent_meanwhile_are_a_conflict_with_that_reason(shop: Shop) -> None:
    made = shop.redeem()
    _expire(shop, made)

    def spend(session: Session) -> None:
        rows = RewardRows(session)
        dear = rows.reward(cost=95)
        rows.stock(dear, shop.station_id, 1)
        shop.reward_id = dear

    shop.act(spend)
    shop.redeem("k2")
    answer = shop.give(made, at=made.until - timedelta(hours=1), now=made.until + timedelta(days=1))
    assert (answer.outcome, answer.why) == ("conflict", "no_points")
    shop.fits()


def test_fetched_and_then_cancelled_is_paid_all_the_same(shop: Shop) -> None:
    made = shop.redeem()
    scanned = shop.now
    shop.cancel(made, now=scanned + timedelta(minutes=1))
    late = shop.give(made, at=scanned, now=scanned + timedelta(hours=1))
    assert late.outcome == "late"
    assert shop.points() == (90, 0)
    shop.fits()


def test_of_a_cancelled_voucher_the_number_alone_proves_nothing(shop: Shop) -> None:
    made = shop.redeem()
    shop.cancel(made, now=shop.now + timedelta(minutes=1))
    later = shop.now + timedelta(hours=1)
    answer = shop.give(made, by_number=True, now=later)
    assert (answer.outcome, answer.why) == ("conflict", "cancelled")
    answer = shop.give(made, "h2", at=later, now=later)
    assert (answer.outcome, answer.why) == ("conflict", "cancelled")
    assert shop.points() == (100, 0)


def test_what_went_over_the_counter_and_is_gone_is_missing(shop: Shop) -> None:
    made = shop.redeem("a")
    _expire(shop, made)

    def sell_out(session: Session) -> None:
        stock = session.get_one(RewardStock, shop.stock_id)
        shelves.shift(session, stock.id, -3)
        session.add(StockMove(stock_id=stock.id, kind="out", amount=-3, at=shop.now))

    shop.act(sell_out)
    shop.give(made, at=made.until - timedelta(hours=1), now=made.until + timedelta(days=1))
    stock = shop.act(lambda session: session.get_one(RewardStock, shop.stock_id))
    assert (stock.left, stock.missing) == (0, 1)
    shop.fits()


def test_hand_outs_are_kept_as_they_came(shop: Shop) -> None:
    made = shop.redeem()
    shop.give(made, "h1")
    shop.give(made, "h2")
    kept = select(HandOut.key, HandOut.outcome).order_by(HandOut.id)
    assert shop.act(lambda session: [tuple(row) for row in session.execute(kept)]) == [
        ("h1", "given"), ("h2", "conflict"),
    ]  # fmt: skip


@pytest.mark.parametrize("ended", [False, True])
def test_counted_before_it_was_heard_of_it_is_not_taken_twice(
    shop: Shop, people: People, *, ended: bool
) -> None:
    """Three on the shelf, one is handed out without network, and somebody counts the two."""
    made, counter = shop.redeem(), people.make("administrator")
    given, counted = shop.now + timedelta(hours=1), shop.now + timedelta(hours=2)
    if ended:
        shop.cancel(made, now=shop.now + timedelta(minutes=90))
    shop.act(
        lambda session: stocking.count(
            session, shop.user(session, counter), shop.stock_id,
            on_shelf=2, reason="盘点", key="count", now=counted,
        )
    )  # fmt: skip
    assert shop.give(made, at=given, now=counted + timedelta(hours=1)).why is None
    assert shop.act(lambda session: session.get_one(RewardStock, shop.stock_id).left) == 2
    shop.fits()


def test_counted_before_it_was_handed_out_it_is_taken_once(shop: Shop, people: People) -> None:
    made, counter = shop.redeem(), people.make("administrator")
    shop.act(
        lambda session: stocking.count(
            session, shop.user(session, counter), shop.stock_id,
            on_shelf=3, reason="", key="count", now=shop.now + timedelta(hours=1),
        )
    )  # fmt: skip
    later = shop.now + timedelta(hours=2)
    assert shop.give(made, at=later, now=later).why is None
    assert shop.act(lambda session: session.get_one(RewardStock, shop.stock_id).left) == 2
    shop.fits()
