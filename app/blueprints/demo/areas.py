"""Areas for the demo district's grids: made up, without a gap between them.

Corners stand on a grid of lines, each moved a little; neighbours share their corners. A street is
a strip from north to south, a community a block in it.
"""

import random
from datetime import datetime

import shapely
from sqlalchemy.orm import Session

from app.blueprints.demo.district import COMMUNITIES_A_STREET, GRIDS_A_COMMUNITY, District
from app.blueprints.organisations.area_files import Drawn, load
from app.blueprints.organisations.models import Kind

SOUTH, WEST, NORTH, EAST = 31.26, 120.66, 31.38, 120.85
COLUMNS_A_STREET, ROWS = 4, COMMUNITIES_A_STREET * GRIDS_A_COMMUNITY // 4
COLUMNS_A_COMMUNITY, ROWS_A_COMMUNITY = 2, GRIDS_A_COMMUNITY // 2
WANDERS = 0.3
"""How far a corner is moved, in widths of a grid: below a half, so that no sides cross."""
SEED = 7
Corner = tuple[float, float]


def build_areas(session: Session, district: District, now: datetime) -> int:
    """Draw an area for every grid; answers how many."""
    grids = district.of(Kind.GRID)
    corners = _corners(len(district.of(Kind.STREET)) * COLUMNS_A_STREET)
    load(
        session,
        [
            Drawn(grid, str(district.rows[grid - 1]["name_zh"]), _polygon(corners, *_cell(number)))
            for number, grid in enumerate(grids)
        ],
        only=True,
        now=now,
    )
    return len(grids)


def _cell(number: int) -> tuple[int, int]:
    """The column and row of the grid of that number; grids are numbered street by street."""
    community, grid = divmod(number, GRIDS_A_COMMUNITY)
    street, community = divmod(community, COMMUNITIES_A_STREET)
    block_row, block_column = divmod(community, COLUMNS_A_STREET // COLUMNS_A_COMMUNITY)
    row, column = divmod(grid, COLUMNS_A_COMMUNITY)
    return (
        street * COLUMNS_A_STREET + block_column * COLUMNS_A_COMMUNITY + column,
        block_row * ROWS_A_COMMUNITY + row,
    )


def _corners(columns: int) -> list[list[Corner]]:
    """Corners by column and row, as longitude and latitude; those on the rim stay on it."""
    chance = random.Random(SEED)
    width, height = (EAST - WEST) / columns, (NORTH - SOUTH) / ROWS

    def moved(index: int, last: int) -> float:
        return index + (chance.uniform(-WANDERS, WANDERS) if 0 < index < last else 0)

    return [
        [
            (
                round(WEST + width * moved(column, columns), 6),
                round(SOUTH + height * moved(row, ROWS), 6),
            )
            for row in range(ROWS + 1)
        ]
        for column in range(columns + 1)
    ]


def _polygon(corners: list[list[Corner]], column: int, row: int) -> shapely.Polygon:
    return shapely.Polygon(
        [
            corners[column][row], corners[column + 1][row],
            corners[column + 1][row + 1], corners[column][row + 1],
        ]
    )  # fmt: skip
