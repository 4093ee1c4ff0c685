"""A review as a page shows it: its deeds by name, side by side where two belong together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.fairness import queries
from app.blueprints.fairness.models import Review, ReviewDeed
from app.blueprints.fairness.seen import is_gone
from app.blueprints.fairness.words import Look, occasion_look
from app.blueprints.points.models import Occasion, Occurrence
from app.blueprints.points.sources import Shown, shown
from app.blueprints.visits.models import CheckIn


@dataclass(frozen=True)
class Line:
    """A deed: what, which one and where it is to be seen, what it earned; whether it was taken
    back by this review, or does not count for another reason."""

    occurrence: Occurrence
    look: Look
    name: str
    url: str
    taken: bool

    @property
    def is_gone(self) -> bool:
        return is_gone(self.occurrence)


@dataclass(frozen=True)
class Leg:
    """From one deed to the next."""

    start: Line
    end: Line
    km: str
    minutes: str
    kmh: int


@dataclass(frozen=True)
class PhotoPair:
    """A photo of a deed, and the same one of an earlier deed. `position`: where `hashes_of` has
    the later one, counted from 1; the earlier one follows."""

    position: int
    later: Line
    sha256: str
    earlier: Line
    earlier_sha256: str
    bits: int


@dataclass(frozen=True)
class Evidence:
    """What a review is about."""

    lines: Sequence[Line]
    legs: Sequence[Leg]
    photos: Sequence[PhotoPair]


def evidence_of(session: Session, review: Review) -> Evidence:
    """All of it, for who decides."""
    deeds = {deed.occurrence_id: deed for deed in queries.deeds(session, [review.id])}
    legs, photos = review.evidence.get("legs", ()), review.evidence.get("photos", ())
    meant = {leg[place] for leg in legs for place in (0, 1)} | {
        photo[place] for photo in photos for place in (0, 2)
    }
    found = {one.occurrence_id: one.occurrence for one in deeds.values()}
    found |= queries.occurrences(session, meant - found.keys())
    lines = {line.occurrence.id: line for line in _lines(session, found.values(), deeds)}
    return Evidence(
        [lines[occurrence_id] for occurrence_id in deeds],
        [_leg(lines, leg) for leg in legs if {leg[0], leg[1]} <= lines.keys()],
        [
            _photos(lines, one, place)
            for place, one in enumerate(photos)
            if {one[0], one[2]} <= lines.keys()
        ],
    )


def taken_of(session: Session, reviews: Sequence[Review]) -> dict[int, list[Line]]:
    """What was taken back, by review, for the rider: links lead to the rider's own pages."""
    deeds = [deed for deed in queries.deeds(session, [one.id for one in reviews]) if deed.taken]
    by_id = {deed.occurrence_id: deed for deed in deeds}
    rows = [deed.occurrence for deed in deeds]
    lines = {line.occurrence.id: line for line in _lines(session, rows, by_id, for_rider=True)}
    found: dict[int, list[Line]] = {}
    for deed in deeds:
        found.setdefault(deed.review_id, []).append(lines[deed.occurrence_id])
    return found


def _lines(
    session: Session, rows: Collection[Occurrence], deeds: Mapping[int, ReviewDeed], *,
    for_rider: bool = False,
) -> Iterable[Line]:  # fmt: skip
    names: dict[Occasion, Mapping[int, Shown]] = {
        occasion: shown(session, occasion, _sources(rows, occasion)) for occasion in Occasion
    }
    stations = {} if for_rider else _stations(session, _sources(rows, Occasion.VISIT))
    for row in rows:
        known = names[row.occasion].get(row.source_id, Shown(""))
        url = known.url if for_rider else _desk_url(row, stations)
        deed = deeds.get(row.id)
        taken = deed is not None and deed.taken
        yield Line(row, occasion_look(row.occasion), known.name, url, taken)


def _sources(rows: Iterable[Occurrence], occasion: Occasion) -> list[int]:
    return [row.source_id for row in rows if row.occasion == occasion]


def _stations(session: Session, ids: Collection[int]) -> dict[int, int]:
    found = select(CheckIn.id, CheckIn.station_id).where(CheckIn.id.in_(ids))
    return {row[0]: row[1] for row in session.execute(found)} if ids else {}


def _desk_url(row: Occurrence, stations: Mapping[int, int]) -> str:
    """Where an administrator sees it: what the rider's page shows is the rider's."""
    if row.occasion == Occasion.CASE:
        return f"/cases/{row.source_id}"
    if row.occasion == Occasion.VISIT and row.source_id in stations:
        return f"/stations/desk/{stations[row.source_id]}"
    if row.occasion == Occasion.TASK:
        return f"/tasks/desk/claims/{row.source_id}"
    return ""


def _leg(lines: Mapping[int, Line], leg: Sequence[int]) -> Leg:
    start, end, metres, seconds = leg
    kmh = round(metres / max(seconds, 1) * 3.6)
    return Leg(lines[start], lines[end], f"{metres / 1000:.1f}", f"{seconds / 60:.0f}", kmh)


def _photos(lines: Mapping[int, Line], found: Sequence[int | str], place: int) -> PhotoPair:
    later, sha256, earlier, earlier_sha256, bits = found
    return PhotoPair(
        2 * place + 1, lines[int(later)], str(sha256), lines[int(earlier)], str(earlier_sha256),
        int(bits),
    )  # fmt: skip


def hashes_of(review: Review) -> list[str]:
    """The photos that a review shows, of each pair the later one first."""
    return [str(one[place]) for one in review.evidence.get("photos", ()) for place in (1, 3)]
