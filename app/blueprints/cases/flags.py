"""Why intake should look twice at a report. A flag stops nothing: somebody looks, and says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases import likeness
from app.blueprints.cases.models import CaseFlag
from app.blueprints.organisations.models import INTAKE
from app.blueprints.reports.models import Report, ReportPhoto, report_number
from app.errors import Forbidden, NotFound
from app.lib.database import insert_of
from app.lib.geo import distance_m
from app.lib.looks_alike import SAME_BITS

SAME_PHOTO, FAR_PHOTO, MANY_AT_ONCE = "same_photo", "far_photo", "many_at_once"
KINDS = (SAME_PHOTO, FAR_PHOTO, MANY_AT_ONCE)
ICONS: Mapping[str, str] = {SAME_PHOTO: "image", FAR_PHOTO: "map-pin", MANY_AT_ONCE: "clock"}
"""A symbol of the sprite for each kind."""
SAME_WITHIN = timedelta(days=365)
"""How long ago a photo that was only compressed or resized is still found; the very same bytes
are found for ever."""
FAR_M = 300
CAPTURED_MOST, CAPTURED_WITHIN = 5, timedelta(seconds=60)
RECEIVED_MOST, RECEIVED_WITHIN = 10, timedelta(minutes=10)
OWN_WITHIN = timedelta(days=30)
"""How far back a reporter's own reports are looked through."""
Found = dict[str, dict[str, Any]]


def of(session: Session, case: Report) -> Sequence[CaseFlag]:
    """The flags of a case, those that were looked at too; for the centre alone."""
    found = select(CaseFlag).where(CaseFlag.report_id == case.id).order_by(CaseFlag.kind)
    return session.scalars(found).all()


def words(flag: CaseFlag) -> str:
    """What a flag says, in the language of who reads."""
    data = flag.data
    if flag.kind == SAME_PHOTO:
        text = _("The same photo came with No. %(number)s.", number=data["number"])
    elif flag.kind == FAR_PHOTO:
        far = data["distance_m"]
        text = _("The photo was taken %(metres)s m from the place reported.", metres=far)
    else:
        count, seconds = data["reports"], data["within_s"]
        text = _(
            "%(count)s reports by this person within %(seconds)s seconds.",
            count=count, seconds=seconds,
        )  # fmt: skip
    return str(text)


def look(session: Session, actor: User, case: Report, kind: str, *, now: datetime) -> None:
    """Note that somebody has looked at a flag; the case is flagged until all have been. Raises
    NotFound, and Forbidden for who is not of the centre."""
    if not actor.has_role(*INTAKE):
        raise Forbidden
    if session.get(CaseFlag, (case.id, kind)) is None:
        raise NotFound
    session.execute(
        update(CaseFlag)
        .where(CaseFlag.report_id == case.id, CaseFlag.kind == kind, CaseFlag.looked_at.is_(None))
        .values(looked_at=now, looked_by_id=actor.id)
    )
    open_ones = select(CaseFlag).where(CaseFlag.report_id == case.id, CaseFlag.looked_at.is_(None))
    case.flagged = bool(session.scalar(select(open_ones.exists())))
    session.flush()


def keep(session: Session, case: Report, *, now: datetime) -> None:
    """Write the flags that a report has. A kind that was written before stays as it is."""
    found = find(session, case)
    if not found:
        return
    rows = [
        {"report_id": case.id, "kind": kind, "data": data, "found_at": now}
        for kind, data in found.items()
    ]
    insert = insert_of(session, CaseFlag)
    new = session.scalars(insert.on_conflict_do_nothing().returning(CaseFlag.kind), rows).all()
    if new:
        case.flagged = True
        session.flush()


def find(session: Session, case: Report) -> Found:
    """What is to be flagged: kind and data of each."""
    checks = (
        (SAME_PHOTO, _same_photo(session, case)),
        (FAR_PHOTO, _far_photo(session, case)),
        (MANY_AT_ONCE, _many_at_once(session, case)),
    )
    return {kind: data for kind, data in checks if data}


def _same_photo(session: Session, case: Report) -> dict[str, Any] | None:
    """The first report that came with one of these photos before, by whomever."""
    shots = likeness.shots_of(session, case.id)
    looks = [shot.look for shot in shots if shot.look]
    since = case.received_at - SAME_WITHIN
    copies = likeness.looking_like(session, looks, since, case.received_at, most_bits=SAME_BITS)
    hashes = {shot.sha256 for shot in shots} | copies.keys()
    earlier = (
        select(Report.id, Report.received_at)
        .join(ReportPhoto, ReportPhoto.report_id == Report.id)
        .where(ReportPhoto.sha256.in_(sorted(hashes)), Report.id < case.id)
        .order_by(Report.id)
    )
    first = session.execute(earlier.limit(1)).first()
    if first is None:
        return None
    return {"report": first.id, "number": report_number(first.id, first.received_at)}


def _far_photo(session: Session, case: Report) -> dict[str, Any] | None:
    """How far from the reported place the farthest photo says it was taken."""
    if case.latitude is None or case.longitude is None:
        return None
    here = (case.latitude, case.longitude)
    rows = session.execute(
        select(ReportPhoto.taken_latitude, ReportPhoto.taken_longitude).where(
            ReportPhoto.report_id == case.id
        )
    )
    places = [(row[0], row[1]) for row in rows if row[0] is not None and row[1] is not None]
    farthest = max((distance_m(*here, *place) for place in places), default=0.0)
    return {"distance_m": round(farthest)} if farthest > FAR_M else None


def _many_at_once(session: Session, case: Report) -> dict[str, Any] | None:
    """More than five captured in a minute, or more than ten received in ten."""
    captured, received = _own_lately(session, case)
    in_a_minute = _most_within(captured, case.captured_at, CAPTURED_WITHIN)
    if in_a_minute > CAPTURED_MOST:
        return {"reports": in_a_minute, "within_s": int(CAPTURED_WITHIN.total_seconds())}
    in_ten = _most_within(received, case.received_at, RECEIVED_WITHIN)
    if in_ten > RECEIVED_MOST:
        return {"reports": in_ten, "within_s": int(RECEIVED_WITHIN.total_seconds())}
    return None


def _own_lately(session: Session, case: Report) -> tuple[list[datetime], list[datetime]]:
    """When the reporter's reports were captured and received, as far as they may count.

    What was captured within a minute of this one came after that by the same clock, so the index
    by receipt leads to it.
    """
    captured = case.captured_at + timedelta(milliseconds=case.server_offset_ms or 0)
    since = max(min(captured, case.received_at) - RECEIVED_WITHIN, case.received_at - OWN_WITHIN)
    rows = session.execute(
        select(Report.captured_at, Report.received_at)
        .where(Report.reporter_id == case.reporter_id, Report.received_at >= since)
        .order_by(Report.received_at.desc())
        .limit(likeness.CANDIDATES)
    ).all()
    return [row.captured_at for row in rows], [row.received_at for row in rows]


def _most_within(moments: Sequence[datetime], at: datetime, within: timedelta) -> int:
    """The most of these moments in a time of that length that ends or begins at `at`."""
    before = sum(at - within <= moment <= at for moment in moments)
    after = sum(at <= moment <= at + within for moment in moments)
    return max(before, after)
