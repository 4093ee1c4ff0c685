"""Three months of check-ins at the demo's stations, who is there now, and what riders say."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.badges.models import Holder
from app.blueprints.counters.models import HandOver, Level, Supply
from app.blueprints.demo.history import MEALS_UTC
from app.blueprints.demo.stations import DemoStation
from app.blueprints.visits.models import Mark, Purpose, Way, Who
from app.blueprints.visits.services import CheckInDraft, record
from app.blueprints.voices.models import Rating, Wish, WishEvent, WishState

DAYS, PER_DAY, AT_ONCE, LATELY, NEVER = 90, 70, 500, 12, 9
"""`NEVER`: so many stations at the end that nobody ever comes to."""
PURPOSES = (Purpose.WATER, Purpose.REST, Purpose.CHARGE, Purpose.MEAL, Purpose.TOILET)
WAYS = (Way.POSTER,) * 5 + (Way.COUNTER,) * 2 + (Way.BADGE,) * 3 + (Way.NUMBER, Way.HAND)
BY_HOST = (Way.BADGE, Way.NUMBER, Way.HAND)
WISHES: tuple[tuple[str, WishState, str], ...] = (
    ("希望多放两个手机充电口，中午总是排队", WishState.OPEN, ""),
    ("冬天能不能提前供应热水和姜茶", WishState.PLANNED, "下周开始供应姜茶，每天上午十点起"),
    ("想要一个放头盔的架子", WishState.FULFILLED, "架子装好了，就在进门右手边"),
    ("能不能开到晚上十二点", WishState.DECLINED, "楼宇晚上十点锁门，附近的001号24小时开放"),
)
WORDS = ("热水很足，谢谢站长", "充电口有两个不通电", "", "", "干净，凉快", "")
STEPS = {WishState.PLANNED: "plan", WishState.FULFILLED: "fulfil", WishState.DECLINED: "decline"}
SUPPLIES = (("饮用水", Level.ENOUGH), ("一次性纸杯", Level.LOW), ("创可贴", Level.OUT))


def build_visits(
    session: Session, stations: Sequence[DemoStation], riders: Sequence[int], host_id: int,
    chance: random.Random, now: datetime,
) -> int:  # fmt: skip
    """Write check-ins as their phones would have sent them; answers how many."""
    companies = _companies(session)
    visited = stations[:-NEVER]
    drafts = [
        _draft(_station(visited, chance), chance.choice(riders), companies, host_id, moment, chance)
        for day in range(DAYS)
        for _number in range(PER_DAY)
        if (moment := _moment(now - timedelta(days=day), chance)) < now
    ]
    drafts += [
        _draft(
            stations[0], rider, companies, host_id, now - timedelta(minutes=4 + 9 * number), chance
        )
        for number, rider in enumerate(riders[:LATELY])
    ]
    waiting = iter(drafts)
    while batch := list(islice(waiting, AT_ONCE)):
        record(session, batch)
    _voices(session, drafts, host_id, now)
    _duties(session, stations[0], host_id, now)
    return len(drafts)


def _companies(session: Session) -> dict[int, int]:
    found = session.execute(select(Holder.user_id, Holder.company_id))
    return {row.user_id: row.company_id for row in found}


def _station(stations: Sequence[DemoStation], chance: random.Random) -> DemoStation:
    """The first ones more often: they stand in business districts."""
    return stations[int(len(stations) * chance.random() ** 1.8)]


def _moment(day: datetime, chance: random.Random) -> datetime:
    hour = chance.choice(MEALS_UTC) if chance.random() < 0.6 else chance.randint(0, 14)
    return day.replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))


def _draft(
    station: DemoStation, rider_id: int, companies: Mapping[int, int], host_id: int, at: datetime,
    chance: random.Random,
) -> CheckInDraft:  # fmt: skip
    way = chance.choice(WAYS)
    worker = way == Way.HAND and chance.random() < 0.6
    far = way == Way.POSTER and chance.random() < 0.03
    placed = way == Way.POSTER
    return CheckInDraft(
        key=str(uuid7()), station_id=station.id, rider_id=None if worker else rider_id,
        company_id=None if worker else companies.get(rider_id),
        who=Who.WORKER if worker else Who.RIDER, people=chance.randint(1, 6) if worker else 1,
        label="环卫工人" if worker else "", way=way, purpose=chance.choice(PURPOSES), at=at,
        received_at=at + timedelta(seconds=3),
        recorder_id=host_id if way in BY_HOST else None, mark=Mark.TOO_FAR if far else None,
        distance_m=chance.randint(400, 900) if far else chance.randint(2, 60) if placed else None,
        latitude=station.latitude if placed else None,
        longitude=station.longitude if placed else None,
    )  # fmt: skip


def _voices(session: Session, drafts: Sequence[CheckInDraft], host_id: int, now: datetime) -> None:
    """Every ninth visit of a rider is rated; a few wishes, with their answers."""
    rated = [one for one in drafts if one.rider_id is not None and one.mark is None][::9]
    session.execute(insert(Rating), [
        {"station_id": one.station_id, "check_in_key": one.key, "rider_id": one.rider_id,
         "score": 1 if number % 17 == 3 else 2 if number % 6 == 1 else 3,
         "words": WORDS[number % len(WORDS)], "at": one.at + timedelta(minutes=20)}
        for number, one in enumerate(rated)
    ])  # fmt: skip
    for number, one in enumerate([drafts[-1], *rated[: len(WISHES) * 5]]):
        _wish(session, one, WISHES[number % len(WISHES)], host_id, now)
    session.flush()


def _wish(
    session: Session, one: CheckInDraft, words: tuple[str, WishState, str], host_id: int,
    now: datetime,
) -> None:  # fmt: skip
    if one.rider_id is None:
        return
    text, state, answer = words
    moved = min(one.at + timedelta(days=1 if answer else 0), now)
    wish = Wish(
        key=str(uuid7()), station_id=one.station_id, rider_id=one.rider_id, text=text, state=state,
        answer=answer, at=one.at, moved_at=moved,
    )  # fmt: skip
    session.add(wish)
    session.flush()
    session.add(
        WishEvent(
            wish_id=wish.id, actor_id=one.rider_id, step="wish", to_state=WishState.OPEN, at=one.at
        )
    )
    if answer:
        session.add(
            WishEvent(
                wish_id=wish.id, actor_id=host_id, step=STEPS[state], to_state=state, note=answer,
                at=wish.moved_at,
            )
        )  # fmt: skip


def _duties(session: Session, station: DemoStation, host_id: int, now: datetime) -> None:
    """What the counter of the first station keeps an eye on."""
    session.add_all([
        *(
            Supply(
                station_id=station.id, name=name, level=level, changed_at=now,
                changed_by_id=host_id,
            )
            for name, level in SUPPLIES
        ),
        HandOver(
            station_id=station.id, author_id=host_id, text="充电柜3号口接触不良，已报修",
            at=now - timedelta(hours=3),
        ),
    ])  # fmt: skip
    session.flush()
