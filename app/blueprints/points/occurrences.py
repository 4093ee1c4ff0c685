"""What happened, told by the features above: written down at once, paid by a job."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.points.models import Bar, Occasion, Occurrence, Outcome, Why
from app.lib import jobs
from app.lib.database import table_of

JOB = "points"
REVIEWED = "review"
"""With this word begins the reason of what an administrator took back after a review."""
_STANDING = (Outcome.WAITING, Outcome.PAID, Outcome.NOTHING)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a rider did: worth so many points by itself, or None where the rule says how many.
    Paid from the budget of `payer_id`, or where that is None as the rule says."""

    rider_id: int
    at: datetime
    worth: int | None = None
    five_role: str = ""
    place_id: int | None = None
    payer_id: int | None = None


def reconcile(
    session: Session, occasion: Occasion, deeds: Mapping[int, Deed | None], *,
    now: datetime, reason: str = "",
) -> None:  # fmt: skip
    """Let what is written down be what is so: by source id a deed, or None for what is not, or no
    longer. Whoever calls holds the sources, so two never tell of the same at once. Telling again
    changes nothing."""
    if not deeds:
        return
    newest = _newest(session, occasion, deeds)
    rows = []
    for source_id, deed in deeds.items():
        known = newest.get(source_id)
        if known is not None and known.bar is not None:
            known.bar = Bar.LAPSED if deed is None else Bar.STANDS
            continue
        stands = known is not None and known.outcome in _STANDING
        if deed is not None and not stands:
            rows.append(_row(occasion, source_id, known.round + 1 if known else 1, deed, now))
        elif deed is None and known is not None and stands:
            _undo(known, now, reason)
    if rows:
        session.execute(insert(Occurrence), rows)
    session.flush()
    jobs.wake(session, JOB)


def bar(session: Session, ids: Collection[int], *, now: datetime, reason: str) -> list[int]:
    """Take occurrences back for good, whatever is told of their sources later; answers those that
    were taken back now: what was undone before, by its source or by this, is not among them."""
    rows = [row for row in _locked(session, ids) if row.bar is None and row.outcome in _STANDING]
    for row in rows:
        row.bar = Bar.STANDS
        _undo(row, now, reason)
    session.flush()
    jobs.wake(session, JOB)
    return [row.id for row in rows]


def unbar(session: Session, ids: Collection[int], *, now: datetime) -> None:
    """What was taken back for good counts again: paid anew where its source still stands."""
    rows = []
    for row in _locked(session, ids):
        if row.bar == Bar.STANDS:
            rows.append(_again(row, now))
        row.bar = None
    if rows:
        session.execute(insert(Occurrence), rows)
    session.flush()
    jobs.wake(session, JOB)


def tell_new(
    session: Session, occasion: Occasion, deeds: Mapping[int, Deed], *, now: datetime
) -> None:
    """Write down deeds of sources that have just been made: nobody has told of them before."""
    if not deeds:
        return
    rows = [_row(occasion, source_id, 1, deed, now) for source_id, deed in deeds.items()]
    session.execute(insert(table_of(Occurrence)), rows)
    jobs.wake(session, JOB)


def _newest(
    session: Session, occasion: Occasion, source_ids: Iterable[int]
) -> dict[int, Occurrence]:
    found = select(Occurrence).where(
        Occurrence.occasion == occasion, Occurrence.source_id.in_(list(source_ids))
    )
    rows = session.scalars(
        found.order_by(Occurrence.id).with_for_update().execution_options(populate_existing=True)
    )
    return {row.source_id: row for row in rows}


def _locked(session: Session, ids: Collection[int]) -> Sequence[Occurrence]:
    found = select(Occurrence).where(Occurrence.id.in_(ids)).order_by(Occurrence.id)
    held = found.with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).all()


def _again(row: Occurrence, now: datetime) -> dict[str, object]:
    """The next round of a deed, as it was told."""
    deed = Deed(
        row.rider_id, row.at, row.worth, row.five_role, row.place_id, row.payer_id
    )  # fmt: skip
    return _row(row.occasion, row.source_id, row.round + 1, deed, now)


def _row(
    occasion: Occasion, source_id: int, number: int, deed: Deed, now: datetime
) -> dict[str, object]:
    return {
        "occasion": occasion, "source_id": source_id, "round": number, "rider_id": deed.rider_id,
        "at": deed.at, "worth": deed.worth, "five_role": deed.five_role,
        "place_id": deed.place_id, "payer_id": deed.payer_id, "received_at": now,
        "outcome": Outcome.WAITING, "amount": 0, "undo_reason": "",
    }  # fmt: skip


def _undo(known: Occurrence, now: datetime, reason: str) -> None:
    paid = known.outcome == Outcome.PAID
    known.outcome = Outcome.TO_UNDO if paid else Outcome.UNDONE
    known.undo_reason = reason
    known.settled_at = None if paid else now


@dataclass(frozen=True, slots=True)
class Earned:
    """What became of a deed: points, and why they are none or fewer."""

    outcome: Outcome
    amount: int
    why: Why | None


def earned(session: Session, occasion: Occasion, source_id: int) -> Earned | None:
    """What became of the newest deed of a source."""
    row = session.execute(
        select(Occurrence.outcome, Occurrence.amount, Occurrence.why)
        .where(Occurrence.occasion == occasion, Occurrence.source_id == source_id)
        .order_by(Occurrence.round.desc())
        .limit(1)
    ).first()
    return Earned(*row) if row else None


def paid_for(session: Session, occasion: Occasion, source_ids: Sequence[int]) -> dict[int, int]:
    """What sources earned that was not taken back, by their ids; those that wait are missing."""
    found = session.execute(
        select(Occurrence.source_id, Occurrence.amount).where(
            Occurrence.occasion == occasion, Occurrence.source_id.in_(source_ids),
            Occurrence.outcome == Outcome.PAID,
        )
    )  # fmt: skip
    return {row.source_id: row.amount for row in found}
