"""What cases earn those who reported them, told to the ledger whenever that changes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Membership, Role
from app.blueprints.points.models import Occasion
from app.blueprints.points.occurrences import Deed, reconcile
from app.blueprints.reports.models import Report

CHANGE_WHAT_IS_EARNED = ("close", "reopen", "merge", "split")


def tell(session: Session, case: Report, step: str, *, now: datetime) -> None:
    """Tell what the case, the one that it went into, and their doubles earn after a step. Each
    report's `points_earned` is what it is worth; the rules decide what of it is paid."""
    if step not in CHANGE_WHAT_IS_EARNED:
        return
    main = case.merged_into_id or case.id
    family = select(Report).where(
        or_(Report.id.in_((case.id, main)), Report.merged_into_id.in_((case.id, main)))
    )
    reports = session.scalars(family.execution_options(populate_existing=True)).all()
    reconcile(session, Occasion.CASE, _deeds(session, reports), now=now, reason=step)


def book(session: Session, *, after: int, now: datetime, limit: int = 500) -> int | None:
    """Tell of cases that earned before there was a ledger, those after an id; answers the last id
    told of, None when there are no more. Telling again changes nothing."""
    earning = select(Report).where(Report.id > after, Report.points_earned > 0)
    reports = session.scalars(earning.order_by(Report.id).limit(limit)).all()
    reconcile(session, Occasion.CASE, _deeds(session, reports), now=now)
    return reports[-1].id if reports else None


def _deeds(session: Session, reports: Sequence[Report]) -> dict[int, Deed | None]:
    """What reports earn, by their ids: a host who reports what broke at the own station earns
    nothing by it."""
    riders = select(Membership.user_id).where(
        Membership.user_id.in_({report.reporter_id for report in reports}),
        Membership.role == Role.RIDER,
    )
    known = set(session.scalars(riders))
    return {one.id: _deed(one) if one.reporter_id in known else None for one in reports}


def _deed(report: Report) -> Deed | None:
    """None for what earns nothing, as long as it is not closed or its main case is not."""
    if not report.points_earned:
        return None
    # A phone whose clock is not believed may not choose its day.
    at = report.received_at if report.clock_flag else report.captured_at
    return Deed(report.reporter_id, at, report.points_earned, report.category.five_role)
