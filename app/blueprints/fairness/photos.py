"""The same photo behind two deeds, of one rider or of two: the same bytes, or compressed again."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.blueprints.fairness import limits
from app.blueprints.fairness.deeds import COUNTING, Done
from app.blueprints.fairness.models import Pattern
from app.blueprints.fairness.notice import Notice, week_of
from app.blueprints.photos.models import LOOK_PARTS, Photo
from app.blueprints.points.models import Occasion, Occurrence
from app.blueprints.reports.models import ReportPhoto
from app.blueprints.tasks.models import Claim, ClaimPhoto
from app.lib.looks_alike import NO_LOOK, SAME_BITS, bits_apart

MOST_ROWS = 3_000
MOST_SHOWN = 12
_QUARTERS = LOOK_PARTS[:3]
"""Hashes that differ in two bits at most have two quarters in common: one of three is among them,
and another of the four."""


@dataclass(frozen=True, slots=True)
class Hung:
    """A photo of a deed. `report_id`: the report that was made of the task's photos."""

    deed_id: int
    occasion: Occasion
    source_id: int
    rider_id: int
    sha256: str
    report_id: int | None


@dataclass(frozen=True, slots=True)
class Used:
    """A photo of a deed, one like it of an earlier deed, and in how many bits they differ."""

    later: Hung
    earlier: Hung
    bits: int

    @property
    def is_meant(self) -> bool:
        """A report made of a task's photos has the same ones, and a deed is like itself."""
        made_of = (self.later, self.earlier), (self.earlier, self.later)
        return self.later.deed_id == self.earlier.deed_id or any(
            one.occasion == Occasion.TASK and other.occasion == Occasion.CASE
            and one.report_id == other.source_id
            for one, other in made_of
        )  # fmt: skip


def same_photos(session: Session, deeds: Sequence[Done], *, now: datetime) -> Iterator[Notice]:
    """Questions about the later of two deeds. Evidence: `photos`, each
    [deed, sha256, earlier deed, sha256, bits]."""
    mine = _hung(session, deed_ids={deed.id for deed in deeds})
    alike = _alike(session, {one.sha256 for one in mine}, now)
    others = _hung(session, hashes={sha256 for found in alike.values() for sha256 in found})
    pairs = defaultdict(list)
    for used in _used(mine, others, alike):
        pairs[used.later.rider_id, used.earlier.rider_id].append(used)
    week = week_of(now)
    for (rider_id, other_id), found in pairs.items():
        yield _notice(rider_id, other_id, week, found)


def _notice(rider_id: int, other_id: int, week: str, found: Sequence[Used]) -> Notice:
    shown = [
        [one.later.deed_id, one.later.sha256, one.earlier.deed_id, one.earlier.sha256, one.bits]
        for one in found[:MOST_SHOWN]
    ]
    return Notice(
        Pattern.SAME_PHOTOS, rider_id, f"{week} {other_id}",
        tuple(dict.fromkeys(one.later.deed_id for one in found)),
        other_id=None if other_id == rider_id else other_id, evidence={"photos": shown},
    )  # fmt: skip


def _used(
    mine: Sequence[Hung], others: Sequence[Hung], alike: Mapping[str, Mapping[str, int]]
) -> Iterator[Used]:
    """Each deed of the batch with the first that had its photo."""
    by_hash = defaultdict(list)
    for other in others:
        by_hash[other.sha256].append(other)
    for one in mine:
        found = [
            Used(one, other, bits)
            for sha256, bits in alike[one.sha256].items()
            for other in by_hash[sha256]
            if other.deed_id < one.deed_id
        ]
        meant = (used for used in found if not used.is_meant)
        first = min(meant, key=lambda used: used.earlier.deed_id, default=None)
        if first is not None:
            yield first


def _hung(
    session: Session, *,
    deed_ids: Collection[int] | None = None, hashes: Collection[str] | None = None,
) -> list[Hung]:  # fmt: skip
    """Photos of deeds that count: of these deeds, or these photos."""
    if not (deed_ids or hashes):
        return []
    rows = union_all(*(_narrowed(one, deed_ids, hashes) for one in (_of_reports(), _of_tasks())))
    found = session.execute(rows.order_by("id").limit(MOST_ROWS))
    return [Hung(row[0], Occasion(row[1]), *row[2:]) for row in found]


_Rows = Select[int, Occasion, int, int, str, int | None]
_DEED = (Occurrence.id, Occurrence.occasion, Occurrence.source_id, Occurrence.rider_id)


def _of_reports() -> _Rows:
    of_this = (Occurrence.source_id == ReportPhoto.report_id) & (
        Occurrence.occasion == Occasion.CASE
    )
    return select(*_DEED, ReportPhoto.sha256, literal(None)).join(ReportPhoto, of_this)


def _of_tasks() -> _Rows:
    of_this = (Occurrence.source_id == Claim.id) & (Occurrence.occasion == Occasion.TASK)
    return (
        select(*_DEED, ClaimPhoto.sha256, Claim.report_id)
        .join(Claim, of_this)
        .join(ClaimPhoto, ClaimPhoto.claim_id == Claim.id)
    )


def _narrowed(
    rows: _Rows, deed_ids: Collection[int] | None, hashes: Collection[str] | None
) -> _Rows:
    counts = rows.where(Occurrence.outcome.in_(COUNTING))
    if deed_ids is not None:
        return counts.where(Occurrence.id.in_(deed_ids))
    return counts.where(rows.selected_columns.sha256.in_(hashes or ()))


def _alike(session: Session, hashes: Collection[str], now: datetime) -> dict[str, dict[str, int]]:
    """For each photo itself and those of the last 90 days that look the same, and in how many
    bits they differ."""
    alike = {sha256: {sha256: 0} for sha256 in hashes}
    if not hashes:
        return alike
    mine, other = aliased(Photo), aliased(Photo)
    same = [getattr(mine, part) == getattr(other, part) for part in LOOK_PARTS]
    for place, _part in enumerate(_QUARTERS):
        rest = or_(*(one for number, one in enumerate(same) if number != place))
        rows = session.execute(
            select(mine.sha256, mine.look, other.sha256, other.look)
            .join(other, same[place] & rest)
            .where(
                mine.sha256.in_(hashes), mine.look != NO_LOOK, other.sha256 != mine.sha256,
                other.created_at >= now - limits.PHOTOS_WITHIN,
            )
            .limit(MOST_ROWS)
        )  # fmt: skip
        for one, look, another, other_look in rows:
            bits = bits_apart(look or 0, other_look or 0)
            if bits <= SAME_BITS:
                alike[one][another] = bits
    return alike
