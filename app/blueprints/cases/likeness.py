"""Which other reports may be of the same problem: near by, or with photos that look alike.

Near: of one category, within 50 m and 7 days. Alike: whatever the category, within 30 days, the
very same photo or one whose hash differs in 8 bits at most. Candidates come from indexes: places
from a box, photos by the quarters of their hashes, equal or one bit off. That finds every photo
within 7 bits; of those at 8 it misses the one in 21 whose bits fall two to each quarter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, degrees, radians

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from app.blueprints.photos.models import LOOK_PARTS, Photo
from app.blueprints.reports.models import Report, ReportPhoto, State
from app.lib.geo import EARTH_RADIUS_M, distance_m
from app.lib.looks_alike import ALIKE_BITS, NO_LOOK, bits_apart, near_to, quarters

NEAR_M = 50
NEAR_WITHIN = timedelta(days=7)
ALIKE_WITHIN = timedelta(days=30)
CANDIDATES = 300
"""Most rows that one look at an index brings, the newest first."""
NO_DOUBLES = (State.REJECTED, State.WITHDRAWN)
"""Nobody merges into these."""


@dataclass(frozen=True)
class Likeness:
    """Another report: how far away if it is near, in how many bits its photos differ if they are
    alike."""

    report_id: int
    distance_m: int | None = None
    bits: int | None = None


@dataclass(frozen=True)
class Shot:
    """A photo of a report: its SHA-256, and its perceptual hash if it has one."""

    sha256: str
    look: int | None


def find(session: Session, case: Report) -> list[Likeness]:
    """What may be the same problem, the likeliest first. Four statements, however many there
    are."""
    by_place = near_by(session, case)
    by_photo = alike(session, case)
    found = [
        Likeness(report_id, by_place.get(report_id), by_photo.get(report_id))
        for report_id in by_place.keys() | by_photo.keys()
    ]
    return sorted(found, key=rank)


def rank(likeness: Likeness) -> tuple[bool, int, int, int]:
    """Alike before near, close before far, new before old."""
    bits = 64 if likeness.bits is None else likeness.bits
    distance = NEAR_M if likeness.distance_m is None else likeness.distance_m
    both = likeness.bits is not None and likeness.distance_m is not None
    return (not both, bits, distance, -likeness.report_id)


def near_by(session: Session, case: Report) -> dict[int, int]:
    """Reports of the category within 50 m and 7 days, and the metres to each."""
    if case.latitude is None or case.longitude is None:
        return {}
    rows = session.execute(_in_the_box(case, case.latitude, case.longitude))
    metres = {
        row.id: distance_m(case.latitude, case.longitude, row.latitude, row.longitude)
        for row in rows
    }
    return {report_id: round(far) for report_id, far in metres.items() if far <= NEAR_M}


def _in_the_box(
    case: Report, latitude: float, longitude: float
) -> Select[int, float | None, float | None]:
    north_m = degrees(NEAR_M / EARTH_RADIUS_M)
    east_m = north_m / max(cos(radians(latitude)), 0.01)
    return (
        select(Report.id, Report.latitude, Report.longitude)
        .where(
            Report.category_code == case.category_code,
            Report.latitude.between(latitude - north_m, latitude + north_m),
            Report.longitude.between(longitude - east_m, longitude + east_m),
            Report.received_at.between(
                case.received_at - NEAR_WITHIN, case.received_at + NEAR_WITHIN
            ),
            Report.id != case.id,
            Report.state.not_in(NO_DOUBLES),
        )
        .order_by(Report.id.desc())
        .limit(CANDIDATES)
    )


def alike(session: Session, case: Report) -> dict[int, int]:
    """Reports of the last 30 days with a photo that looks like one of the case's, and in how many
    bits the two that are most alike differ."""
    shots = shots_of(session, case.id)
    since, until = case.received_at - ALIKE_WITHIN, case.received_at + ALIKE_WITHIN
    looks = [shot.look for shot in shots if shot.look]
    bits = looking_like(session, looks, since, until) | {shot.sha256: 0 for shot in shots}
    return with_photos(session, case, bits, since, until)


def shots_of(session: Session, report_id: int) -> list[Shot]:
    """The photos of a report."""
    photos = (
        select(Photo.sha256, Photo.look)
        .join(ReportPhoto, ReportPhoto.sha256 == Photo.sha256)
        .where(ReportPhoto.report_id == report_id)
    )
    return [Shot(row.sha256, row.look) for row in session.execute(photos)]


def looking_like(
    session: Session,
    looks: Sequence[int],
    since: datetime,
    until: datetime,
    *,
    most_bits: int = ALIKE_BITS,
) -> dict[str, int]:
    """Photos received in a time that look like one of these, by SHA-256, and in how many bits
    they differ from it."""
    known = [look for look in looks if look != NO_LOOK]
    if not known:
        return {}
    found: dict[str, int] = {}
    for row in session.execute(_with_a_quarter(known, since, until)):
        bits = min(bits_apart(row.look, look) for look in known)
        if bits <= most_bits:
            found[row.sha256] = bits
    return found


def _with_a_quarter(
    looks: Iterable[int], since: datetime, until: datetime
) -> Select[str, int | None]:
    """Photos of which a quarter is that of one of these hashes, or one bit off."""
    each = [
        select(Photo.sha256, Photo.look)
        .where(
            getattr(Photo, name).in_(values),
            Photo.created_at.between(since, until),
        )
        .order_by(Photo.created_at.desc())
        .limit(CANDIDATES)
        .subquery()
        for name, values in zip(LOOK_PARTS, _near_to_each(looks), strict=True)
    ]
    together = union_all(*(select(one) for one in each)).subquery()
    return select(together.c.sha256, together.c.look).distinct()


def _near_to_each(looks: Iterable[int]) -> list[list[int]]:
    """For each of the four quarters those of these hashes and what is one bit off."""
    places = zip(*(quarters(look) for look in looks), strict=True)
    return [sorted({near for part in place for near in near_to(part)}) for place in places]


def with_photos(
    session: Session, case: Report, bits: Mapping[str, int], since: datetime, until: datetime
) -> dict[int, int]:
    """Other reports of a time that have one of these photos, and the fewest bits of theirs."""
    if not bits:
        return {}
    rows = session.execute(
        select(ReportPhoto.report_id, ReportPhoto.sha256)
        .join(Report, Report.id == ReportPhoto.report_id)
        .where(
            ReportPhoto.sha256.in_(sorted(bits)),
            Report.id != case.id,
            Report.received_at.between(since, until),
            Report.state.not_in(NO_DOUBLES),
        )
        .order_by(ReportPhoto.report_id.desc())
        .limit(CANDIDATES)
    )
    fewest: dict[int, int] = {}
    for row in rows:
        fewest[row.report_id] = min(fewest.get(row.report_id, 64), bits[row.sha256])
    return fewest
