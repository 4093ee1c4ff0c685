"""Filing reports, and deciding on them at intake."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.reports.models import (
    Category,
    ClockFlag,
    Report,
    ReportEvent,
    ReportPhoto,
    State,
)
from app.blueprints.reports.transitions import TRANSITIONS
from app.errors import Conflict, Forbidden, Invalid

CLOCK_AHEAD = timedelta(minutes=10)
BEFORE_ACCOUNT = timedelta(days=1)


@dataclass(frozen=True)
class ReportDraft:
    """A checked report, before it has a number. Degrees in WGS-84; photos are SHA-256 in hex."""

    category_code: str
    description: str
    place: str
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    photos: tuple[str, ...]
    captured_at: datetime
    sent_at: datetime | None = None
    server_offset_ms: int | None = None


def file_reports(
    session: Session, actor: User, drafts: Sequence[ReportDraft], *, now: datetime
) -> list[Report]:
    """File a rider's reports, in their order. Raises Forbidden for anybody else."""
    if not actor.has_role(Role.RIDER):
        raise Forbidden
    reports = [_report(actor, draft, now) for draft in drafts]
    session.add_all(reports)
    session.flush()
    return reports


def _report(actor: User, draft: ReportDraft, now: datetime) -> Report:
    return Report(
        reporter_id=actor.id,
        category_code=draft.category_code,
        description=draft.description,
        place=draft.place,
        latitude=draft.latitude,
        longitude=draft.longitude,
        accuracy_m=draft.accuracy_m,
        captured_at=draft.captured_at,
        sent_at=draft.sent_at,
        server_offset_ms=draft.server_offset_ms,
        received_at=now,
        clock_flag=clock_flag(actor, draft, now),
        state=State.RECEIVED,
        photos=[
            ReportPhoto(position=position, sha256=sha256)
            for position, sha256 in enumerate(draft.photos, start=1)
        ],
        events=[ReportEvent(actor_id=actor.id, from_state=None, to_state=State.RECEIVED, at=now)],
    )


def clock_flag(actor: User, draft: ReportDraft, now: datetime) -> ClockFlag | None:
    """Why the phone's time of capture cannot be true, or None."""
    captured = draft.captured_at + timedelta(milliseconds=draft.server_offset_ms or 0)
    # The offset is the phone's own word: only the raw time counts against a clock ahead.
    if max(captured, draft.captured_at) > now + CLOCK_AHEAD:
        return ClockFlag.FUTURE
    if captured < actor.created_at - BEFORE_ACCOUNT:
        return ClockFlag.BEFORE_ACCOUNT
    return None


def decide(
    session: Session, actor: User, report: Report, target: State, *, note: str = "", now: datetime
) -> None:
    """Take a report one step further.

    Raises Forbidden when the actor's role may not, Invalid without a note that is needed, and
    Conflict when the step does not lead on from where the report now is.
    """
    steps = [step for step in TRANSITIONS if step.target == target]
    allowed = [step for step in steps if actor.has_role(*step.roles)]
    if not allowed:
        raise Forbidden
    step = allowed[0]
    note = note.strip()
    if step.needs_note and not note:
        raise Invalid({"reason": [_("Say why, so that the rider understands.")]})
    moved = session.execute(
        update(Report)
        .where(Report.id == report.id, Report.state == step.source)
        .values(state=target, reason=note or None)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict
    session.add(
        ReportEvent(
            report_id=report.id,
            actor_id=actor.id,
            from_state=step.source,
            to_state=target,
            note=note or None,
            at=now,
        )
    )
    session.flush()
    session.expire(report)


def load_categories(session: Session) -> int:
    """Write the categories that come with the project, or renew them; answers how many."""
    file = resources.files("app.blueprints.reports") / "categories.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        session.merge(_category(row))
    session.flush()
    return len(rows)


def _category(row: dict[str, str]) -> Category:
    plain = (
        "code",
        "kind",
        "group_zh",
        "group_en",
        "name_zh",
        "name_en",
        "five_role",
        "department",
        "limit_unit",
    )
    return Category(
        **{name: row[name] for name in plain},
        filing_condition=row["filing_condition_zh"],
        closing_condition=row["closing_condition_zh"],
        limit=int(row["limit"]),
        points=int(row["points"]),
    )
