"""A compound's log of passes: filtered, newest first, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, literal, select, tuple_
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Pass
from app.blueprints.organisations.models import Organisation
from app.lib import clock
from app.lib.database import MAX_ROW_ID, UtcDateTime

PAGE = 50
READ_AT_ONCE = 2000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class LogFilter:
    """What to show: from a moment on, up to another (without it); nothing said is no bound."""

    since: datetime | None = None
    until: datetime | None = None
    gate_id: int | None = None
    direction: str = ""
    outcome: str = ""
    method: str = ""
    text: str = ""
    """A part of the label."""


@dataclass(frozen=True)
class Cursor:
    """A pass in the order of the log: the page goes on with what is older."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """A cursor from its text, or None for what is none."""
        moment, _dash, number = text.partition("-")
        if not (moment.isdecimal() and number.isdecimal() and len(text) <= 40):
            return None
        try:
            seconds, rest = divmod(int(moment), 1_000_000)
            at = clock.from_ms(seconds * 1000).replace(microsecond=rest)
        except ValueError:
            return None
        return cls(at, min(int(number), MAX_ROW_ID))


@dataclass(frozen=True)
class LogPage:
    """Some passes with their gates, and where the next page begins if there is one."""

    rows: Sequence[tuple[Pass, Organisation]]
    before: Cursor | None


def log_page(
    session: Session,
    compound_id: int,
    wanted: LogFilter,
    *,
    before: Cursor | None = None,
    limit: int = PAGE,
) -> LogPage:
    """Passes of a compound that fit the filter, newest first. Whether the caller may see the
    compound is asked before."""
    found = _filtered(compound_id, wanted)
    if before is not None:
        edge = tuple_(literal(before.at, UtcDateTime()), literal(before.id))
        found = found.where(tuple_(Pass.at, Pass.id) < edge)
    rows = session.execute(found.order_by(Pass.at.desc(), Pass.id.desc()).limit(limit + 1)).all()
    shown = [(row[0], row[1]) for row in rows[:limit]]
    last = shown[-1][0] if len(rows) > limit else None
    return LogPage(shown, Cursor(last.at, last.id) if last else None)


def _filtered(compound_id: int, wanted: LogFilter) -> Select[Pass, Organisation]:
    found = (
        select(Pass, Organisation)
        .join(Organisation, Organisation.id == Pass.gate_id)
        .where(Pass.compound_id == compound_id)
    )
    if wanted.since:
        found = found.where(Pass.at >= wanted.since)
    if wanted.until:
        found = found.where(Pass.at < wanted.until)
    same = {
        Pass.gate_id: wanted.gate_id, Pass.direction: wanted.direction,
        Pass.outcome: wanted.outcome, Pass.method: wanted.method,
    }  # fmt: skip
    found = found.where(*(column == value for column, value in same.items() if value))
    if wanted.text:
        found = found.where(Pass.label.icontains(wanted.text, autoescape=True))
    return found


def all_rows(
    session: Session, compound_id: int, wanted: LogFilter, *, limit: int
) -> Iterator[tuple[Pass, Organisation]]:
    """What the filter shows, read a part at a time, at most `limit` rows."""
    before: Cursor | None = None
    while limit > 0:
        page = log_page(session, compound_id, wanted, before=before, limit=min(limit, READ_AT_ONCE))
        yield from page.rows
        for passed, _gate in page.rows:
            session.expunge(passed)  # or the session would keep all of them
        limit -= len(page.rows)
        before = page.before
        if before is None:
            return
