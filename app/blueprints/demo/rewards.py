"""The demo's rewards: a catalogue with stock at the first stations, and vouchers of some riders."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.accounts.models import User
from app.blueprints.badges.issuer_keys import IssuerKeys
from app.blueprints.demo.people import People
from app.blueprints.demo.reward_pictures import picture_of
from app.blueprints.demo.stations import DemoStation
from app.blueprints.points.ledger import earn
from app.blueprints.points.requests import Order, Source
from app.blueprints.rewards import ending, pictures, stocking
from app.blueprints.rewards.catalogue import (
    RewardDraft,
    SupplierDraft,
    make_reward,
    make_supplier,
    take_step,
)
from app.blueprints.rewards.handing import HandOutDraft, hand_out
from app.blueprints.rewards.models import Redemption, Reward, RewardKind
from app.blueprints.rewards.redeeming import redeem
from app.lib.clock import start_of_day
from app.lib.storage import Storage

STOCKED, IN_STOCK, SLOTS, PLACES = 12, 40, 6, 8
GIVEN_TO, WELCOME = 60, 500
"""So many riders got points to begin with, and redeem something."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Offer:
    """A reward of the demo; `thing` names its picture, `supplier` is a place in SUPPLIERS."""

    kind: RewardKind
    zh: str
    en: str
    words_zh: str
    words_en: str
    cost: int
    thing: str
    supplier: int | None = 0
    price_cents: int = 0
    min_star: int = 0
    month: int | None = None


SUPPLIERS = (
    ("示例百货", "Example General Store", "0512-6660901"),
    ("示例餐饮", "Example Kitchen", "0512-6660902"),
    ("示例服务社", "Example Services", "0512-6660903"),
)
OFFERS = (
    _Offer(
        RewardKind.MEAL, "姜茶一杯", "A cup of ginger tea", "在驿站现泡，趁热喝。",
        "Made fresh at the station.", 20, "tea", 1, 300, month=20,
    ),
    _Offer(
        RewardKind.CHARITY, "捐一顿热饭", "Give a hot meal", "你的积分变成环卫工人的一顿热饭。",
        "Your points become a hot meal for a street cleaner.", 50, "heart", None,
    ),
    _Offer(
        RewardKind.SERVICE, "免费理发", "A haircut", "周末在驿站理发，请按时到。",
        "At the station at weekends; please be on time.", 100, "scissors", 2, 2500, month=1,
    ),
    _Offer(
        RewardKind.MEAL, "热餐券", "Hot meal coupon", "任选一份套餐，在驿站取。",
        "One set meal of your choice, at the station.", 120, "meal", 1, 1800, month=8,
    ),
    _Offer(
        RewardKind.SERVICE, "电动车检修", "Scooter check", "刹车、轮胎、电池，一次查全。",
        "Brakes, tyres and battery in one go.", 150, "scooter", 2, 4000, month=1,
    ),
    _Offer(
        RewardKind.GOODS, "保温杯", "Vacuum flask", "500毫升，保温12小时。",
        "500 ml, hot for 12 hours.", 260, "flask", 0, 3900,
    ),
    _Offer(
        RewardKind.GOODS, "骑行雨衣", "Rain suit", "双层反光，尺码在驿站选。",
        "Two layers, reflecting; choose the size at the station.", 400, "rain_suit", 0, 7900,
    ),
    _Offer(
        RewardKind.GOODS, "骑行头盔", "Riding helmet", "符合国家标准，三星以上可兑。",
        "Meets the national standard; for three stars and more.", 800, "helmet", 0, 12900, 3,
    ),
)  # fmt: skip


def build_rewards(
    session: Session, storage: Storage, people: People, stations: Sequence[DemoStation],
    keys: IssuerKeys, chance: random.Random, now: datetime,
) -> int:  # fmt: skip
    """Write the catalogue, and what riders had of it; answers how many vouchers."""
    admin = session.get_one(User, people.administrator)
    began = now - timedelta(days=60)
    suppliers = [
        make_supplier(session, admin, SupplierDraft(*one), now=began).id for one in SUPPLIERS
    ]
    rewards = [_reward(session, storage, admin, one, suppliers, began) for one in OFFERS]
    here = [station.id for station in stations[:STOCKED]]
    for reward in rewards:
        _stock(session, admin, reward, here, chance, began)
        _slots(session, admin, reward, here[0], now)
        take_step(session, admin, reward.id, "publish", now=began)
    if not keys.keys:  # nothing can be signed
        return 0
    _welcome(session, people.riders[:GIVEN_TO], now - timedelta(days=45))
    old = IssuerKeys(tuple(replace(key, signs_from=LONG_AGO) for key in keys.keys))
    return _vouchers(session, people, rewards, here, old, chance, now)


def _reward(
    session: Session, storage: Storage, admin: User, one: _Offer, suppliers: Sequence[int],
    began: datetime,
) -> Reward:  # fmt: skip
    made = make_reward(
        session, admin,
        RewardDraft(
            kind=one.kind, name_zh=one.zh, name_en=one.en, words_zh=one.words_zh,
            words_en=one.words_en, cost=one.cost, min_star=one.min_star, since=began, until=None,
            valid_days=30, per_rider_month=one.month, per_rider_total=None,
            supplier_id=None if one.supplier is None else suppliers[one.supplier],
            price_cents=one.price_cents,
        ),
        now=began,
    )  # fmt: skip
    picture = picture_of(one.thing)
    sha256 = hashlib.sha256(picture.content).hexdigest()
    storage.put(pictures.picture_name(sha256), picture.content)
    pictures.add_picture(session, admin, made.id, sheet=picture, sha256=sha256, now=began)
    return made


def _stock(
    session: Session, admin: User, reward: Reward, stations: Sequence[int], chance: random.Random,
    began: datetime,
) -> None:  # fmt: skip
    """Goods lie at stations; a meal is to be had at any; services at the first; charity nowhere."""
    goods = reward.kind == RewardKind.GOODS
    places: Sequence[int | None] = (
        stations if goods else stations[:1] if reward.kind == RewardKind.SERVICE else [None]
    )
    for place in places:
        stock = stocking.offer(
            session, admin, reward.id, station_id=place, counted=goods, now=began
        )
        if goods:
            amount = chance.randint(IN_STOCK // 4, IN_STOCK)
            stocking.deliver(
                session, admin, stock.id, amount=amount, reason="首批到货", key=str(uuid7()),
                now=began,
            )  # fmt: skip


def _slots(session: Session, admin: User, reward: Reward, station: int, now: datetime) -> None:
    if reward.kind != RewardKind.SERVICE:
        return
    for day in range(2, 2 + SLOTS):
        starts = start_of_day(now) + timedelta(days=day, hours=14)
        stocking.add_slot(
            session, admin, reward.id, station_id=station, starts_at=starts,
            ends_at=starts + timedelta(hours=2), places=PLACES, now=now,
        )  # fmt: skip


def _welcome(session: Session, riders: Sequence[int], at: datetime) -> None:
    for rider in riders:
        order = Order(
            "demo", f"welcome {rider}", Source("correction", str(rider)), reason="迎新积分"
        )
        earn(session, order, rider_id=rider, amount=WELCOME, now=at)


def _vouchers(
    session: Session, people: People, rewards: Sequence[Reward], stations: Sequence[int],
    keys: IssuerKeys, chance: random.Random, now: datetime,
) -> int:  # fmt: skip
    """The rider of the account to try has one open, one given and one that ran out; of the others
    most were given, and one was given twice."""
    host = session.get_one(User, people.host)
    tea, _charity, _haircut, meal, _check, flask, *_others = rewards
    first, second, *others = people.riders[:GIVEN_TO]

    def have(rider: int, reward: Reward, station: int | None, days_ago: float) -> Redemption:
        return redeem(
            session, session.get_one(User, rider), reward_id=reward.id, station_id=station,
            key=str(uuid7()), keys=keys, now=now - timedelta(days=days_ago),
        )  # fmt: skip

    def give(voucher: Redemption, days_ago: float) -> None:
        at = now - timedelta(days=days_ago)
        draft = HandOutDraft(str(uuid7()), host, stations[0], at, code=voucher.code)
        hand_out(session, [draft], now=at + timedelta(seconds=5))

    ran_out = have(first, tea, None, 40)
    ending.expire(session, ran_out.id, now=ran_out.until)
    give(have(first, meal, None, 6), 5.9)
    have(first, flask, stations[0], 1)
    twice = have(second, meal, None, 3)
    give(twice, 2.5)
    give(twice, 2.4)
    for rider in others:
        days = chance.uniform(2, 28)
        voucher = have(rider, chance.choice((tea, meal)), None, days)
        if chance.random() < 0.8:
            give(voucher, days - 1)
    session.flush()
    return 4 + len(others)
