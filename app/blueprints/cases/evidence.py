"""The photos of a case, of the report and of its steps, and who may see them."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.standing import visible_cases, who_is
from app.blueprints.cases.timeline import PROOFS
from app.blueprints.cases.transitions import Who
from app.blueprints.photos.models import Photo
from app.blueprints.reports.models import EventPhoto, Report, ReportEvent, ReportPhoto
from app.errors import NotFound


def report_photo(session: Session, actor: User, report_id: int, position: int) -> Photo:
    """A photo of a report that the actor may see. Raises NotFound."""
    seen = visible_cases(actor).with_only_columns(Report.id)
    return _prepared(
        session,
        select(Photo)
        .join(ReportPhoto, ReportPhoto.sha256 == Photo.sha256)
        .where(
            ReportPhoto.report_id == report_id,
            ReportPhoto.position == position,
            ReportPhoto.report_id.in_(seen),
        ),
    )


def event_photo(
    session: Session, actor: User, report_id: int, event_id: int, position: int
) -> Photo:
    """A photo of a step of a case: all of them for who works on it, a reporter's own case without
    internal steps, and what proves the work for whoever reported the same. Raises NotFound."""
    found = (
        select(Photo)
        .join(EventPhoto, EventPhoto.sha256 == Photo.sha256)
        .join(ReportEvent, ReportEvent.id == EventPhoto.event_id)
        .where(
            ReportEvent.report_id == report_id,
            EventPhoto.event_id == event_id,
            EventPhoto.position == position,
        )
    )
    case = session.scalar(visible_cases(actor).where(Report.id == report_id))
    if case is None:
        found = found.where(_merged(actor, report_id).exists(), ReportEvent.step.in_(PROOFS))
    if case is None or who_is(session, actor, case) == {Who.REPORTER}:
        found = found.where(ReportEvent.internal.is_(False))
    return _prepared(session, found)


def _merged(actor: User, report_id: int) -> Select[int]:
    """The actor's own reports that were merged into this case."""
    return select(Report.id).where(
        Report.merged_into_id == report_id, Report.reporter_id == actor.id
    )


def _prepared(session: Session, found: Select[Photo]) -> Photo:
    photo = session.scalar(found)
    if photo is None or photo.work_state != "done":
        raise NotFound
    return photo
