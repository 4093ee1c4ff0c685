"""Filing reports."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from importlib import resources
from itertools import zip_longest
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.areas import Degrees, Place, locate_all
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.reports.models import (
    Category,
    ClockFlag,
    Report,
    ReportEvent,
    ReportPhoto,
    State,
    report_number,
)
from app.errors import Forbidden
from app.lib import jobs

CLOCK_AHEAD = timedelta(minutes=10)
BEFORE_ACCOUNT = timedelta(days=1)
RECEIVE = "receive"
"""The first step of every report."""
COMPARE = "doubles"
"""The job that compares a report with others, once it is written."""


@dataclass(frozen=True)
class Capture:
    """What a phone says of a problem. Degrees in WGS-84; photos are SHA-256 in hex."""

    category_code: str
    description: str
    place: str
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    photos: tuple[str, ...]
    captured_at: datetime
    sent_at: datetime | None
    server_offset_ms: int | None
    taken: tuple[Degrees | None, ...] = ()
    """Where each photo says it was taken, as far as they do."""


@dataclass(frozen=True)
class ReportDraft:
    """A rider's report, ready to be written. Made by `draft_report`."""

    capture: Capture
    reporter_id: int
    received_at: datetime
    clock_flag: ClockFlag | None


@dataclass(frozen=True)
class Filed:
    """A report that is written: its id, and the number that people call it by."""

    id: int
    number: str

    @property
    def url(self) -> str:
        return f"/reports/{self.id}"


_CAPTURED = tuple(field.name for field in fields(Capture) if field.name not in ("photos", "taken"))


def draft_report(actor: User, capture: Capture, *, now: datetime) -> ReportDraft:
    """A rider's report, received now. Raises Forbidden for anybody else."""
    return _draft(actor, (Role.RIDER,), capture, now)


def draft_station_report(actor: User, capture: Capture, *, now: datetime) -> ReportDraft:
    """A report of who works at a station, on what is broken there; it needs no photo. Raises
    Forbidden for anybody else."""
    return _draft(actor, STATIONS, capture, now)


def _draft(actor: User, roles: Sequence[Role], capture: Capture, now: datetime) -> ReportDraft:
    if not actor.has_role(*roles):
        raise Forbidden
    return ReportDraft(capture, actor.id, now, clock_flag(actor, capture, now))


def file_reports(session: Session, drafts: Sequence[ReportDraft]) -> list[Filed]:
    """Write reports, in their order; as few statements as there are tables."""
    if not drafts:
        return []
    inserted = insert(Report).returning(Report.id, sort_by_parameter_order=True)
    places = locate_all(session, [_place(draft.capture) for draft in drafts])
    rows = [_row(draft, place) for draft, place in zip(drafts, places, strict=True)]
    ids = session.scalars(inserted, rows).all()
    both = list(zip(ids, drafts, strict=True))
    if photos := [row for report_id, draft in both for row in _photos(report_id, draft.capture)]:
        session.execute(insert(ReportPhoto), photos)
    session.execute(insert(ReportEvent), [_event(report_id, draft) for report_id, draft in both])
    jobs.wake(session, COMPARE)
    return [Filed(id, report_number(id, draft.received_at)) for id, draft in both]


def _place(capture: Capture) -> Degrees | None:
    if capture.latitude is None or capture.longitude is None:
        return None
    return capture.latitude, capture.longitude


def _photos(report_id: int, capture: Capture) -> Iterator[dict[str, Any]]:
    pairs = zip_longest(capture.photos, capture.taken)
    for position, (sha256, place) in enumerate(pairs, start=1):
        latitude, longitude = place or (None, None)
        yield {
            "report_id": report_id, "position": position, "sha256": sha256,
            "taken_latitude": latitude, "taken_longitude": longitude,
        }  # fmt: skip


def _row(draft: ReportDraft, place: Place | None) -> dict[str, Any]:
    row = {name: getattr(draft.capture, name) for name in _CAPTURED}
    return row | {
        "reporter_id": draft.reporter_id,
        "received_at": draft.received_at,
        "clock_flag": draft.clock_flag,
        "state": State.RECEIVED,
        "moved_at": draft.received_at,
        "compare_at": draft.received_at,
        "grid_id": place.grid_id if place else None,
        "street_id": place.street_id if place else None,
    }


def _event(report_id: int, draft: ReportDraft) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "actor_id": draft.reporter_id,
        "step": RECEIVE,
        "from_state": None,
        "to_state": State.RECEIVED,
        "note": None,
        "at": draft.received_at,
    }


def clock_flag(actor: User, capture: Capture, now: datetime) -> ClockFlag | None:
    """Why the phone's time of capture cannot be true, or None."""
    captured = capture.captured_at + timedelta(milliseconds=capture.server_offset_ms or 0)
    # The offset is the phone's own word: only the raw time counts against a clock ahead.
    if max(captured, capture.captured_at) > now + CLOCK_AHEAD:
        return ClockFlag.FUTURE
    if captured < actor.created_at - BEFORE_ACCOUNT:
        return ClockFlag.BEFORE_ACCOUNT
    return None


def load_categories(session: Session) -> int:
    """Write the categories that come with the project, or renew them; answers how many. What an
    administrator has set of a category stays."""
    file = resources.files("app.blueprints.reports") / "categories.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    held = {one.code: one for one in session.scalars(select(Category))}
    for row in rows:
        session.merge(_category(row, held.get(row["code"])))
    session.flush()
    return len(rows)


_NAMES = ("code", "kind", "group_zh", "group_en", "name_zh", "name_en", "five_role", "department")


def _category(row: dict[str, str], held: Category | None) -> Category:
    category = Category(**{name: row[name] for name in _NAMES})
    if held is None or held.changed_at is None:
        category.limit, category.limit_unit = int(row["limit"]), row["limit_unit"]
        category.filing_condition = row["filing_condition_zh"]
        category.closing_condition = row["closing_condition_zh"]
        category.points = int(row["points"])
    return category
