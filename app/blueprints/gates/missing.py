"""Gaps in the numbers of a gate phone: something that it wrote down has not arrived.

A phone numbers what it records from 1 on. Numbers that have not come an hour after the one behind
them did are a conflict for the property manager, once, whoever resolves it; it resolves itself
when all of them come later.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Engine, Subquery, and_, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Gate, Pass, PassConflict, Scanner, Undo
from app.lib.database import MAX_ROW_ID

MISSING = "missing"
AFTER = timedelta(hours=1)
MOST_CONFLICTS = 100
Range = tuple[int, int]
"""Numbers from the first to the last."""
Progress = dict[int, int]
"""By scanner, up to which number everything has come or is noted. It only spares work: a process
that has none looks at all."""

_progress: "WeakKeyDictionary[Engine, Progress]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Phone:
    """A gate phone, up to which number its chain was seen to (None: its beginning may have been
    deleted for its age), and the last number that came."""

    scanner_id: int
    compound_id: int
    seen_to: int | None
    last_seq: int


@dataclass(frozen=True)
class Gap:
    """Numbers that have not come, and when the one behind them did."""

    phone: Phone
    first: int
    last: int
    since: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether it has been open for an hour."""
        return self.since <= now - AFTER


def progress_of(session: Session) -> Progress:
    """The progress of this process with this database."""
    return _progress.setdefault(session.get_bind().engine, {})


def phones_to_look_at(
    session: Session, progress: Mapping[int, int], *, kept_since: datetime
) -> Sequence[Phone]:
    """Phones of which something came that was not looked at yet."""
    rows = session.execute(
        select(Scanner.id, Scanner.last_seq, Scanner.created_at, Gate.compound_id)
        .join_from(Scanner, Gate, Gate.organisation_id == Scanner.gate_id)
        .where(Scanner.last_seq > 0)
        .order_by(Scanner.id)
    )
    phones = (
        Phone(
            scanner_id,
            compound_id,
            progress.get(scanner_id, None if created_at < kept_since else 0),
            last_seq,
        )
        for scanner_id, last_seq, created_at, compound_id in rows
    )
    return [phone for phone in phones if (phone.seen_to or 0) < phone.last_seq]


def gaps_of(session: Session, phones: Sequence[Phone]) -> list[Gap]:
    """The gaps in what these phones sent, above what is seen to; by phone, in order."""
    if not phones:
        return []
    links = _links([(phone.scanner_id, (phone.seen_to or 0) + 1, MAX_ROW_ID) for phone in phones])
    before = func.lag(links.c.seq).over(partition_by=links.c.scanner_id, order_by=links.c.seq)
    steps = select(links, before.label("before")).subquery()
    rows = session.execute(
        select(steps)
        .where(or_(steps.c.before.is_(None), steps.c.seq > steps.c.before + 1))
        .order_by(steps.c.scanner_id, steps.c.seq)
    )
    by_id = {phone.scanner_id: phone for phone in phones}
    return [gap for row in rows if (gap := _gap(by_id[row.scanner_id], row))]


def _gap(phone: Phone, row: Any) -> Gap | None:
    """The gap before a number, if there is one."""
    before = phone.seen_to if row.before is None else row.before
    if before is None or row.seq <= before + 1:
        return None
    return Gap(phone, before + 1, row.seq - 1, row.received_at)


def _links(wanted: Iterable[tuple[int, int, int]]) -> Subquery:
    """Everything that phones numbered, passes and undos of passes, within these ranges of each."""
    ranges = list(wanted)

    def within(table: type[Pass] | type[Undo]) -> ColumnElement[bool]:
        return or_(
            *(
                and_(table.scanner_id == scanner_id, table.seq.between(first, last))
                for scanner_id, first, last in ranges
            )
        )

    return union_all(
        *(
            select(table.scanner_id, table.seq, table.received_at).where(within(table))
            for table in (Pass, Undo)
        )
    ).subquery()


def note_gaps(session: Session, gaps: Iterable[Gap], *, now: datetime) -> None:
    """Make a conflict of what has been missing for an hour and is not noted yet."""
    due = [gap for gap in gaps if gap.is_due(now)]
    noted = _noted(session, {gap.phone.scanner_id for gap in due})
    for gap in due:
        for part in _without((gap.first, gap.last), noted.get(gap.phone.scanner_id, [])):
            session.add(conflict(gap.phone.scanner_id, gap.phone.compound_id, part, now))
    session.flush()


def conflict(scanner_id: int, compound_id: int, missing: Range, now: datetime) -> PassConflict:
    """The conflict that says which numbers of a phone are missing."""
    return PassConflict(
        compound_id=compound_id,
        scanner_id=scanner_id,
        kind=MISSING,
        detail=json.dumps({"first": missing[0], "last": missing[1]}),
        created_at=now,
    )


def _noted(session: Session, scanners: set[int]) -> Mapping[int, list[Range]]:
    """What was noted before, by scanner."""
    found: dict[int, list[Range]] = {}
    rows = session.execute(
        select(PassConflict.scanner_id, PassConflict.detail).where(
            PassConflict.scanner_id.in_(scanners), PassConflict.kind == MISSING
        )
    )
    for scanner_id, detail in rows:
        found.setdefault(scanner_id or 0, []).append(_range_of(detail))
    return found


def ranges(numbers: Iterable[int]) -> list[Range]:
    """Numbers as ranges of neighbours, in order."""
    found: list[Range] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _without(whole: Range, parts: Iterable[Range]) -> Iterator[Range]:
    """What is left of a range when others are taken out of it."""
    first, last = whole
    for other_first, other_last in sorted(parts):
        if other_last < first or other_first > last:
            continue
        if first < other_first:
            yield first, other_first - 1
        first = other_last + 1
    if first <= last:
        yield first, last


def _range_of(detail: str) -> Range:
    read = json.loads(detail)
    return read["first"], read["last"]


def keep_progress(
    progress: Progress, phones: Iterable[Phone], gaps: Sequence[Gap], *, now: datetime
) -> None:
    """Remember what need not be looked at again: all before the first gap that may yet fill."""
    progress.update((phone.scanner_id, phone.last_seq) for phone in phones)
    for gap in reversed(gaps):
        if not gap.is_due(now):
            progress[gap.phone.scanner_id] = gap.first - 1


def arrived(session: Session) -> list[int]:
    """The open conflicts whose numbers have all come since; of the newest 100 that are open."""
    rows = session.execute(
        select(PassConflict.id, PassConflict.scanner_id, PassConflict.detail)
        .where(PassConflict.kind == MISSING, PassConflict.resolved_at.is_(None))
        .order_by(PassConflict.id.desc())
        .limit(MOST_CONFLICTS)
    ).all()
    if not rows:
        return []
    links = _links([(row.scanner_id, *_range_of(row.detail)) for row in rows])
    there = {(row.scanner_id, row.seq) for row in session.execute(select(links))}
    return [row.id for row in rows if _has_come(row, there)]


def _has_come(row: Any, there: set[tuple[int, int]]) -> bool:
    first, last = _range_of(row.detail)
    if last - first >= len(there):  # before counting up to it: a phone may name any number
        return False
    return all((row.scanner_id, seq) in there for seq in range(first, last + 1))


def resolve(session: Session, conflict_ids: Sequence[int], *, now: datetime) -> None:
    """What was missing has come: the conflicts are resolved by nobody."""
    session.execute(
        update(PassConflict)
        .where(PassConflict.id.in_(conflict_ids), PassConflict.resolved_at.is_(None))
        .values(resolved_at=now, note=_("It arrived later."))
        .execution_options(synchronize_session=False)
    )
