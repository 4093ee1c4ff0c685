"""Where demo cases lie: mostly around places where many people are, some anywhere."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.demo import names
from app.blueprints.demo.areas import COLUMNS_A_STREET, EAST, NORTH, ROWS, SOUTH, WEST
from app.blueprints.organisations.areas import Degrees, Place, locate_all
from app.blueprints.organisations.models import Kind, Organisation

BUSY_PLACES, BUSY_SHARE, SPREAD_DEGREES = 45, 0.65, 0.0016
IN_GRID = 0.05, 0.65
"""Shares of a cell's sides between which every point lies in its grid, however corners wander."""
BESIDE_DEGREES = 0.0001


@dataclass(frozen=True)
class Spot:
    """A place, the grid and street it lies in, and its words."""

    latitude: float
    longitude: float
    grid_id: int | None
    street_id: int | None
    words: str


def any_points(count: int, chance: random.Random) -> list[Degrees]:
    """Points of the district by chance."""
    busy = [_anywhere(chance) for _place in range(BUSY_PLACES)]
    return [
        _around(chance.choice(busy), chance) if chance.random() < BUSY_SHARE else _anywhere(chance)
        for _point in range(count)
    ]


def point_in_first_grid(chance: random.Random) -> Degrees:
    """A point in the grid whose grid worker is an account to try."""
    width = (EAST - WEST) / (len(names.STREETS) * COLUMNS_A_STREET)
    height = (NORTH - SOUTH) / ROWS
    return (
        round(SOUTH + height * chance.uniform(*IN_GRID), 6),
        round(WEST + width * chance.uniform(*IN_GRID), 6),
    )


def beside(spot: Spot, chance: random.Random) -> Spot:
    """A spot a few metres from another."""
    return Spot(
        round(spot.latitude + chance.uniform(-BESIDE_DEGREES, BESIDE_DEGREES), 6),
        round(spot.longitude + chance.uniform(-BESIDE_DEGREES, BESIDE_DEGREES), 6),
        spot.grid_id, spot.street_id, spot.words,
    )  # fmt: skip


def spots_of(session: Session, points: Sequence[Degrees], chance: random.Random) -> list[Spot]:
    """Points with their grids, streets and words."""
    streets = select(Organisation.id, Organisation.name_zh).where(Organisation.kind == Kind.STREET)
    called = {row.id: row.name_zh for row in session.execute(streets)}
    places = locate_all(session, points)
    return [
        _spot(point, place, called, chance) for point, place in zip(points, places, strict=True)
    ]


def _spot(
    point: Degrees, place: Place | None, called: dict[int, str], chance: random.Random
) -> Spot:
    street_id = place.street_id if place else None
    words = called.get(street_id or 0, "") + chance.choice(names.PLACES)
    return Spot(*point, place.grid_id if place else None, street_id, words)


def _anywhere(chance: random.Random) -> Degrees:
    return round(chance.uniform(SOUTH, NORTH), 6), round(chance.uniform(WEST, EAST), 6)


def _around(middle: Degrees, chance: random.Random) -> Degrees:
    latitude = chance.gauss(middle[0], SPREAD_DEGREES)
    longitude = chance.gauss(middle[1], SPREAD_DEGREES)
    return (
        round(min(max(latitude, SOUTH), NORTH), 6),
        round(min(max(longitude, WEST), EAST), 6),
    )
