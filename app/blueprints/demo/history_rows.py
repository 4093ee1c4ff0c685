"""Demo lives as rows of the database, written in bulk."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.blueprints.cases.effects import kept
from app.blueprints.cases.models import CaseLink, CasePart
from app.blueprints.demo.doubles import Double
from app.blueprints.demo.lives import Happened, Life
from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.reports.models import EventPhoto, Report, ReportEvent, ReportPhoto

CHUNK = 1000
Rows = list[dict[str, Any]]
MOVE_SEQUENCES = (
    text("SELECT setval(pg_get_serial_sequence('reports', 'id'), max(id)) FROM reports"),
    text(
        "SELECT setval(pg_get_serial_sequence('report_events', 'id'), max(id)) FROM report_events"
    ),
)
COLUMNS = tuple(column.key for column in Report.__table__.columns)


def write(
    session: Session, lives: Sequence[Life], doubles: Sequence[Double], photos: Rows, now: datetime
) -> None:
    """Write all of it. Ids follow the order in which things happened, over all lives."""
    _number(lives)
    events = _events(lives)
    _insert(session, Photo, [photo | {"created_at": now} for photo in photos])
    _insert(session, Report, [_report(life) for life in sorted(lives, key=_id)])
    _insert(session, ReportPhoto, [
        {"report_id": life.case.id, "position": position, "sha256": sha256}
        for life in lives for position, sha256 in enumerate(life.photos, start=1)
    ])  # fmt: skip
    _insert(session, ReportEvent, [
        _event(number, life, event) for number, (life, event) in enumerate(events, start=1)
    ])  # fmt: skip
    _insert(session, EventPhoto, [
        {"event_id": number, "position": position, "sha256": sha256}
        for number, (_life, event) in enumerate(events, start=1)
        for position, sha256 in enumerate(event.details.photos, start=1)
    ])  # fmt: skip
    _insert(session, CasePart, [
        {"report_id": life.case.id, "department_id": department, "task": part.task,
         "done_at": part.done_at}
        for life in lives for department, part in life.parts.items()
    ])  # fmt: skip
    _insert(session, CaseLink, [_link(double) for double in doubles])
    _insert(session, PhotoUpload, [
        {"sha256": sha256, "user_id": user, "created_at": now}
        for sha256, user in sorted(set(_sent(lives)))
    ])  # fmt: skip
    _move_sequences(session)


def _number(lives: Sequence[Life]) -> None:
    in_order = sorted(lives, key=lambda life: life.case.received_at)
    for number, life in enumerate(in_order, start=1):
        life.case.id = number


def _id(life: Life) -> int:
    return life.case.id


def _events(lives: Sequence[Life]) -> list[tuple[Life, Happened]]:
    """All events in the order of time; those of one life stay in theirs."""
    everything = [(life, event) for life in sorted(lives, key=_id) for event in life.events]
    return sorted(everything, key=lambda pair: pair[1].at)


def _report(life: Life) -> dict[str, Any]:
    into = life.into.case.id if life.into else None
    return {name: getattr(life.case, name) for name in COLUMNS} | {"merged_into_id": into}


def _event(number: int, life: Life, event: Happened) -> dict[str, Any]:
    data = event.details.data | kept(event.details)
    if event.step == "merge" and life.into is not None:
        data["into"] = life.into.case.id
    return {
        "id": number, "report_id": life.case.id, "actor_id": event.actor_id, "step": event.step,
        "from_state": event.way[0], "to_state": event.way[1], "note": event.details.note or None,
        "internal": event.internal, "data": data or None, "at": event.at,
    }  # fmt: skip


def _link(double: Double) -> dict[str, Any]:
    """The later of the two is the report, the earlier the other."""
    first, last = sorted((double.life, double.main), key=_id)
    return {
        "report_id": last.case.id, "other_id": first.case.id, "distance_m": double.distance_m,
        "bits": None, "state": double.state, "found_at": last.case.received_at,
    }  # fmt: skip


def _sent(lives: Sequence[Life]) -> Iterator[tuple[str, int]]:
    """Who sent which photo."""
    for life in lives:
        yield from ((sha256, life.case.reporter_id) for sha256 in life.photos)
        for event in life.events:
            yield from ((sha256, event.actor_id) for sha256 in event.details.photos)


def _insert(session: Session, model: Any, rows: Rows) -> None:
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(model), rows[start : start + CHUNK])


def _move_sequences(session: Session) -> None:
    """On PostgreSQL ids given by us leave the tables' sequences behind."""
    if session.get_bind().dialect.name == "postgresql":
        for statement in MOVE_SEQUENCES:
            session.execute(statement)
