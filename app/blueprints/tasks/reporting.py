"""A report made of what a rider photographed for a task: in the rider's name, once."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.reports.forms import MAX_DESCRIPTION
from app.blueprints.reports.models import Category
from app.blueprints.reports.services import Capture, Filed, draft_report, file_reports
from app.blueprints.tasks.models import Claim, ClaimPhoto, ClaimState
from app.blueprints.tasks.publishers import run_by
from app.blueprints.tasks.steps import locked_claim, write
from app.errors import Conflict, Invalid, NotFound
from app.lib.text import clean


class ReportedAlready(Conflict):
    message = _l("A report was made of this already.")


def report(
    session: Session, actor: User, claim_id: int, *,
    category_code: str, description: str, now: datetime,
) -> Filed:  # fmt: skip
    """File a report of what a checked claim shows. Raises NotFound, ReportedAlready, Conflict
    before it is accepted, Invalid at `category` and `description`."""
    mine = select(Claim.id).join(Claim.task).where(Claim.id == claim_id, run_by(actor))
    if session.scalar(mine) is None:
        raise NotFound
    said = _checked(session, category_code, description)
    claim = locked_claim(session, claim_id)
    if claim.report_id is not None:
        raise ReportedAlready
    if claim.state != ClaimState.ACCEPTED:
        raise Conflict
    draft = draft_report(claim.rider, _capture(session, claim, category_code, said, now), now=now)
    [filed] = file_reports(session, [draft])
    claim.report_id = filed.id
    write(session, actor, claim, "report", now=now, note=filed.number)
    return filed


def _checked(session: Session, category_code: str, description: str) -> str:
    said, wrong = clean(description), {}
    if session.get(Category, category_code[:8]) is None:
        wrong["category"] = [_("Choose a category.")]
    if len(said) > MAX_DESCRIPTION:
        wrong["description"] = [_("At most %(most)s characters.", most=MAX_DESCRIPTION)]
    if wrong:
        raise Invalid(wrong)
    return said


def _capture(
    session: Session, claim: Claim, category_code: str, said: str, now: datetime
) -> Capture:
    """What the claim shows, at the place where the rider was, or where the task is."""
    photos = session.scalars(
        select(ClaimPhoto.sha256)
        .where(ClaimPhoto.claim_id == claim.id, ClaimPhoto.attempt == claim.attempts)
        .order_by(ClaimPhoto.position)
    ).all()
    here = claim.latitude is not None
    return Capture(
        category_code=category_code, description=said, place=claim.task.place,
        latitude=claim.latitude if here else claim.task.latitude,
        longitude=claim.longitude if here else claim.task.longitude,
        accuracy_m=claim.accuracy_m if here else None, photos=tuple(photos),
        captured_at=claim.captured_at or now, sent_at=None, server_offset_ms=None,
    )  # fmt: skip
