"""Nearly always the same two: a rider, and the one person who confirms what the rider does."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.blueprints.fairness import limits
from app.blueprints.fairness.deeds import COUNTING, Done
from app.blueprints.fairness.models import Pattern, Review
from app.blueprints.fairness.notice import Notice, week_of
from app.blueprints.points.models import Occasion, Occurrence
from app.blueprints.reports.models import Report, ReportEvent, State
from app.blueprints.tasks.models import Claim, ClaimState
from app.blueprints.visits.models import CheckIn, Way

PATTERNS = (Pattern.SAME_PAIR, Pattern.OWN_WORK)
Rows = Select[*tuple[Any, ...]]
Two = tuple[int, int]
"""A rider and who confirmed."""


@dataclass(frozen=True)
class Confirmed:
    """How an occasion is confirmed: `rows` of (rider, other, source) that somebody confirmed,
    `whole` of all that riders did of the kind."""

    occasion: Occasion
    who: str
    bounds: limits.Pair
    rows: Rows
    whole: Rows

    @property
    def rider(self) -> Any:
        return self.rows.selected_columns[0]

    @property
    def other(self) -> Any:
        return self.rows.selected_columns[1]

    @property
    def source(self) -> Any:
        return self.rows.selected_columns[2]


def _visits(since: datetime) -> Confirmed:
    """A badge or a poster is scanned: only by a number may somebody be written down who is not
    there."""
    rows = select(CheckIn.rider_id, CheckIn.recorder_id, CheckIn.id)
    whole = rows.where(CheckIn.leads, CheckIn.rider_id.is_not(None), CheckIn.at >= since)
    by_number = whole.where(CheckIn.way == Way.NUMBER, CheckIn.recorder_id.is_not(None))
    return Confirmed(Occasion.VISIT, "host", limits.HOST, by_number, whole)


def _tasks(since: datetime) -> Confirmed:
    rows = select(Claim.rider_id, Claim.checker_id, Claim.id).where(
        Claim.state == ClaimState.ACCEPTED, Claim.moved_at >= since, Claim.checker_id.is_not(None)
    )
    return Confirmed(Occasion.TASK, "checker", limits.CHECKER, rows, rows)


def _cases(since: datetime) -> Confirmed:
    rows = (
        select(Report.reporter_id, ReportEvent.actor_id, Report.id)
        .join(ReportEvent, ReportEvent.report_id == Report.id)
        .where(
            Report.state == State.CLOSED, Report.moved_at >= since, ReportEvent.step == "verify",
            ReportEvent.actor_id.is_not(None),
        )
        .distinct()
    )  # fmt: skip
    return Confirmed(Occasion.CASE, "verifier", limits.VERIFIER, rows, rows)


def same_pairs(session: Session, deeds: Sequence[Done], *, now: datetime) -> Iterator[Notice]:
    """Questions about pairs that the deeds belong to. Evidence: `who` (host, checker, verifier),
    `count` of the pair, `of_rider` and `of_other`, of how many in all."""
    since = now - limits.PAIR_WITHIN
    for read in (_visits, _tasks, _cases):
        kind = read(since)
        riders = {deed.rider_id for deed in deeds if deed.occasion == kind.occasion}
        if riders:
            yield from _of_kind(session, kind, riders, now)


def _of_kind(
    session: Session, kind: Confirmed, riders: Collection[int], now: datetime
) -> Iterator[Notice]:
    pairs = _often(session, kind, riders)
    for pair in _asked_before(session, pairs, now):
        pairs.pop(pair)
    if not pairs:
        return
    of_rider = _counted(session, kind.whole, kind.rider, {rider for rider, _other in pairs})
    of_other = _counted(session, kind.rows, kind.other, {other for _rider, other in pairs})
    odd = {
        pair: {"who": kind.who, "count": count, "of_rider": of_rider[pair[0]],
               "of_other": of_other[pair[1]]}
        for pair, count in pairs.items()
        if _is_odd(kind, pair, count, of_rider[pair[0]], of_other[pair[1]])
    }  # fmt: skip
    ids = _deeds_of(session, kind, odd)
    for (rider, other), evidence in odd.items():
        pattern = Pattern.OWN_WORK if rider == other else Pattern.SAME_PAIR
        yield Notice(
            pattern, rider, f"{week_of(now)} {other}", tuple(ids.get((rider, other), ())),
            other_id=None if rider == other else other, evidence=evidence,
        )  # fmt: skip


def _is_odd(kind: Confirmed, pair: Two, count: int, of_rider: int, of_other: int) -> bool:
    bounds = kind.bounds
    return pair[0] == pair[1] or (
        count >= bounds.least
        and count >= bounds.of_rider * of_rider
        and count >= bounds.of_other * of_other
    )


def _often(session: Session, kind: Confirmed, riders: Collection[int]) -> dict[Two, int]:
    """Pairs that met often enough to ask, and whoever confirmed the own work at all."""
    rows = kind.rows.where(kind.rider.in_(riders)).subquery()
    rider, other, _source = rows.c
    counted = select(rider, other, func.count()).group_by(rider, other)
    often = or_(func.count() >= kind.bounds.least, rider == other)
    return {(row[0], row[1]): row[2] for row in session.execute(counted.having(often))}


def _asked_before(session: Session, pairs: Mapping[Two, int], now: datetime) -> set[Two]:
    """Pairs of which somebody was asked within the time that is counted: asking again would be
    about the same deeds."""
    if not pairs:
        return set()
    other = func.coalesce(Review.other_id, Review.rider_id)
    found = session.execute(
        select(Review.rider_id, other).where(
            Review.pattern.in_(PATTERNS), Review.opened_at >= now - limits.PAIR_WITHIN,
            tuple_(Review.rider_id, other).in_(list(pairs)),
        )
    )  # fmt: skip
    return {(row[0], row[1]) for row in found}


def _counted(session: Session, rows: Rows, of: Any, people: Collection[int]) -> dict[int, int]:
    found = rows.where(of.in_(people)).subquery()
    person = found.c[of.key]
    counted = select(person, func.count()).group_by(person)
    return {row[0]: row[1] for row in session.execute(counted)}


def _deeds_of(session: Session, kind: Confirmed, pairs: Collection[Two]) -> dict[Two, list[int]]:
    """The newest deeds of pairs that count."""
    if not pairs:
        return {}
    rows = kind.rows.where(tuple_(kind.rider, kind.other).in_(list(pairs))).subquery()
    rider, other, source = rows.c
    found = session.execute(
        select(rider, other, Occurrence.id)
        .join(Occurrence, Occurrence.source_id == source)
        .where(Occurrence.occasion == kind.occasion, Occurrence.outcome.in_(COUNTING))
        .order_by(Occurrence.id.desc())
        .limit(limits.MOST_DEEDS * len(pairs))
    )
    ids: dict[Two, list[int]] = {}
    for rider_id, other_id, occurrence_id in found:
        ids.setdefault((rider_id, other_id), []).append(occurrence_id)
    return ids
