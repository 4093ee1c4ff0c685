"""Cases as they go to the phone of whoever works on them. Never who reported one."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from flask import json
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.cases.field_queries import FieldCase, FieldWork
from app.blueprints.cases.timeline import Entry, Picture, day_and_time, steps_for_desk
from app.blueprints.cases.transitions import steps_for
from app.blueprints.cases.words import state_look
from app.blueprints.reports.models import Report
from app.lib.clock import to_ms
from app.lib.working_time import Unit, WorkingCalendar

VERSION = 1
LAST_STEPS = 20
"""So much of a case's history goes along."""
MOST_SPANS = 40
"""So many working days of a clock that runs."""


def work_as_json(
    session: Session,
    work: FieldWork,
    user_id: int,
    *,
    calendar: WorkingCalendar,
    locale: str,
    now: datetime,
) -> dict[str, Any]:
    """All of somebody's cases; moments in milliseconds since 1970."""
    return {
        "version": VERSION,
        "user": user_id,
        "now": to_ms(now),
        "departments": [one.name(locale) for one in work.departments],
        "areas": [one.name(locale) for one in work.areas],
        "more": work.more,
        "cases": [
            _case(session, one, work.names, calendar, locale) for one in work.cases
        ],
    }  # fmt: skip


def tag_of(content: Mapping[str, Any]) -> str:
    """What changes with the cases, and not with the time."""
    timeless = {name: value for name, value in content.items() if name != "now"}
    return sha256(json.dumps(timeless, sort_keys=True).encode()).hexdigest()[:32]


def _case(
    session: Session, one: FieldCase, names: Mapping[int, str], calendar: WorkingCalendar,
    locale: str,
) -> dict[str, Any]:  # fmt: skip
    case = one.case
    shown = steps_for_desk(session, case, frozenset(), names)
    return {
        "id": case.id,
        "number": case.number,
        "version": case.version,
        "state": case.state,
        "look": state_look(case.state),
        "roles": sorted(one.who),
        "steps": [step.name for step in steps_for(one.who, case.state) if _open(one, step.name)],
        "part": _part(one),
        **_what(case, locale),
        "department": names.get(case.department_id or 0, ""),
        "received_at": to_ms(case.received_at),
        "moved_at": to_ms(case.moved_at),
        "clock": _clock(case, calendar),
        "supervised": case.supervised_at is not None,
        "reworks": case.reworks,
        "reopenings": case.reopenings,
        "photos": [_picture(one) for one in _photos(case)],
        "history": [_entry(entry) for entry in shown[-LAST_STEPS:]],
    }


def _open(one: FieldCase, step: str) -> bool:
    return step != "finish_part" or (one.part is not None and one.part.done_at is None)


def _part(one: FieldCase) -> dict[str, Any] | None:
    part = one.part
    return None if part is None else {"task": part.task, "done": part.done_at is not None}


def _what(case: Report, locale: str) -> dict[str, Any]:
    category = case.category
    return {
        "category": category.name(locale),
        "group": category.group(locale),
        "filing": category.filing_condition,
        "closing": category.closing_condition,
        "description": case.description,
        "place": case.place,
        "latitude": case.latitude,
        "longitude": case.longitude,
    }


def _clock(case: Report, calendar: WorkingCalendar) -> dict[str, Any] | None:
    """A clock that runs, with the stretches in which it counts, or one that stands, in seconds.
    From the dispatch on, not from now: what changes with the time alone has one tag."""
    common = {"unit": case.category.limit_unit, "whole_s": case.limit_s}
    if case.due_at is None:
        return None if case.left_s is None else common | {"left_s": case.left_s}
    over = _("Overdue since %(due)s", due=day_and_time(case.due_at))
    return common | {
        "due_at": to_ms(case.due_at), "spans": _spans(case, case.due_at, calendar), "over": over,
    }  # fmt: skip


def _spans(case: Report, due_at: datetime, calendar: WorkingCalendar) -> list[list[int]]:
    began = case.dispatched_at or case.received_at
    if Unit(case.category.limit_unit) is Unit.URGENT_HOURS:
        return [[to_ms(began), to_ms(due_at)]]
    spans = deque(calendar.spans(began, due_at), maxlen=MOST_SPANS)
    return [[to_ms(first), to_ms(end)] for first, end in spans]


def _photos(case: Report) -> Iterable[Picture]:
    for one in islice(case.photos, 4):
        yield Picture.of(f"/reports/{case.id}/photos/{one.position}", one.photo)


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "thumb": picture.thumb_url, "large": picture.large_url, "ready": picture.state == "done",
        "width": picture.width, "height": picture.height,
    }  # fmt: skip


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "step": entry.step, "icon": entry.icon, "words": entry.words, "by": entry.by,
        "at": to_ms(entry.at), "note": entry.note,
        "pictures": [_picture(one) for one in entry.pictures],
    }  # fmt: skip
