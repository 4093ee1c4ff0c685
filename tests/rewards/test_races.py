"""Many at once, some of them killed: nothing is sold or given twice, nothing waits in a ring."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.points.books import NotEnough
from app.blueprints.rewards import ending, handing
from app.blueprints.rewards.handing import HandOutDraft
from app.blueprints.rewards.models import Redemption, RewardStock
from app.blueprints.rewards.shelves import SoldOut
from app.errors import Conflict
from app.extensions import db
from tests.rewards.conftest import Shop
from tests.support.killing import Writers
from tests.support.people import People, Person
from tests.support.reward_rows import RewardRows
from tests.support.threads import at_once


def _outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except (SoldOut, NotEnough, Conflict) as error:
        return type(error).__name__
    return "done"


def _riders(shop: Shop, people: People, count: int, points: int = 10) -> list[Person]:
    made = [people.make("rider") for _number in range(count)]
    shop.act(lambda session: [RewardRows(session).points(one.id, points) for one in made])
    return made


def _stock(shop: Shop, left: int) -> None:
    """A reward of which there is so much."""

    def prepare(session: Session) -> tuple[int, int]:
        rows = RewardRows(session)
        reward = rows.reward()
        return reward, rows.stock(reward, shop.station_id, left)

    shop.reward_id, shop.stock_id = shop.act(prepare)


def test_sixty_four_want_the_last_one_and_one_gets_it(shop: Shop, people: People) -> None:
    riders = _riders(shop, people, 64)
    _stock(shop, 1)

    came = at_once(lambda number: _outcome(lambda: shop.redeem(rider=riders[number])), 64)

    assert Counter(came) == {"done": 1, "SoldOut": 63}
    shop.fits()


def test_sixteen_riders_buy_ten_of_ten(shop: Shop, people: People) -> None:
    riders = _riders(shop, people, 16)
    _stock(shop, 10)

    came = at_once(lambda number: _outcome(lambda: shop.redeem(rider=riders[number])), 16)

    assert Counter(came) == {"done": 10, "SoldOut": 6}
    shop.fits()


def test_one_rider_at_sixteen_places_spends_no_more_than_there_is(shop: Shop) -> None:
    _stock(shop, 50)
    came = at_once(lambda number: _outcome(lambda: shop.redeem(f"k{number}")), 16)
    assert Counter(came) == {"done": 10, "NotEnough": 6}
    assert shop.points() == (0, 100)
    shop.fits()


def test_one_form_sent_eight_times_redeems_once(shop: Shop) -> None:
    made = at_once(lambda _number: shop.redeem("the same").id, 8)
    assert len(set(made)) == 1
    assert shop.points() == (90, 10)
    shop.fits()


def test_giving_cancelling_and_expiring_at_once_leave_one_of_them(shop: Shop) -> None:
    for number in range(3):
        made = shop.redeem(f"k{number}")
        acts: list[Callable[[], Any]] = [
            lambda made=made, number=number: shop.give(made, f"h{number}"),
            lambda made=made: shop.cancel(made),
            lambda made=made: shop.act(
                lambda session: ending.expire(session, made.id, now=made.until)
            ),
        ]
        at_once(lambda which, acts=acts: _outcome(acts[which]), 3)
        shop.fits()
    states = shop.act(lambda session: list(session.scalars(select(Redemption.state))))
    assert "held" not in states


def test_eight_hosts_hand_one_voucher_out_and_one_is_paid(shop: Shop) -> None:
    made = shop.redeem()
    came = at_once(lambda number: shop.give(made, f"h{number}").outcome, 8)
    assert Counter(came) == {"given": 1, "conflict": 7}
    assert shop.points() == (90, 0)
    shop.fits()


def test_batches_in_any_order_never_wait_in_a_ring(shop: Shop, people: People) -> None:
    riders = _riders(shop, people, 6, points=60)
    _stock(shop, 30)
    made = [
        shop.redeem(f"{number}", rider=one) for one in riders for number in range(3)
    ]  # fmt: skip
    for one in made[::2]:
        shop.act(lambda session, one=one: ending.expire(session, one.id, now=one.until))
    at, now = made[0].until - timedelta(hours=1), made[0].until

    def batch(number: int) -> int:
        mixed = random.Random(number).sample(made, len(made))

        def write(session: Session) -> int:
            host = shop.user(session, shop.host)
            drafts = [
                HandOutDraft(f"{number} {one.id}", host, shop.station_id, at, code=one.code)
                for one in mixed
            ]
            answers = handing.hand_out(session, drafts, now=now)
            return sum(getattr(answer, "outcome", "") != "conflict" for answer in answers)

        taken: int = shop.act(write)
        return taken

    def redeem(number: int) -> int:
        _outcome(lambda: shop.redeem(f"more {number}", rider=riders[number % 6]))
        return 0

    came = at_once(lambda number: (batch if number % 2 else redeem)(number), 8)
    assert sum(came) == len(made)
    shop.fits()


def test_killed_processes_leave_books_and_shelves_right(shop: Shop, people: People) -> None:
    riders = _riders(shop, people, 3, points=500)
    _stock(shop, 40)
    with shop.app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    numbers = [shop.reward_id, shop.station_id, shop.host.id, *(one.id for one in riders)]
    writers = Writers("tests.rewards.hammer", url, numbers, random.Random(5))
    for _turn in range(3):
        before = _redemptions(shop)
        writers.run_and_kill(partial(_has_made, shop, before + 5))
        shop.fits()
    left = select(RewardStock.left).where(RewardStock.id == shop.stock_id)
    assert shop.act(lambda session: session.scalar(left)) >= 0


def _has_made(shop: Shop, redemptions: int) -> bool:
    return _redemptions(shop) >= redemptions


def _redemptions(shop: Shop) -> int:
    count = select(func.count()).select_from(Redemption)
    return int(shop.act(lambda session: session.scalar(count)))
