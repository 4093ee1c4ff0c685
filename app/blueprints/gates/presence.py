"""Who is inside a compound: it follows from the passes, in the order of their times.

Passes come late and in any order. So from the first moment that something changed, a rider's stays
are worked out anew from the passes since; what was before stays. However the passes come, the same
stays result. A stay ends with an exit, or at the first closing time after its entry.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.blueprints.gates.closing import CLOSING, last_closing, next_closing
from app.blueprints.gates.drafts import moves
from app.blueprints.gates.models import Chain, Compound, Directions, Outcome, Pass, Presence
from app.lib.database import table_of

EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Change:
    """From when on a rider's passes at a compound are others than before."""

    compound_id: int
    rider_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody came in or went out."""

    at: datetime
    pass_id: int
    enters: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """A time inside; `id` is that of its row, once there is one."""

    pass_id: int | None
    entered_at: datetime
    left_at: datetime | None = None
    left_how: str | None = None
    id: int | None = None


Who = tuple[int, int]
"""A compound and a rider."""

_SINCE: BindParameter[datetime] = bindparam("since")
_P, _PRESENCES = table_of(Pass).c, table_of(Presence)
# Built once, because building takes longer than asking.
_MOVES = (
    select(_P.compound_id, _P.rider_id, _P.at, _P.received_at, _P.id, _P.direction)
    .where(
        _P.rider_id.in_(bindparam("riders", expanding=True)),
        _P.at >= _SINCE,
        _P.compound_id.in_(bindparam("compounds", expanding=True)),
        _P.outcome == Outcome.ENTERED,
        _P.undone_at.is_(None),
        _P.chain != Chain.ALTERED,
    )
    .order_by(_P.at, _P.scanner_id, _P.seq, _P.id)
)
_STAYS = select(
    _PRESENCES.c.compound_id, _PRESENCES.c.rider_id, _PRESENCES.c.pass_id, _PRESENCES.c.entered_at,
    _PRESENCES.c.left_at, _PRESENCES.c.left_how, _PRESENCES.c.id,
).where(
    _PRESENCES.c.rider_id.in_(bindparam("riders", expanding=True)),
    _PRESENCES.c.compound_id.in_(bindparam("compounds", expanding=True)),
    or_(_PRESENCES.c.left_at.is_(None), _PRESENCES.c.left_at >= _SINCE),
)  # fmt: skip
_CHANGE = update(_PRESENCES).where(_PRESENCES.c.id == bindparam("stay"))
_INSERT = insert(_PRESENCES)


def settle(
    session: Session,
    changes: Iterable[Change],
    *,
    closes: Mapping[int, int] | None = None,
    now: datetime,
) -> None:
    """Bring the stays of these riders up to date with their passes, which are written already.
    `closes`: the minutes of the day at which their compounds close, if known.

    The caller holds the riders' rows, so that no other does the same.
    """
    since: dict[Who, datetime] = {}
    for change in changes:
        who = (change.compound_id, change.rider_id)
        since[who] = min(change.at, since.get(who, change.at))
    if not since:
        return
    closes = closes or _closing_minutes(session, since)
    moved, stays = _moves(session, since), _stays(session, since)
    steps = _Steps([], [], [])
    for who, at in since.items():
        before = next((one for one in stays[who] if one.entered_at < at), None)
        after = stays_of(before, moved[who], closes_min=closes[who[0]], now=now)
        steps.add(who, stays[who], after)
    steps.take(session)


def stays_of(
    before: Stay | None, moved: Iterable[Move], *, closes_min: int, now: datetime
) -> list[Stay]:
    """The stays that follow from somebody being inside already, or not, and from moves in order."""
    found: list[Stay] = []
    inside = replace(before, left_at=None, left_how=None) if before else None
    closed = last_closing(closes_min, now)
    for move in moved:
        if inside and (closing := next_closing(closes_min, inside.entered_at)) <= move.at:
            found.append(replace(inside, left_at=closing, left_how=CLOSING))
            inside = None
        if move.enters and inside is None:
            inside = Stay(move.pass_id, move.at)
        elif not move.enters and inside:
            found.append(replace(inside, left_at=move.at, left_how=EXIT))
            inside = None
    if inside:
        closing = next_closing(closes_min, inside.entered_at)
        ended = closing <= closed
        found.append(replace(inside, left_at=closing, left_how=CLOSING) if ended else inside)
    return found


def _closing_minutes(session: Session, since: Mapping[Who, datetime]) -> Mapping[int, int]:
    rows = session.execute(
        select(Compound.organisation_id, Compound.closes_min).where(
            Compound.organisation_id.in_({compound_id for compound_id, _rider in since})
        )
    )
    return dict(rows.all())


def _values(since: Mapping[Who, datetime]) -> dict[str, Any]:
    return {
        "compounds": list({compound_id for compound_id, _rider in since}),
        "riders": list({rider_id for _compound, rider_id in since}),
        "since": min(since.values()),
    }


def _moves(session: Session, since: Mapping[Who, datetime]) -> Mapping[Who, list[Move]]:
    """What counts of these riders' passes since then, in order."""
    rows = session.execute(_MOVES, _values(since))
    found: dict[Who, list[Move]] = defaultdict(list)
    for compound_id, rider_id, at, received_at, pass_id, direction in rows:
        who = (compound_id, rider_id or 0)
        if who in since and at >= since[who] and moves(at, received_at):
            found[who].append(Move(at, pass_id, direction == Directions.ENTRY))
    return found


def _stays(session: Session, since: Mapping[Who, datetime]) -> Mapping[Who, list[Stay]]:
    """The stays of these riders that last until then or longer."""
    rows = session.execute(_STAYS, _values(since))
    found: dict[Who, list[Stay]] = defaultdict(list)
    for row in rows:
        who = (row.compound_id, row.rider_id)
        stay = Stay(row.pass_id, row.entered_at, row.left_at, row.left_how, row.id)
        if who in since and (stay.left_at is None or stay.left_at >= since[who]):
            found[who].append(stay)
    return found


@dataclass(frozen=True)
class _Steps:
    """What must be done to the rows: the ids of those that go, and values."""

    gone: list[int]
    changed: list[dict[str, Any]]
    new: list[dict[str, Any]]

    def add(self, who: Who, before: Sequence[Stay], after: Sequence[Stay]) -> None:
        """From the stays as they are to the stays as they should be."""
        held = {(stay.entered_at, stay.pass_id): stay for stay in before}
        for stay in after:
            same = held.pop((stay.entered_at, stay.pass_id), None)
            left = {"left_at": stay.left_at, "left_how": stay.left_how}
            if same is None:
                self.new.append(_row(who, stay) | left)
            elif (same.left_at, same.left_how) != (stay.left_at, stay.left_how):
                self.changed.append({"stay": same.id} | left)
        self.gone.extend(stay.id for stay in held.values() if stay.id is not None)

    def take(self, session: Session) -> None:
        """First what ends, so that nobody is inside twice at any moment."""
        if self.gone:
            session.execute(delete(Presence).where(Presence.id.in_(self.gone)))
        ordered = sorted(self.changed, key=lambda row: row["left_at"] is None)
        if ordered:
            session.execute(_CHANGE, ordered)
        if self.new:
            session.execute(_INSERT, self.new)


def _row(who: Who, stay: Stay) -> dict[str, Any]:
    return {
        "compound_id": who[0],
        "rider_id": who[1],
        "pass_id": stay.pass_id,
        "entered_at": stay.entered_at,
    }
