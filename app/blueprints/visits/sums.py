"""What is counted of check-ins by station and day, kept beside them: by differences."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import JSON, Table, Text, bindparam, cast, func, literal_column, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.blueprints.visits.models import (
    PURPOSE_NUMBERS,
    Dimension,
    Purpose,
    VisitSum,
    VisitTotal,
    Who,
)
from app.lib.clock import to_local
from app.lib.database import table_of

Place = tuple[int, str, date, int]
"""A sum's station, dimension, day and value."""
Counts = tuple[int, int, int]
"""Check-ins, people, visits."""
NAMES = ("check_ins", "people", "visits")
NOTHING: Counts = (0, 0, 0)
KEY = ("station_id", "dimension", "day", "value")
WHO_NUMBERS = {Who.RIDER: 0, Who.WORKER: 1}
NO_COMPANY = 0


class Counted(Protocol):
    """What sums need to know of a check-in that was not taken back."""

    @property
    def station_id(self) -> int: ...
    @property
    def company_id(self) -> int | None: ...
    @property
    def who(self) -> str: ...
    @property
    def people(self) -> int: ...
    @property
    def purpose(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Sums:
    """Differences, gathered to be written at once."""

    def __init__(self) -> None:
        self.places: dict[Place, Counts] = defaultdict(lambda: NOTHING)

    def add(self, one: Counted, *, visits: int, sign: int = 1) -> None:
        """A check-in came (1) or went (-1), and so many visits with it."""
        self._add(one, (sign, sign * one.people, visits))

    def lead(self, one: Counted, *, leads: bool) -> None:
        """A check-in that is counted already leads from now on, or no longer."""
        self._add(one, (0, 0, 1 if leads else -1))

    def _add(self, one: Counted, more: Counts) -> None:
        for place in places_of(one):
            self.places[place] = plus(self.places[place], more)


def plus(one: Counts, other: Counts) -> Counts:
    """Both together."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def places_of(one: Counted) -> tuple[Place, ...]:
    """Where a check-in is counted: once in each dimension."""
    local = to_local(one.at)
    station, day = one.station_id, local.date()
    return (
        (station, Dimension.WHO, day, WHO_NUMBERS[Who(one.who)]),
        (station, Dimension.HOUR, day, local.hour),
        (station, Dimension.PURPOSE, day, PURPOSE_NUMBERS[Purpose(one.purpose)]),
        (station, Dimension.COMPANY, day, one.company_id or NO_COMPANY),
    )


def by_month(places: Mapping[Place, Counts]) -> dict[Place, Counts]:
    """The same for whole months, named by their first day."""
    months: dict[Place, Counts] = defaultdict(lambda: NOTHING)
    for (station, dimension, day, value), counts in places.items():
        place = (station, dimension, day.replace(day=1), value)
        months[place] = plus(months[place], counts)
    return months


def write(session: Session, sums: Sums) -> None:
    """Add the differences to what is kept, in one statement a table."""
    dialect = session.get_bind().dialect.name
    for model, places in ((VisitSum, sums.places), (VisitTotal, by_month(sums.places))):
        rows = [[*place, *counts] for place, counts in in_order(places)]
        if rows:
            values = {"rows": json.dumps(rows, default=str)}
            session.execute(_upsert(dialect, table_of(model)), values)


@cache
def _upsert(dialect: str, table: Table) -> Any:
    """The rows come as one value, a JSON array of arrays: to send hundreds of them one by one
    takes longer than to write them. Built once, because building takes longer than asking."""
    sent = bindparam("rows", type_=Text)
    of_postgresql = dialect == "postgresql"
    each = func.json_array_elements(cast(sent, JSON)) if of_postgresql else func.json_each(sent)
    value = each.table_valued("value", name="sent").c.value
    columns = [table.c[name] for name in (*KEY, *NAMES)]
    cells: list[Any] = [value.op("->>")(literal_column(str(n))) for n in range(len(columns))]
    if of_postgresql:
        cells = [cast(cell, one.type) for cell, one in zip(cells, columns, strict=True)]
    # SQLite takes ON CONFLICT for a join's ON where no WHERE stands before it.
    statement = (postgresql if of_postgresql else sqlite).insert(table)
    statement = statement.from_select(columns, select(*cells).where(true()))
    more = {name: table.c[name] + statement.excluded[name] for name in NAMES}
    return statement.on_conflict_do_update(index_elements=KEY, set_=more)


def in_order(places: Mapping[Place, Counts]) -> list[tuple[Place, Counts]]:
    """What has not come to nothing, in one order, so that two writers never wait for each other."""
    return sorted(one for one in places.items() if one[1] != NOTHING)


def kept(rows: Iterable[Any]) -> dict[Place, Counts]:
    """Sums as they were read, without those that have come to nothing."""
    found = {
        (row.station_id, str(row.dimension), row.day, row.value): (
            row.check_ins, row.people, row.visits,
        )
        for row in rows
    }  # fmt: skip
    return {place: counts for place, counts in found.items() if counts != NOTHING}
