"""A district with years of cases behind it, written past the ORM: a million take minutes."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.demo.district import District, build_district
from app.blueprints.organisations.models import Kind
from app.blueprints.reports.models import Category, State

RIDERS = 100_000
YEARS = 3
OPEN_SHARE = 0.03
"""Of all cases, in a district that keeps up; the others have ended."""
OPEN_STATES = (
    (State.RECEIVED, 4), (State.ACCEPTED, 2), (State.DISPATCHED, 8), (State.HANDLING, 10),
    (State.RETURNED, 1), (State.EXTENSION_ASKED, 1), (State.WAITING, 1), (State.HANDLED, 3),
    (State.VERIFIED, 1), (State.REWORK, 1), (State.REOPENED, 1), (State.APPEALED, 1),
)  # fmt: skip
ENDED_STATES = ((State.CLOSED, 90), (State.REJECTED, 6), (State.MERGED, 3), (State.WITHDRAWN, 1))
AT_DEPARTMENT = (State.DISPATCHED, State.HANDLING, State.EXTENSION_ASKED, State.REWORK)
SOUTH, WEST, NORTH, EAST = 31.26, 120.66, 31.38, 120.85
CHUNK = 20_000
Row = tuple[Any, ...]

REPORT = (
    "id", "reporter_id", "category_code", "description", "place", "latitude", "longitude",
    "accuracy_m", "captured_at", "received_at", "state", "version", "moved_at", "grid_id",
    "street_id", "department_id", "filed_at", "dispatched_at", "handled_at", "closed_at", "due_at",
    "warn_at", "limit_s", "supervised_at", "late", "returns", "reworks", "reopenings", "flagged",
    "satisfied", "points_earned",
)  # fmt: skip
EVENT = ("report_id", "actor_id", "step", "from_state", "to_state", "note", "internal", "at")


@dataclass(frozen=True)
class Filled:
    """What a bench needs to know of the district."""

    district: District
    categories: Sequence[str]
    departments: Sequence[int]
    grids: Sequence[int]
    streets: Sequence[int]
    photo: str


def fill(session: Session, cases: int, now: datetime) -> Filled:
    """Write riders, organisations, `cases` cases and three events of each; commits."""
    chance = random.Random(7)
    district = build_district(session, chance)
    categories = list(session.execute(select(Category.code, Category.department)))
    _write(session, "users", ("id", "phone", "name", "created_at"), _riders(now))
    photo = "ab" * 32
    _write(session, "photos", (
        "sha256", "mime", "size_bytes", "width", "height", "created_at", "work_state", "attempts",
    ), [(photo, "image/jpeg", 1, 64, 48, now, "done", 1)])  # fmt: skip
    filled = Filled(
        district, [code for code, _department in categories], district.of(Kind.DEPARTMENT),
        district.of(Kind.GRID), district.of(Kind.STREET), photo,
    )  # fmt: skip
    made = _Cases(filled, chance, now, cases)
    _write(session, "reports", REPORT, made.reports())
    _write(session, "report_events", EVENT, made.events())
    _write(session, "report_photos", ("report_id", "position", "sha256"), (
        (number, 1, photo) for number in range(1, cases + 1)
    ))  # fmt: skip
    session.commit()
    _tidy(session)
    return filled


def _riders(now: datetime) -> Iterator[Row]:
    since = now - timedelta(days=365 * YEARS)
    for number in range(1, RIDERS + 1):
        yield number, f"+86138{number:08}", "基准骑手", since


class _Cases:
    """Cases in the order of their receipt, and their events."""

    def __init__(self, filled: Filled, chance: random.Random, now: datetime, count: int) -> None:
        self.filled, self.chance, self.now, self.count = filled, chance, now, count
        self.begun = now - timedelta(days=365 * YEARS)
        self.ends: list[tuple[datetime, State]] = []
        paths = filled.district.paths
        self.street = {grid: int(paths[grid].split("/")[-4]) for grid in filled.grids}
        self.department = {
            code: filled.departments[index * 7 % len(filled.departments)]
            for index, code in enumerate(filled.categories)
        }

    def reports(self) -> Iterator[Row]:
        span = (self.now - self.begun) / self.count
        first_open = self.count * (1 - OPEN_SHARE)
        for number in range(1, self.count + 1):
            received = self.begun + span * number
            # What is open is mostly young, but a few have lain for years.
            is_open = number > first_open or self.chance.random() < 0.001
            yield self._report(number, received, is_open)

    def _report(self, number: int, received: datetime, is_open: bool) -> Row:
        chance = self.chance
        states, weights = zip(*(OPEN_STATES if is_open else ENDED_STATES), strict=True)
        state = chance.choices(states, weights)[0]
        self.ends.append((received, state))
        code, grid = chance.choice(self.filled.categories), chance.choice(self.filled.grids)
        runs = state in AT_DEPARTMENT
        sent = state not in (State.RECEIVED, State.APPEALED, State.ACCEPTED, State.REJECTED)
        closed = state == State.CLOSED
        due = received + timedelta(hours=chance.randint(4, 400)) if runs else None
        hour = timedelta(hours=1)
        return (
            number, chance.randint(1, RIDERS), code, "", "东门公交站旁",
            chance.uniform(SOUTH, NORTH), chance.uniform(WEST, EAST), 12.0, received, received,
            state, 3, received + hour * 30, grid, self.street[grid],
            self.department[code] if sent else None, received + hour if sent else None,
            received + hour * 2 if sent else None, received + hour * 20 if closed else None,
            received + hour * chance.randint(3, 200) if closed else None, due, due, 14_400,
            self.now if chance.random() < 0.0005 else None,
            chance.random() < 0.1 if closed else None, int(chance.random() < 0.04),
            int(chance.random() < 0.05), int(chance.random() < 0.02),
            is_open and chance.random() < 0.02, chance.random() < 0.9 if closed else None,
            3 if closed else 0,
        )  # fmt: skip

    def events(self) -> Iterator[Row]:
        """Received, filed, and whatever came last: three of each."""
        for number, (received, state) in enumerate(self.ends, start=1):
            filed, last = received + timedelta(hours=1), received + timedelta(hours=30)
            yield number, 1, "receive", None, "received", None, False, received
            yield number, 2, "accept", "received", "accepted", None, False, filed
            yield number, 2, "note", state, state, "基准", True, last


def _write(session: Session, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    raw: Any = session.connection().connection.driver_connection
    names = ", ".join(columns)
    if session.get_bind().dialect.name == "postgresql":
        with raw.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    for chunk in _chunks(rows):
        raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", chunk)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows as SQLite keeps them: moments as text in UTC, enums as their values."""
    chunk: list[Row] = []
    for row in rows:
        chunk.append(tuple(_plain(value) for value in row))
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return str(value) if isinstance(value, State) else value


def _tidy(session: Session) -> None:
    """What a database in service has done long ago: statistics, and on PostgreSQL sequences moved
    past what was copied in, and visibility known."""
    raw: Any = session.get_bind().raw_connection()  # type: ignore[union-attr]
    if session.get_bind().dialect.name == "postgresql":
        raw.driver_connection.autocommit = True
        for table in ("users", "reports", "report_events"):
            raw.driver_connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
        raw.driver_connection.execute("VACUUM ANALYZE")
        raw.driver_connection.autocommit = False
    else:
        raw.driver_connection.execute("ANALYZE")
    raw.close()
