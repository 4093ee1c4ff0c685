"""Redeeming: what it takes, what it reserves, and what comes back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.blueprints.points.books import NotEnough
from app.blueprints.rewards import ending, voucher_codes
from app.blueprints.rewards.models import RedemptionEvent, RewardStock, ServiceSlot
from app.blueprints.rewards.redeeming import Changed, NotForYou
from app.blueprints.rewards.shelves import SoldOut
from app.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from tests.rewards.conftest import Shop
from tests.support.people import People
from tests.support.reward_rows import RewardRows, issuer_keys


def _left(shop: Shop) -> int | None:
    left: int | None = shop.act(
        lambda session: session.scalar(
            select(RewardStock.left).where(RewardStock.id == shop.stock_id)
        )
    )
    return left


def _told(shop: Shop) -> list[str]:
    wanted = select(Notification.kind).where(Notification.user_id == shop.rider.id)
    kinds: list[str] = shop.act(
        lambda session: list(session.scalars(wanted.order_by(Notification.id)))
    )
    return kinds


def test_redeeming_holds_the_points_and_takes_one_from_the_shelf(shop: Shop) -> None:
    made = shop.redeem()

    assert shop.points() == (90, 10)
    assert _left(shop) == 2
    assert len(made.number) == 10
    assert made.number.isdigit()
    code = voucher_codes.read(made.code)
    assert (code.redemption_id, code.station_id) == (made.id, shop.station_id)
    assert voucher_codes.is_signed(code, issuer_keys().published())
    assert _told(shop) == ["voucher_ready"]
    shop.fits()


def test_the_same_form_twice_redeems_once(shop: Shop) -> None:
    assert shop.redeem("k").id == shop.redeem("k").id
    assert shop.points() == (90, 10)


def test_a_used_key_with_another_reward_is_refused(shop: Shop) -> None:
    shop.redeem("k")
    with pytest.raises(Conflict):
        shop.redeem("k", reward_id=shop.reward_id + 1)


def test_cancelling_brings_points_and_stock_back_once(shop: Shop) -> None:
    made = shop.redeem()
    shop.cancel(made)

    assert shop.points() == (100, 0)
    assert _left(shop) == 3
    with pytest.raises(Conflict):
        shop.cancel(made)
    assert _left(shop) == 3
    shop.fits()


def test_another_riders_voucher_cannot_be_cancelled(shop: Shop, people: People) -> None:
    made = shop.redeem()
    shop.rider = people.make(Role.RIDER)
    with pytest.raises(NotFound):
        shop.cancel(made)


def test_what_has_run_out_comes_back_by_itself(shop: Shop) -> None:
    made = shop.redeem()
    later = made.until

    with pytest.raises(Conflict):
        shop.cancel(made, now=later)
    assert shop.act(lambda session: ending.due(session, now=later, limit=9)) == [made.id]
    assert shop.act(lambda session: ending.expire(session, made.id, now=later))
    assert not shop.act(lambda session: ending.expire(session, made.id, now=later))
    assert shop.redemption(made).state == "expired"
    assert shop.points() == (100, 0)
    assert _told(shop)[-1] == "voucher_expired"
    shop.fits()


def test_a_voucher_is_not_taken_before_its_time(shop: Shop) -> None:
    made = shop.redeem()
    before = made.until - timedelta(seconds=1)
    assert not shop.act(lambda session: ending.expire(session, made.id, now=before))


def test_a_rider_is_warned_once_of_a_voucher_that_runs_out(shop: Shop) -> None:
    made = shop.redeem()
    for days in (4, 3, 2):
        now = made.until - timedelta(days=days)
        shop.act(lambda session, now=now: ending.warn(session, now=now, limit=9))
    assert _told(shop).count("voucher_expiring") == 1


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"cost": 101}, NotEnough),
        ({"state": "draft"}, NotFound),
        ({"state": "ended"}, NotForYou),
        ({"until": "past"}, NotForYou),
        ({"since": "future"}, NotForYou),
        ({"min_star": 2}, NotForYou),
    ],
)
def test_what_cannot_be_had(shop: Shop, columns: dict[str, Any], error: type[DomainError]) -> None:
    moments = {
        "past": shop.now - timedelta(seconds=1), "future": shop.now + timedelta(seconds=1),
    }  # fmt: skip
    shop.change(**{name: moments.get(value, value) for name, value in columns.items()})

    with pytest.raises(error):
        shop.redeem()
    assert shop.points() == (100, 0)
    assert _left(shop) == 3
    shop.fits()


def test_who_is_no_rider_redeems_nothing(shop: Shop) -> None:
    with pytest.raises(Forbidden):
        shop.redeem(rider=shop.host)


def test_the_cost_seen_must_be_the_cost_paid(shop: Shop) -> None:
    with pytest.raises(Changed):
        shop.redeem(seen_cost=9)
    assert shop.redeem(seen_cost=10).cost == 10


def test_a_station_without_the_reward_is_refused_at_its_field(shop: Shop) -> None:
    with pytest.raises(Invalid) as caught:
        shop.redeem(station_id=shop.other_station_id)
    assert list(caught.value.errors) == ["station"]
    with pytest.raises(Invalid):
        shop.redeem(station_id=None)


def test_nothing_is_sold_that_is_not_there(shop: Shop) -> None:
    for number in range(3):
        shop.redeem(f"k{number}")
    with pytest.raises(SoldOut):
        shop.redeem("k3")
    assert shop.points() == (70, 30)
    shop.fits()


def test_a_reward_that_is_not_offered_here_any_more_is_refused(shop: Shop) -> None:
    made = shop.redeem()

    def stop(session: Session) -> None:
        session.get_one(RewardStock, shop.stock_id).offered = False

    shop.act(stop)
    with pytest.raises(Invalid):
        shop.redeem("k2")
    shop.cancel(made)
    assert _left(shop) == 3


def test_limits_count_what_is_open_or_given_and_not_what_was_cancelled(shop: Shop) -> None:
    shop.change(per_rider_month=2, per_rider_total=2)
    first = shop.redeem("a")
    shop.redeem("b")
    with pytest.raises(NotForYou):
        shop.redeem("c")
    shop.cancel(first)
    shop.give(shop.redeem("d"))
    with pytest.raises(NotForYou):
        shop.redeem("e")


def test_a_new_month_has_a_limit_of_its_own(shop: Shop) -> None:
    shop.change(per_rider_month=1)
    shop.redeem("a")
    with pytest.raises(NotForYou):
        shop.redeem("b")
    shop.now += timedelta(days=32)
    assert shop.redeem("c").state == "held"


def test_what_goes_to_charity_is_spent_at_once_and_has_no_voucher(shop: Shop) -> None:
    shop.change(kind="charity")
    shop.act(lambda session: RewardRows(session).stock(shop.reward_id, None, None))

    made = shop.redeem(station_id=None)

    assert (made.state, made.code, made.given_at) == ("given", "", shop.now)
    assert shop.points() == (90, 0)
    steps = select(RedemptionEvent.step).order_by(RedemptionEvent.id)
    assert shop.act(lambda session: list(session.scalars(steps))) == ["redeem", "donate"]
    with pytest.raises(Conflict):
        shop.cancel(made)
    shop.fits()


def test_what_is_not_counted_is_never_sold_out(shop: Shop) -> None:
    shop.act(lambda session: RewardRows(session).stock(shop.reward_id, None, None))
    made = [shop.redeem(f"k{number}", station_id=None) for number in range(5)]
    assert voucher_codes.read(made[0].code).station_id == voucher_codes.ANY_STATION
    shop.cancel(made[0])
    shop.fits()


def test_a_service_has_places_by_the_hour(shop: Shop, people: People) -> None:
    shop.change(kind="service")
    starts = shop.now + timedelta(days=1)

    def prepare(session: Session) -> int:
        session.get_one(RewardStock, shop.stock_id).left = None
        rows = RewardRows(session)
        return rows.slot(shop.reward_id, shop.station_id, starts_at=starts, places=1)

    slot_id = shop.act(prepare)
    with pytest.raises(Invalid) as caught:
        shop.redeem()
    assert list(caught.value.errors) == ["slot"]
    made = shop.redeem(slot_id=slot_id)
    assert made.until == starts + timedelta(hours=1)
    with pytest.raises(SoldOut):
        shop.redeem("k2", slot_id=slot_id)
    with pytest.raises(Conflict):
        shop.cancel(made, now=starts)
    shop.cancel(made)
    assert shop.act(lambda session: session.get_one(ServiceSlot, slot_id).taken) == 0


def test_an_administrator_takes_a_voucher_back_with_a_reason(shop: Shop, people: People) -> None:
    boss = people.make(Role.ADMINISTRATOR)
    made = shop.redeem()

    def recall(session: Session, who: Any, reason: str) -> None:
        ending.recall(session, shop.user(session, who), made.id, reason=reason, now=shop.now)

    with pytest.raises(Forbidden):
        shop.act(lambda session: recall(session, shop.host, "x"))
    with pytest.raises(Invalid):
        shop.act(lambda session: recall(session, boss, "  "))
    shop.act(lambda session: recall(session, boss, "供应商停业"))
    assert shop.points() == (100, 0)
    assert _told(shop)[-1] == "voucher_recalled"
    shop.fits()


def test_an_administrator_refunds_what_was_given_once(shop: Shop, people: People) -> None:
    boss = people.make(Role.ADMINISTRATOR)
    made = shop.redeem()
    shop.give(made)

    def refund(session: Session) -> None:
        ending.refund(session, shop.user(session, boss), made.id, reason="坏的", now=shop.now)

    shop.act(refund)
    assert shop.points() == (100, 0)
    assert _left(shop) == 2
    with pytest.raises(Conflict):
        shop.act(refund)
    assert shop.give(shop.redemption(made), "h2").outcome == "conflict"
    shop.fits()
