"""A rider's points: what is there, what runs out, and every entry that led to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from app.blueprints.points.models import Account, Entry, Lot, Transfer
from app.blueprints.points.sources import Shown, shown
from app.lib.database import MAX_ROW_ID

PAGE = 30
WARNED_BEFORE = timedelta(days=60)
MOST_EXPORTED = 20_000


@dataclass(frozen=True)
class Standing:
    """What a rider has: free to spend, held for redemptions, owed; and how much of it runs out at
    the next date within 60 days (0 and None for nothing)."""

    free: int = 0
    held: int = 0
    debt: int = 0
    running_out: int = 0
    runs_out_at: datetime | None = None


@dataclass(frozen=True)
class Line:
    """An entry of the statement, and what it was for."""

    entry: Entry
    source: Shown | None


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and before which id the next page begins if there is one."""

    lines: Sequence[Line]
    before: int | None


def standing(session: Session, user_id: int, *, now: datetime) -> Standing:
    """How it stands with a rider's points."""
    account = session.scalars(select(Account).where(Account.user_id == user_id)).first()
    if account is None:
        return Standing()
    row = session.execute(
        select(Lot.expires_at, func.sum(Lot.remaining))
        .where(
            Lot.account_id == account.id, Lot.remaining > 0,
            Lot.expires_at <= now + WARNED_BEFORE,
        )
        .group_by(Lot.expires_at)
        .order_by(Lot.expires_at)
        .limit(1)
    ).first()  # fmt: skip
    running_out, runs_out_at = (row[1], row[0]) if row else (0, None)
    free = account.balance - account.held
    return Standing(free, account.held, account.debt, running_out, runs_out_at)


def page(session: Session, user_id: int, *, before: int | None = None) -> Page:
    """A page of a rider's entries."""
    found = _of(user_id)
    if before is not None:
        found = found.where(Entry.id < min(max(before, 0), MAX_ROW_ID))
    rows = session.scalars(found.limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    return Page(with_sources(session, rows[:PAGE]), rows[PAGE - 1].id if more else None)


def all_lines(session: Session, user_id: int) -> Iterator[Line]:
    """Every entry, newest first, as far as an export goes."""
    yield from with_sources(session, session.scalars(_of(user_id).limit(MOST_EXPORTED)).all())


def _of(user_id: int) -> Select[Entry]:
    account = select(Account.id).where(Account.user_id == user_id).scalar_subquery()
    return (
        select(Entry)
        .join(Entry.transfer)
        .options(contains_eager(Entry.transfer))
        .where(Entry.account_id == account)
        .order_by(Entry.id.desc())
    )


def with_sources(session: Session, entries: Sequence[Entry]) -> list[Line]:
    """Entries and what they were for: one question a kind of source."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        if (number := _number(entry.transfer)) is not None:
            wanted.setdefault(entry.transfer.source_kind, set()).add(number)
    known = {kind: shown(session, kind, ids) for kind, ids in wanted.items()}
    return [
        Line(entry, known.get(entry.transfer.source_kind, {}).get(_number(entry.transfer) or 0))
        for entry in entries
    ]


def _number(transfer: Transfer) -> int | None:
    return int(transfer.source_id) if transfer.source_id.isdecimal() else None
