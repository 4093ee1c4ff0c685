"""Writing check-ins and taking them back, many at a time, with the sums that follow from them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.accounts.queries import hold
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.blueprints.visits import earning, sums
from app.blueprints.visits.drafts import CheckInDraft, Recorded, Taken
from app.blueprints.visits.grouping import GAP, leaders
from app.blueprints.visits.models import CheckIn
from app.blueprints.visits.sums import Sums
from app.lib.database import table_of

__all__ = ["CheckInDraft", "Recorded", "Taken", "record", "take_back"]

_TABLE = table_of(CheckIn)
_C = _TABLE.c
_OF_DRAFT = tuple(field.name for field in fields(CheckInDraft))
# Built once, because building takes longer than asking.
_KEYS = select(_C.key, _C.id).where(_C.key.in_(bindparam("keys", expanding=True)))
_INSERT = insert(_TABLE)
_INSERT_ONE = _INSERT.returning(_C.id)
_COUNTED = (
    _C.id, _C.key, _C.station_id, _C.rider_id, _C.company_id, _C.who, _C.people, _C.purpose, _C.at,
    _C.mark, _C.leads,
)  # fmt: skip
_NEAR = select(*_COUNTED).where(
    _C.rider_id.in_(bindparam("riders", expanding=True)),
    _C.at.between(bindparam("first"), bindparam("last")),
    _C.station_id.in_(bindparam("stations", expanding=True)),
    _C.mark.is_(None),
    _C.undone_at.is_(None),
)
_LEAD = (
    update(_TABLE)
    .where(_C.key.in_(bindparam("keys", expanding=True)))
    .values(leads=bindparam("now_leads"))
)
Near = Any
"""A row with what `_COUNTED` names."""


class _Visitor(NamedTuple):
    """Whose check-ins may be one visit: a rider, at a station."""

    rider_id: int
    station_id: int


@dataclass(frozen=True, slots=True)
class _New:
    """A draft as grouping sees it."""

    draft: CheckInDraft
    leads: bool = True

    @property
    def key(self) -> str:
        return self.draft.key

    @property
    def at(self) -> datetime:
        return self.draft.at


def record(session: Session, drafts: Sequence[CheckInDraft]) -> list[Recorded | Taken]:
    """Write check-ins, in their order, with the visits that they make and the sums; in as few
    statements for many as for one. A key that was used before is `Taken`: of it nothing is
    written."""
    if not drafts:
        return []
    hold(session, {one.rider_id for one in drafts if one.rider_id is not None})
    used = _ids(session, [draft.key for draft in drafts])
    fresh = [draft for draft in drafts if draft.key not in used]
    changed = Sums()
    now = max(draft.received_at for draft in drafts)
    leading = _group(session, fresh, changed, now)
    for draft in fresh:
        changed.add(draft, visits=int(leading[draft.key]))
    ids = _insert(session, [_row(draft, leads=leading[draft.key]) for draft in fresh])
    sums.write(session, changed)
    _tell_of_new(session, fresh, leading, ids, now)
    return [
        Recorded(ids[draft.key], str(ids[draft.key])) if draft.key in ids else Taken(draft.key)
        for draft in drafts
    ]


def _tell_of_new(
    session: Session, drafts: Sequence[CheckInDraft], leading: dict[str, bool],
    ids: dict[str, int], now: datetime,
) -> None:  # fmt: skip
    """What earns: the first check-in of each rider's visit."""
    visits = [one for one in drafts if leading[one.key] and one.rider_id is not None]
    earning.tell(session, {ids[one.key]: one for one in visits}, now=now)


def _ids(session: Session, keys: Sequence[str]) -> dict[str, int]:
    return dict(session.execute(_KEYS, {"keys": keys}).all())


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Write rows; their ids by key. Those of many are asked for: to have them returned in order,
    SQLite would have to write row by row."""
    if not rows:
        return {}
    if len(rows) == 1:
        return {rows[0]["key"]: session.execute(_INSERT_ONE, rows[0]).scalar_one()}
    session.execute(_INSERT, rows)
    return _ids(session, [row["key"] for row in rows])


def _row(draft: CheckInDraft, *, leads: bool) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _OF_DRAFT} | {"leads": leads}


def _group(
    session: Session, drafts: Sequence[CheckInDraft], changed: Sums, now: datetime
) -> dict[str, bool]:
    """Which drafts lead, by key. What was written before and leads no longer is told so."""
    leading = {draft.key: draft.mark is None for draft in drafts}
    new: dict[_Visitor, list[_New]] = defaultdict(list)
    for draft in drafts:
        if draft.rider_id is not None and draft.mark is None:
            new[_Visitor(draft.rider_id, draft.station_id)].append(_New(draft))
    there = _near(session, [one.draft for ones in new.values() for one in ones], new)
    moved: dict[str, bool] = {}
    for visitor, ones in new.items():
        answer = leaders(there[visitor], new=ones)
        leading |= {one.key: answer.pop(one.key) for one in ones}
        moved |= answer
    _tell(session, moved, there, changed, now)
    return leading


def _near(
    session: Session, changing: Sequence[Any], visitors: Collection[_Visitor]
) -> dict[_Visitor, list[Near]]:
    """What these riders have at these stations around the times of what changes."""
    found: dict[_Visitor, list[Near]] = defaultdict(list)
    if not changing:
        return found
    times = [one.at for one in changing]
    values = {
        "riders": list({visitor.rider_id for visitor in visitors}),
        "stations": list({visitor.station_id for visitor in visitors}),
        "first": min(times) - GAP,
        "last": max(times) + GAP,
    }
    for row in session.execute(_NEAR, values):
        found[_Visitor(row.rider_id, row.station_id)].append(row)
    return found


def _tell(
    session: Session,
    moved: dict[str, bool],
    there: dict[_Visitor, list[Near]],
    changed: Sums,
    now: datetime,
) -> None:
    """Write down who leads no longer, or only now."""
    if not moved:
        return
    rows = [row for rows in there.values() for row in rows if row.key in moved]
    for row in rows:
        changed.lead(row, leads=moved[row.key])
    earning.tell_moved(session, {row.id: row if moved[row.key] else None for row in rows}, now=now)
    for leads in (False, True):
        if keys := [key for key, now in moved.items() if now == leads]:
            session.execute(_LEAD, {"keys": keys, "now_leads": leads})


def take_back(session: Session, keys: Sequence[str], *, actor: User, now: datetime) -> set[str]:
    """Take back what was written down at a counter: the actor's own entries, and those at stations
    where the actor works. Answers the keys that are taken back, now or before; one that is missing
    is unknown, or not for the actor to take back."""
    entries = _entries(keys, actor)
    mine = session.execute(entries).all()
    hold(session, {row.rider_id for row in mine if row.rider_id is not None})
    held = session.execute(entries.with_for_update(of=_TABLE)).all()
    rows = [row for row in held if row.undone_at is None]
    if rows:
        _take(session, rows, actor, now)
    return {row.key for row in mine}


def _entries(keys: Sequence[str], actor: User) -> Select[Any]:
    """The check-ins of these keys that the actor may take back. A rider's own are not."""
    at_work = run_by(actor).with_only_columns(Station.organisation_id)
    return (
        select(*_COUNTED, _C.undone_at)
        .where(
            _C.key.in_(keys),
            _C.recorder_id.is_not(None),
            (_C.recorder_id == actor.id) | _C.station_id.in_(at_work),
        )
        .order_by(_C.id)  # in one order, so that two never wait for each other
    )


def _take(session: Session, rows: Sequence[Near], actor: User, now: datetime) -> None:
    changed = Sums()
    gone: dict[_Visitor, list[Near]] = defaultdict(list)
    for row in rows:
        changed.add(row, visits=-int(row.leads), sign=-1)
        if row.rider_id is not None and row.mark is None:
            gone[_Visitor(row.rider_id, row.station_id)].append(row)
    _close_gaps(session, gone, changed, now)
    earning.tell_moved(session, {row.id: None for row in rows if row.leads}, now=now)
    keys = [row.key for row in rows]
    session.execute(
        update(_TABLE)
        .where(_C.key.in_(keys))
        .values(undone_at=now, undone_by_id=actor.id, leads=False)
    )
    sums.write(session, changed)


def _close_gaps(
    session: Session, gone: dict[_Visitor, list[Near]], changed: Sums, now: datetime
) -> None:
    """Whoever came after what is taken back may lead only now."""
    there = _near(session, [row for rows in gone.values() for row in rows], gone)
    moved: dict[str, bool] = {}
    for visitor, rows in gone.items():
        moved |= leaders(there[visitor], gone=frozenset(row.key for row in rows))
    _tell(session, moved, there, changed, now)
