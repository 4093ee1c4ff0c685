"""A year of reports for the demo district."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.demo import names
from app.blueprints.demo.people import People
from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.reports.models import (
    Category,
    ClockFlag,
    Report,
    ReportEvent,
    ReportPhoto,
    State,
)

REPORTS, UNDECIDED, OF_FIRST_RIDER = 5_300, 40, 16
MEALS_UTC = (3, 4, 5, 9, 10, 11, 12)
"""Lunch and dinner in Suzhou, when riders are in the street."""
CHUNK = 1000
Rows = list[dict[str, Any]]


def build_history(
    session: Session, people: People, photos: Sequence[dict[str, Any]], chance: random.Random,
    now: datetime,
) -> int:  # fmt: skip
    """Write reports, their photos and events; answers how many reports."""
    session.execute(insert(Photo), [photo | {"created_at": now} for photo in photos])
    codes = list(session.scalars(select(Category.code).order_by(Category.code)))
    moments = sorted(_moment(chance, now) for _report in range(REPORTS))
    reports = [
        _report(index, moment, people, codes, chance) for index, moment in enumerate(moments)
    ]
    ids = _insert_reports(session, reports)
    hung = [
        {"report_id": report_id, "position": position, "sha256": photo["sha256"]}
        for report_id in ids
        for position, photo in enumerate(
            chance.sample(photos, chance.choice((1, 1, 2, 3))), start=1
        )
    ]
    _insert(session, ReportPhoto, hung)
    reporter = dict(zip(ids, (row["reporter_id"] for row in reports), strict=True))
    sent = {(row["sha256"], reporter[row["report_id"]]) for row in hung}
    _insert(session, PhotoUpload, [
        {"sha256": sha256, "user_id": user, "created_at": now} for sha256, user in sorted(sent)
    ])  # fmt: skip
    _insert(session, ReportEvent, list(_events(ids, reports, people)))
    return len(ids)


def _insert(session: Session, model: Any, rows: Rows) -> None:
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(model), rows[start : start + CHUNK])


def _insert_reports(session: Session, rows: Rows) -> list[int]:
    ids: list[int] = []
    for start in range(0, len(rows), CHUNK):
        statement = insert(Report).returning(Report.id, sort_by_parameter_order=True)
        ids += session.scalars(statement, rows[start : start + CHUNK]).all()
    return ids


def _moment(chance: random.Random, now: datetime) -> datetime:
    day = now - timedelta(days=chance.randint(1, 365))
    hour = chance.choice(MEALS_UTC) if chance.random() < 0.6 else chance.randint(0, 15)
    return day.replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))


def _report(
    index: int, moment: datetime, people: People, codes: Sequence[str], chance: random.Random
) -> dict[str, Any]:
    mine = index % (REPORTS // OF_FIRST_RIDER) == 0 or index >= REPORTS - 3
    waits = index >= REPORTS - UNDECIDED
    rejected = not waits and chance.random() < 0.06
    ahead = chance.random() < 0.002
    return {
        "reporter_id": people.riders[0] if mine else chance.choice(people.riders[1:]),
        "category_code": chance.choice(codes),
        "description": chance.choice(names.WORDS),
        "place": chance.choice(names.STREETS)[0] + chance.choice(names.PLACES),
        "latitude": round(chance.uniform(31.26, 31.38), 6),
        "longitude": round(chance.uniform(120.66, 120.85), 6),
        "accuracy_m": float(chance.choice((5, 8, 12, 20, 35, 60))),
        "captured_at": moment + timedelta(days=1) if ahead else moment - timedelta(minutes=3),
        "sent_at": moment,
        "server_offset_ms": chance.randint(-900, 900),
        "received_at": moment,
        "clock_flag": ClockFlag.FUTURE if ahead else None,
        "moved_at": moment if waits else moment + timedelta(minutes=25),
        "version": 1 if waits else 2,
        "filed_at": None if waits or rejected else moment + timedelta(minutes=25),
        "state": State.RECEIVED if waits else State.REJECTED if rejected else State.ACCEPTED,
        "reason": chance.choice(names.REASONS) if rejected else None,
    }


def _events(ids: Sequence[int], reports: Rows, people: People) -> Rows:
    rows: Rows = []
    for report_id, report in zip(ids, reports, strict=True):
        received = report["received_at"]
        rows.append(
            {"report_id": report_id, "actor_id": report["reporter_id"], "step": "receive",
             "from_state": None, "to_state": State.RECEIVED, "note": None, "at": received}
        )  # fmt: skip
        if report["state"] != State.RECEIVED:
            rows.append(
                {"report_id": report_id, "actor_id": people.dispatcher,
                 "step": "reject" if report["state"] == State.REJECTED else "accept",
                 "from_state": State.RECEIVED, "to_state": report["state"],
                 "note": report["reason"], "at": received + timedelta(minutes=25)}
            )  # fmt: skip
    return rows
