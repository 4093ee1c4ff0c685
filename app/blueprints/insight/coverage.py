"""Where stations are missing: which of what riders did lay within reach of an open station.

Pure arithmetic over arrays. Places are the middles of demand's cells; within reach is what lies no
further than a scooter goes in fifteen minutes, by roads that are longer than the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.lib.geo import EARTH_RADIUS_M
from app.lib.opening_hours import DAY_MIN, open_spans

SPEED_M_PER_MIN, RIDE_MIN, DETOUR = 15_000 / 60, 15, 1.3
REACH_M = SPEED_M_PER_MIN * RIDE_MIN / DETOUR
"""As the crow flies, for a quarter of an hour on a scooter at 15 km/h."""
HOUR_MIN, DAY_H, WEEK_DAYS = 60, 24, 7
WEEK_H = DAY_H * WEEK_DAYS
CHUNK = 512
MOST_CANDIDATES = 2000
Numbers = NDArray[np.int64]
Degrees = NDArray[np.float64]
Marks = NDArray[np.bool_]


class Reach(IntEnum):
    """What a rider would have found in some place at some hour."""

    NEAR = 0
    SHUT = 1
    """Stations within reach, none of them open."""
    MISSING = 2
    """No station within reach."""


@dataclass(frozen=True)
class Wanted:
    """Where and when riders were: places in degrees, and at each so many reports and check-ins by
    hour of the week."""

    latitudes: Degrees
    longitudes: Degrees
    reports: Numbers
    check_ins: Numbers


@dataclass(frozen=True)
class Offered:
    """Where stations are, in degrees, and whether each is open by hour of the week."""

    latitudes: Degrees
    longitudes: Degrees
    opened: Marks


@dataclass(frozen=True)
class Found:
    """What there is at each place: by hour of the week, and the nearest station's position in
    `Offered` and its distance; -1 and infinity where there is no station at all."""

    reach: NDArray[np.int8]
    nearest: Numbers
    metres: Degrees


@lru_cache(maxsize=1024)
def opened(hours: str, first: date, days: int) -> tuple[bool, ...]:
    """By hour of the week, whether hours were open for half of it or more, in so many days."""
    minutes = np.zeros(days * DAY_MIN, dtype=np.int64)
    for since, until in open_spans(hours, first, days):
        minutes[since:until] = 1
    by_hour = minutes.reshape(-1, HOUR_MIN).sum(axis=1)
    of_week = (np.arange(len(by_hour)) + first.weekday() * DAY_H) % WEEK_H
    open_min = np.bincount(of_week, by_hour, WEEK_H)
    all_min = np.bincount(of_week, minlength=WEEK_H) * HOUR_MIN
    half: Marks = np.asarray((2 * open_min >= all_min) & (all_min > 0))
    return tuple(half.tolist())


def metres(
    latitude: Degrees, longitude: Degrees, latitudes: Degrees, longitudes: Degrees
) -> Degrees:
    """Great-circle distances of some places (rows) to others (columns), by the haversine formula
    as in `app.lib.geo`."""
    phi1, phi2 = np.radians(latitude)[:, None], np.radians(latitudes)[None, :]
    turned = np.radians(longitudes)[None, :] - np.radians(longitude)[:, None]
    h = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(turned / 2) ** 2
    found: Degrees = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, h)))
    return found


def find(wanted: Wanted, offered: Offered) -> Found:
    """What riders would have found at each place."""
    places = len(wanted.latitudes)
    reach = np.full((places, WEEK_H), Reach.MISSING, dtype=np.int8)
    nearest, distance = np.full(places, -1), np.full(places, np.inf)
    for start in range(0, places if len(offered.latitudes) else 0, CHUNK):
        some = slice(start, start + CHUNK)
        away = metres(
            wanted.latitudes[some], wanted.longitudes[some],
            offered.latitudes, offered.longitudes,
        )  # fmt: skip
        near: Marks = np.less_equal(away, REACH_M)
        is_open = near.astype(np.float32) @ offered.opened.astype(np.float32) > 0
        any_near = near.any(axis=1, keepdims=True)
        reach[some] = np.where(is_open, Reach.NEAR, np.where(any_near, Reach.SHUT, Reach.MISSING))
        nearest[some] = away.argmin(axis=1)
        distance[some] = away.min(axis=1)
    return Found(reach, nearest, distance)


def split(counted: Numbers, reach: NDArray[np.int8]) -> Numbers:
    """By hour of the day, how much of what was counted is near, shut and missing: (24, 3)."""
    by_reach = [np.where(reach == one, counted, 0).sum(axis=0) for one in Reach]
    of_day: Numbers = np.stack(by_reach, axis=1).reshape(WEEK_DAYS, DAY_H, len(Reach)).sum(axis=0)
    return of_day


@dataclass(frozen=True)
class Proposal:
    """A place, by its position in `Wanted`, where a station would reach so much of what has none
    within reach now, the proposals before it already built."""

    place: int
    gain: int


def proposals(wanted: Wanted, missing: Numbers, most: int) -> list[Proposal]:
    """Where to put the next stations, one after the other, each where it helps the most."""
    places = np.argsort(-missing, kind="stable")[:MOST_CANDIDATES]
    places = places[missing[places] > 0]
    left = missing[places]
    there = wanted.latitudes[places], wanted.longitudes[places]
    near = metres(*there, *there) <= REACH_M
    found: list[Proposal] = []
    while len(found) < most and left.any():
        gains = near @ left
        best = int(gains.argmax())
        found.append(Proposal(int(places[best]), int(gains[best])))
        left = np.where(near[best], 0, left)
    return found


@dataclass(frozen=True)
class Late:
    """A station, by its position in `Offered`, and what it would reach if it were open longer, by
    hour of the day."""

    station: int
    by_hour: Sequence[int]

    @property
    def gain(self) -> int:
        """In all hours together."""
        return sum(self.by_hour)


def late_ones(found: Found, counted: Numbers, most: int) -> list[Late]:
    """The stations that were shut when they were wanted most: what is shut goes to the nearest."""
    shut = np.where(found.reach == Reach.SHUT, counted, 0).reshape(len(counted), WEEK_DAYS, DAY_H)
    by_hour = np.zeros((int(found.nearest.max(initial=-1)) + 1, DAY_H), dtype=np.int64)
    is_shut = shut.any(axis=(1, 2))
    np.add.at(by_hour, found.nearest[is_shut], shut[is_shut].sum(axis=1))
    gains = by_hour.sum(axis=1)
    stations = np.argsort(-gains, kind="stable")[:most]
    return [Late(int(one), by_hour[one].tolist()) for one in stations if gains[one]]
