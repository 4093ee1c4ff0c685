"""Steps that phones saved, perhaps long ago, and hand in now: taken, or refused with the words of
what came between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.meanwhile import moved_on, taken_away
from app.blueprints.cases.standing import visible_cases
from app.blueprints.cases.step_forms import form_from_fields
from app.blueprints.cases.transitions import STEPS, Who
from app.blueprints.reports.models import Report
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.lib.database import MAX_ROW_ID
from app.lib.geo import distance_m

ON_PHONES = frozenset(
    step.name
    for step in STEPS
    if step.who in (Who.REPORTER, Who.DEPARTMENT, Who.ASSISTANT, Who.VERIFIER)
)
"""The steps of everybody who is out of the house."""
FAR_M = 200
"""What was photographed farther from the case than this is kept, and marked."""
EARLIER_STEP_WITHIN = timedelta(days=2)
"""So long a step waits for an earlier one of the same phone."""


class TooEarly(DomainError):
    """The phone took a step before this one, and that has not arrived yet."""

    status, code = 409, "too_early"


@dataclass(frozen=True)
class PhoneStep:
    """A step as a phone saved it, checked as far as that goes without the case."""

    actor: User
    case_id: int
    step: str
    details: Details
    captured_at: datetime
    """By the phone's clock."""
    now: datetime


def read_step(fields: Mapping[str, Any], photos: tuple[str, ...]) -> tuple[int, str, Details]:
    """The case's id, the step and its details. Raises Invalid with messages at the fields."""
    step, case_id = fields.get("step"), fields.get("report")
    if not isinstance(step, str) or step not in ON_PHONES:
        raise Invalid({"step": [_("That is not possible.")]})
    if type(case_id) is not int or not 0 < case_id <= MAX_ROW_ID:
        raise Invalid({"report": [_("There is nothing of that number.")]})
    form = form_from_fields(step, {**fields, **_said(fields.get("satisfied"))})
    if not form.validate():
        raise Invalid(form.errors)
    if form.version.data is None:
        raise Invalid({"version": [_("That is no number.")]})
    return case_id, step, form.details(photos)


def _said(satisfied: object) -> dict[str, str]:
    """What JSON says of the outcome, as the form reads it."""
    return {"satisfied": "yes" if satisfied else "no"} if isinstance(satisfied, bool) else {}


def hand_in(session: Session, sent: PhoneStep) -> Report:
    """Take a step of a phone's.

    Raises NotFound for a case that never was the actor's, TooEarly, Conflict with the words of
    what came between, and what `take_step` raises.
    """
    case = session.scalar(visible_cases(sent.actor).where(Report.id == sent.case_id))
    if case is None:
        raise taken_away(session, sent.actor, sent.case_id) or NotFound
    if _is_early(case, sent):
        raise TooEarly
    details = _placed(case, sent)
    try:
        with session.begin_nested():
            take_step(session, sent.actor, case, sent.step, details, now=sent.now)
    except Conflict as error:
        if error.message is not Conflict.message:  # it says already what stands in the way
            raise
        raise moved_on(session, sent.actor, case) from error
    return case


def _is_early(case: Report, sent: PhoneStep) -> bool:
    seen = sent.details.version or 0
    return seen > case.version and abs(sent.now - sent.captured_at) < EARLIER_STEP_WITHIN


def _placed(case: Report, sent: PhoneStep) -> Details:
    """The details, with when it was saved and how far from the case, as the event keeps them."""
    data = sent.details.data | {"captured_at": int(sent.captured_at.timestamp() * 1000)}
    here, there = (data.get("latitude"), data.get("longitude")), (case.latitude, case.longitude)
    if None not in (*here, *there):
        away_m = round(distance_m(*here, *there))  # type: ignore[arg-type]
        data |= {"distance_m": away_m} | ({"far": True} if away_m > FAR_M else {})
    return Details(**(vars(sent.details) | {"data": data}))
