"""The demo's 280 stations: where they stand, when they are open, what they offer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.demo import names
from app.blueprints.demo.district import District
from app.blueprints.organisations.models import Area, Kind, Organisation
from app.blueprints.stations.models import (
    COUNTED,
    Facility,
    Station,
    StationFacility,
    StationKind,
    StationState,
)

FIRST_LEVEL, WORKSTATION_EVERY = 40, 10
HOURS = (
    "24/7",
    "Mo-Su 07:00-22:00",
    "Mo-Fr 08:00-20:00; Sa,Su 09:00-18:00; PH 10:00-16:00",
    "Mo-Sa 08:30-17:30; PH off",
    "Mo-Su 09:00-21:00",
)
BASIC = (Facility.WATER, Facility.PHONE_CHARGING, Facility.REST)
OFTEN = (
    Facility.TOILET, Facility.AIR_CONDITIONING, Facility.MEDICINE, Facility.WIFI, Facility.READING,
)  # fmt: skip
SELDOM = tuple(one for one in Facility if one not in (*BASIC, *OFTEN))
JITTER = 0.0006
"""Degrees around the middle of a grid, within it wherever its corners wander."""
STATION_NUMBERS = "0512-6660"


@dataclass(frozen=True)
class DemoStation:
    """A station's id and place."""

    id: int
    latitude: float
    longitude: float


def build_stations(
    session: Session, district: District, chance: random.Random, now: datetime
) -> Sequence[DemoStation]:
    """Write what there is at each station; answers them in the order of the district."""
    middles = _middles(session)
    ids = district.of(Kind.STATION)
    rows = [
        _row(number, one, _place(district, one, middles, chance), now)
        for number, one in enumerate(ids, start=1)
    ]
    session.execute(insert(Station), rows)
    session.execute(
        insert(StationFacility),
        [row for index, one in enumerate(ids) for row in _facilities(one, index, chance)],
    )
    return [DemoStation(row["organisation_id"], row["latitude"], row["longitude"]) for row in rows]


def _middles(session: Session) -> dict[str, tuple[float, float]]:
    """The middle of each grid, by the grid's path."""
    found = session.execute(
        select(Organisation.path, Area.south, Area.north, Area.west, Area.east)
        .join(Organisation, Organisation.id == Area.organisation_id)
        .order_by(Organisation.id)
    )
    return {row.path: ((row.south + row.north) / 2, (row.west + row.east) / 2) for row in found}


def _place(
    district: District, station: int, middles: dict[str, tuple[float, float]],
    chance: random.Random,
) -> tuple[float, float]:  # fmt: skip
    """A point in one of the grids of the street or community that the station belongs to."""
    home = district.paths[int(str(district.rows[station - 1]["parent_id"]))]
    latitude, longitude = chance.choice([at for path, at in middles.items() if home in path])
    return (
        round(latitude + chance.uniform(-JITTER, JITTER), 6),
        round(longitude + chance.uniform(-JITTER, JITTER), 6),
    )


def _row(number: int, station: int, at: tuple[float, float], now: datetime) -> dict[str, Any]:
    first = number <= FIRST_LEVEL
    kind = StationKind.FILLING if first else StationKind.RED_BEE
    if number % WORKSTATION_EVERY == 0 and first:
        kind = StationKind.WORKSTATION
    street = names.PLACES[number % len(names.PLACES)]
    return {
        "organisation_id": station, "number": f"SZ{number:03}", "level": 1 if first else 2,
        "kind": kind, "address_zh": f"示例路{number}号，{street}",
        "address_en": f"{number} Example Road", "latitude": at[0], "longitude": at[1],
        "radius_m": 100, "hours": HOURS[0 if number == 1 else number % len(HOURS)],
        "contact": f"{STATION_NUMBERS}{number:03}", "created_at": now - timedelta(days=300),
        "changed_at": now,
    } | _now(number, now)  # fmt: skip


def _now(number: int, now: datetime) -> dict[str, Any]:
    """How it stands with a few of them today."""
    free: dict[str, Any] = {"state": StationState.OPEN, "state_reason": "", "state_until": None}
    told: dict[str, Any] = {"notice": "", "notice_until": None}
    if number % 37 == 5:
        free = {
            "state": StationState.CLOSED, "state_reason": "空调检修，明天恢复",
            "state_until": now + timedelta(hours=20),
        }  # fmt: skip
    elif number % 23 == 3:
        free = {
            "state": StationState.FULL,
            "state_reason": "",
            "state_until": now + timedelta(hours=1),
        }
    if number % 31 == 1:
        told = {
            "notice": "今天供应绿豆汤和热馒头，先到先得",
            "notice_until": now + timedelta(hours=9),
        }
    return free | told


def _facilities(station: int, index: int, chance: random.Random) -> list[dict[str, Any]]:
    had = [*BASIC, *(one for one in OFTEN if chance.random() < 0.7)]
    share = 0.5 if index < FIRST_LEVEL else 0.2
    had += [one for one in SELDOM if chance.random() < share]
    return [
        {
            "station_id": station, "facility": one,
            "count": chance.randint(2, 12) if one in COUNTED else None,
            "works": index == 0 or chance.random() > 0.03, "note": "",
        }
        for one in had
    ]  # fmt: skip
