"""Who is told of a step, and what."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.notifications.services import notify
from app.blueprints.reports.models import Report, ReportEvent

TO_REPORTER = ("accept", "reject", "ask", "merge", "close", "split")
"""Steps of which everybody who reported the problem is told."""


def tell(session: Session, case: Report, event: ReportEvent, *, now: datetime) -> None:
    """Tell whom a step concerns, but never whoever took it."""
    if event.step in TO_REPORTER:
        people = set(reporters(session, case)) - {event.actor_id}
        notify(
            session, people, kind=f"case_{event.step}", data={"case": case.number},
            url=f"/reports/{case.id}", now=now,
        )  # fmt: skip


def reporters(session: Session, case: Report) -> list[int]:
    """Who reported this problem: with this case, and with those merged into it."""
    same = or_(Report.id == case.id, Report.merged_into_id == case.id)
    return list(session.scalars(select(Report.reporter_id).where(same).distinct()))
