"""What suppliers are owed for a month: a month that is over stays as it was."""

from datetime import timedelta

from app.blueprints.rewards import ending, settlement
from app.blueprints.rewards.models import Redemption, Supplier
from app.blueprints.rewards.settlement import Line, Month
from app.lib import clock
from tests.rewards.conftest import Shop
from tests.support.people import People, Person


def _month(shop: Shop, days: int = 0) -> Month:
    return Month(clock.to_local(shop.now + timedelta(days=days)).date().replace(day=1))


def _counts(shop: Shop, month: Month) -> list[tuple[int, int]]:
    found = shop.act(lambda session: settlement.sums(session, month))
    return [(one.count, one.cents) for one in found]


def _lines(shop: Shop, month: Month) -> list[Line]:
    return list(shop.act(lambda session: list(settlement.lines(session, month))))


def _given(shop: Shop) -> Redemption:
    supplier = shop.act(lambda session: _supplier(session, shop))
    shop.change(supplier_id=supplier, price_cents=1250)
    made = shop.redeem()
    shop.give(made, "h1")
    return made


def _supplier(session: object, shop: Shop) -> int:
    made = Supplier(name_zh="惠民超市", created_at=shop.now)
    session.add(made)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    return made.id


def _refund(shop: Shop, made: Redemption, administrator: Person, days: int) -> None:
    shop.act(
        lambda session: ending.refund(
            session, shop.user(session, administrator), made.id, reason="坏了",
            now=shop.now + timedelta(days=days),
        )
    )  # fmt: skip


def test_a_refund_is_taken_off_in_its_own_month(shop: Shop, people: People) -> None:
    made, later = _given(shop), 40
    before = _counts(shop, _month(shop))
    assert before == [(1, 1250)]
    _refund(shop, made, people.make("administrator"), later)
    assert _counts(shop, _month(shop)) == before
    assert _counts(shop, _month(shop, later)) == [(-1, -1250)]
    (given,), (refunded,) = _lines(shop, _month(shop)), _lines(shop, _month(shop, later))
    assert (given.cost, given.price_cents) == (10, 1250)
    assert (refunded.cost, refunded.price_cents) == (-10, -1250)
    assert refunded.handed_at == given.handed_at


def test_refunded_in_the_same_month_nothing_is_owed(shop: Shop, people: People) -> None:
    made = _given(shop)
    _refund(shop, made, people.make("administrator"), 0)
    assert _counts(shop, _month(shop)) == []
    assert [one.price_cents for one in _lines(shop, _month(shop))] == [1250, -1250]


def test_what_was_refunded_is_not_taken_again_by_a_late_hand_out(
    shop: Shop, people: People
) -> None:
    made = _given(shop)
    _refund(shop, made, people.make("administrator"), 0)
    assert shop.give(made, "h2").outcome == "conflict"
    shop.fits()
