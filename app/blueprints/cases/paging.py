"""Pages of cases by keyset: a page begins after a row, wherever that row stands by now.

A sort's rows come in runs, one after the other: by deadline first those that have one, then those
without a clock. Within a run the order is that of a column and the id, so an index serves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.blueprints.cases.leading import unindexed
from app.blueprints.reports.models import Report
from app.lib.clock import from_ms
from app.lib.database import MAX_ROW_ID, UtcDateTime

PAGE = 30
BY_INDEX = frozenset({"order", "clockless"})
"""Whatever the order is, its index leads."""
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = from_ms(0)


@dataclass(frozen=True)
class Run:
    """Rows in one order. `column` None: by the id alone."""

    column: InstrumentedAttribute[Any] | None
    descending: bool
    only: ColumnElement[bool] | None = None

    @property
    def lead(self) -> str:
        """The name of its order among what may lead by an index."""
        return "clockless" if self.column is None else "order"

    @property
    def columns(self) -> tuple[InstrumentedAttribute[Any], ...]:
        """What the run is ordered by."""
        return (Report.id,) if self.column is None else (self.column, Report.id)


RUNS: dict[str, tuple[Run, ...]] = {
    "newest": (Run(Report.received_at, descending=True),),
    "moved": (Run(Report.moved_at, descending=True),),
    "due": (
        Run(Report.due_at, descending=False, only=Report.due_at.is_not(None)),
        Run(None, descending=True, only=Report.due_at.is_(None)),
    ),
}


@dataclass(frozen=True)
class Key:
    """Where a row stands in a sort: in which run, at what moment, with which id."""

    run: int
    at: datetime | None
    id: int

    def token(self) -> str:
        """The key as text for an address."""
        since = "" if self.at is None else str((self.at - _EPOCH) // _MICROSECOND)
        return f"{self.run}.{since}.{self.id}"


@dataclass(frozen=True)
class CasePage:
    """Some cases, and the tokens of the pages before and after if there are such."""

    cases: Sequence[Report]
    before: str | None
    after: str | None


def key_of(case: Report, sort: str) -> Key:
    """Where a case stands in a sort."""
    if sort == "due":
        return Key(0 if case.due_at else 1, case.due_at, case.id)
    return Key(0, case.moved_at if sort == "moved" else case.received_at, case.id)


def read_token(token: str | None, sort: str) -> Key | None:
    """The key that a token says; None for what is none."""
    parts = (token or "").split(".")
    if len(parts) != 3 or len(parts[1]) > 17 or len(parts[2]) > 10:
        return None
    if not all(part.isascii() and part.isdecimal() for part in (parts[0], parts[2])):
        return None
    runs = RUNS[sort]
    number = int(parts[0]) if len(parts[0]) == 1 else len(runs)
    if number >= len(runs) or (runs[number].column is None) != (parts[1] == ""):
        return None
    if parts[1] and not (parts[1].isascii() and parts[1].isdecimal()):
        return None
    at = _EPOCH + int(parts[1]) * _MICROSECOND if parts[1] else None
    return Key(number, at, min(int(parts[2]), MAX_ROW_ID))


def page(
    session: Session, found: Select[Any], sort: str, *, after: str | None = None,
    before: str | None = None, limit: int = PAGE, leads: frozenset[str] = BY_INDEX,
) -> CasePage:  # fmt: skip
    """A page of the cases that a statement finds: behind `after`, or the one that ends in front
    of `before`, or the first. `leads`: whose index leads, of `leading.leading`; where the order's
    is not among them, what another finds is sorted."""
    start = read_token(before, sort)
    if start is not None:
        rows = _rows(session, found, sort, start, limit + 1, leads, backwards=True)
        more = len(rows) > limit
        cases = rows[:limit][::-1]
        return _page(cases, sort, has_before=more, has_after=bool(cases))
    start = read_token(after, sort)
    cases = _rows(session, found, sort, start, limit + 1, leads, backwards=False)
    return _page(
        cases[:limit], sort, has_before=start is not None, has_after=len(cases) > limit
    )  # fmt: skip


def _page(cases: Sequence[Report], sort: str, *, has_before: bool, has_after: bool) -> CasePage:
    first = key_of(cases[0], sort).token() if cases and has_before else None
    last = key_of(cases[-1], sort).token() if cases and has_after else None
    return CasePage(cases, first, last)


def next_after(
    session: Session,
    found: Select[Any],
    sort: str,
    key: Key,
    *,
    leads: frozenset[str] = BY_INDEX,
) -> int | None:
    """The id of the case that stands below a place of a sort."""
    ids = found.with_only_columns(Report.id)
    rows = _rows(session, ids, sort, key, 1, leads, backwards=False)
    return rows[0] if rows else None


def _rows(
    session: Session, found: Select[Any], sort: str, start: Key | None, limit: int,
    leads: frozenset[str], *, backwards: bool,
) -> list[Any]:  # fmt: skip
    """Up to `limit` rows beyond a key, from run to run; backwards the nearest first."""
    runs = list(enumerate(RUNS[sort]))
    rows: list[Any] = []
    for number, run in reversed(runs) if backwards else runs:
        passed = start is not None and (number > start.run if backwards else number < start.run)
        if passed or len(rows) == limit:
            continue
        beyond = start if start is not None and start.run == number else None
        narrowed = _in_run(found, run, beyond, run.lead in leads, backwards=backwards)
        rows += session.scalars(narrowed.limit(limit - len(rows))).all()
    return rows


def _in_run(
    found: Select[Any], run: Run, beyond: Key | None, by_index: bool, *, backwards: bool
) -> Select[Any]:
    descending = run.descending != backwards
    if run.only is not None:
        found = found.where(run.only)
    if beyond is not None:
        there = _beyond(run, beyond, descending=descending)
        found = found.where(there if by_index else unindexed(there))
    first, *rest = run.columns
    columns = [first if by_index else unindexed(first), *rest]
    return found.order_by(*(one.desc() if descending else one.asc() for one in columns))


def _beyond(run: Run, key: Key, *, descending: bool) -> ColumnElement[bool]:
    """The rows that come after a key in this direction, said so that an index finds them."""
    if run.column is None:
        return Report.id < key.id if descending else Report.id > key.id
    here = tuple_(*run.columns)
    there = tuple_(literal(key.at, UtcDateTime), literal(key.id))
    return here < there if descending else here > there
