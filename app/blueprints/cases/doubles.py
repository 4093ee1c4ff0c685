"""Proposals that two reports are of one problem: kept when a report comes, read at the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.cases import likeness
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.likeness import NO_DOUBLES, Likeness
from app.blueprints.cases.models import CaseLink, LinkState
from app.blueprints.cases.standing import visible_cases
from app.blueprints.cases.transitions import AT_CENTRE
from app.blueprints.reports.models import Report, State
from app.errors import Conflict, NotFound
from app.lib.database import insert_of
from app.lib.geo import distance_m

MOST_KEPT = 20
MOST_SHOWN = 10


@dataclass(frozen=True)
class Proposed:
    """A case that may be of the same problem as the one looked at."""

    other: Report
    """With its photos and category loaded."""
    near: bool
    """Of one category, within 50 m and 7 days."""
    bits: int | None
    """In how many of 64 bits the photos that are most alike differ: 0 for the very same photo,
    None when none were found alike."""
    distance_m: int | None
    """Metres between the two places; None when one has none."""
    apart: timedelta
    """Between the two captures."""


def proposals(session: Session, case: Report) -> list[Proposed]:
    """What the case may be a double of, the likeliest first, at most ten; for the centre alone.

    Those that were kept, and as long as the centre decides about it those found now. What was
    merged meanwhile stands under the case that stayed; what was dismissed is gone.
    """
    if case.state == State.MERGED:
        return []
    family = [case.id, *_merged_into(session, case)]
    links = _links_of(session, family)
    found = [_as_likeness(link, family) for link in links if link.state == LinkState.PROPOSED]
    if case.state in AT_CENTRE:
        found += likeness.find(session, case)
    # A pair that was merged and stands apart again has been split: nobody asks once more.
    settled = {
        _as_likeness(link, family).report_id for link in links if link.state != LinkState.PROPOSED
    }
    best = _by_case(_standing_for(session, found), {*family, *settled})
    return _loaded(session, case, best)


def _merged_into(session: Session, case: Report) -> Sequence[int]:
    merged = select(Report.id).where(Report.merged_into_id == case.id)
    return session.scalars(merged.order_by(Report.id.desc()).limit(likeness.CANDIDATES)).all()


def _links_of(session: Session, family: Sequence[int]) -> Sequence[CaseLink]:
    mine = or_(CaseLink.report_id.in_(family), CaseLink.other_id.in_(family))
    newest = select(CaseLink).where(mine).order_by(CaseLink.report_id.desc())
    return session.scalars(newest.limit(likeness.CANDIDATES)).all()


def _as_likeness(link: CaseLink, family: Sequence[int]) -> Likeness:
    other = link.other_id if link.report_id in family else link.report_id
    return Likeness(other, link.distance_m, link.bits)


def _standing_for(session: Session, found: Sequence[Likeness]) -> list[Likeness]:
    """Each under the case that it was merged into, if it was."""
    ids = {one.report_id for one in found}
    if not ids:
        return []
    rows = session.execute(select(Report.id, Report.merged_into_id).where(Report.id.in_(ids)))
    stands = {row.id: row.merged_into_id or row.id for row in rows}
    return [Likeness(stands[one.report_id], one.distance_m, one.bits) for one in found]


def _by_case(found: Iterable[Likeness], without: set[int]) -> list[Likeness]:
    """One for each case, with the best of each of its likenesses."""
    best: dict[int, Likeness] = {}
    for one in found:
        if one.report_id in without:
            continue
        before = best.get(one.report_id, one)
        best[one.report_id] = Likeness(
            one.report_id,
            _least(before.distance_m, one.distance_m),
            _least(before.bits, one.bits),
        )
    return sorted(best.values(), key=likeness.rank)


def _least(*values: int | None) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _loaded(session: Session, case: Report, best: Sequence[Likeness]) -> list[Proposed]:
    shown = best[: 3 * MOST_SHOWN]  # some may have ended since they were found
    if not shown:
        return []
    rows = session.scalars(
        select(Report)
        .where(Report.id.in_([one.report_id for one in shown]), Report.state.not_in(NO_DOUBLES))
        .options(selectinload(Report.photos))
    )
    others = {row.id: row for row in rows}
    there = [one for one in shown if one.report_id in others][:MOST_SHOWN]
    return [_proposed(case, others[one.report_id], one) for one in there]


def _proposed(case: Report, other: Report, found: Likeness) -> Proposed:
    return Proposed(
        other,
        near=found.distance_m is not None,
        bits=found.bits,
        distance_m=metres_between(case, other),
        apart=abs(case.captured_at - other.captured_at),
    )


def metres_between(case: Report, other: Report) -> int | None:
    """How far apart two reports are; None when one has no place."""
    places = (case.latitude, case.longitude, other.latitude, other.longitude)
    if any(part is None for part in places):
        return None
    return round(distance_m(*places))  # type: ignore[arg-type]


def keep(session: Session, case: Report, *, now: datetime) -> int:
    """Write what the case may be a double of, at most twenty; answers how many were found. What
    was said of a pair before stays."""
    found = likeness.find(session, case)[:MOST_KEPT]
    if found:
        rows = [_row(case.id, one, now) for one in found]
        session.execute(insert_of(session, CaseLink).on_conflict_do_nothing(), rows)
    return len(found)


def _row(case_id: int, found: Likeness, now: datetime) -> dict[str, object]:
    return {
        **_pair(case_id, found.report_id),
        "distance_m": found.distance_m,
        "bits": found.bits,
        "state": LinkState.PROPOSED,
        "found_at": now,
    }


def _pair(one: int, other: int) -> dict[str, int]:
    return {"report_id": max(one, other), "other_id": min(one, other)}


def settle(session: Session, one: int, other: int, state: LinkState, *, now: datetime) -> None:
    """Keep what was said of a pair: merged, or not the same."""
    row = _row(one, Likeness(other), now) | {"state": state}
    session.execute(
        insert_of(session, CaseLink)
        .values(row)
        .on_conflict_do_update(index_elements=["report_id", "other_id"], set_={"state": state})
    )


def dismiss(session: Session, actor: User, case: Report, other_id: int, *, now: datetime) -> None:
    """Say for good that two cases are not of one problem. Raises NotFound, Conflict when they
    have been merged, and Forbidden for who is not of the centre."""
    other = session.scalar(visible_cases(actor).where(Report.id == other_id))
    if other is None or other.id == case.id:
        raise NotFound
    if case.merged_into_id == other.id or other.merged_into_id == case.id:
        raise Conflict(_("These two have been merged. Split them first."))
    note = _("Not the same problem as No. %(number)s.", number=other.number)
    take_step(session, actor, case, "note", Details(note=note, data={"other": other.id}), now=now)
    settle(session, case.id, other.id, LinkState.DISMISSED, now=now)
