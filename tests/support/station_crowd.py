"""Thousands of stations at once, each with a name, address and number of its own."""

import random
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.stations.models import COUNTED, Facility, Station, StationFacility, StationKind

ROADS = tuple(
    tuple(pair.split("/"))
    for pair in (
        "星湖街/Xinghu Street", "苏州大道/Suzhou Avenue", "现代大道/Xiandai Avenue",
        "金鸡湖大道/Jinji Lake Avenue", "东环路/Donghuan Road", "葑亭大道/Fengting Avenue",
        "唯新路/Weixin Road", "娄葑街/Loufeng Street", "独墅湖大道/Dushu Lake Avenue",
        "星塘街/Xingtang Street", "钟南街/Zhongnan Street", "通园路/Tongyuan Road",
        "旺墩路/Wangdun Road", "苏惠路/Suhui Road", "仁爱路/Ren'ai Road", "松涛街/Songtao Street",
        "林泉街/Linquan Street", "创苑路/Chuangyuan Road", "星港街/Xinggang Street",
        "翠园路/Cuiyuan Road", "苏虹路/Suhong Road", "长阳街/Changyang Street",
    )
)  # fmt: skip
KINDS = {
    StationKind.FILLING: ("骑手加油站", "filling station"),
    StationKind.RED_BEE: ("红蜂暖新驿站", "red bee station"),
    StationKind.WORKSTATION: ("星骑士工作站", "workstation"),
}
OPENS = ("06:30", "07:00", "08:00", "08:30", "09:00")
CLOSES = ("17:30", "18:00", "20:00", "21:00", "22:00", "23:00")
LIKELY = 0.5


def build_crowd(session: Session, count: int, *, now: datetime, seed: int = 5) -> list[int]:
    """Write so many stations in the district; the caller commits. Answers their ids."""
    chance = random.Random(seed)
    rows = [_station(number, chance, now) for number in range(1, count + 1)]
    homes = [
        {"kind": Kind.STATION, "path": "", "name_zh": row.pop("zh"), "name_en": row.pop("en")}
        for row in rows
    ]
    made = insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True)
    ids = list(session.scalars(made, homes))
    pairs = list(zip(ids, rows, strict=True))
    session.execute(insert(Station), [row | {"organisation_id": one} for one, row in pairs])
    session.execute(insert(StationFacility), [
        row for one in ids for row in _facilities(one, chance)
    ])  # fmt: skip
    return ids


def _station(number: int, chance: random.Random, now: datetime) -> dict[str, Any]:
    (zh, en), kind = chance.choice(ROADS), chance.choice(list(KINDS))
    house, which = chance.randint(1, 998), chance.randint(1, 60)
    return {
        "zh": f"{zh}{which}号{KINDS[kind][0]}", "en": f"{en} {which} {KINDS[kind][1]}",
        "number": f"SZ{number:04}", "level": 1 if kind == StationKind.FILLING else 2, "kind": kind,
        "address_zh": f"{zh}{house}号", "address_en": f"{house} {en}",
        "latitude": round(chance.uniform(31.26, 31.38), 6),
        "longitude": round(chance.uniform(120.66, 120.85), 6),
        "hours": _hours(chance), "contact": f"0512-{chance.randint(60_000_000, 69_999_999)}",
        "state": chance.choices(("open", "full", "closed"), (90, 6, 4))[0],
        "notice": "今天供应绿豆汤" if chance.random() < 0.03 else "",
        "created_at": now, "changed_at": now,
    }  # fmt: skip


def _hours(chance: random.Random) -> str:
    times = f"{chance.choice(OPENS)}-{chance.choice(CLOSES)}"
    weekend = f"Mo-Fr {times}; Sa,Su 09:00-18:00; PH 10:00-16:00"
    return chance.choice(("24/7", f"Mo-Su {times}", weekend, f"Mo-Sa {times}; PH off"))


def _facilities(station: int, chance: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "station_id": station, "facility": one, "works": chance.random() > 0.03,
            "count": chance.randint(1, 20) if one in COUNTED else None,
        }
        for one in Facility
        if chance.random() < LIKELY
    ]  # fmt: skip
