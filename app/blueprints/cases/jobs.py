"""Background work on cases. Each job reads first and writes only if something is due; workers who
come at once take turns."""

from sqlalchemy import select

from app.blueprints.cases import alarms, stuck
from app.blueprints.cases.deadlines import working_calendar
from app.blueprints.reports.models import Report
from app.extensions import db
from app.lib import clock
from app.lib.database import alone, transaction
from app.lib.jobs import job


@job("deadlines")
def sound_alarms() -> bool:
    """Warn of deadlines and tell of those that are over; answers whether more wait."""
    session, now = db.session(), clock.now()
    if not alarms.any_due(session, now=now):
        return False
    with transaction(session):
        alone(session, "deadlines")
        return alarms.sound(session, now=now)


@job("stuck")
def move_what_is_stuck() -> bool:
    """Let cases go on whose reporter does not answer, and once a day tell the centre what nobody
    moves; answers whether more wait."""
    session, now = db.session(), clock.now()
    calendar = working_calendar(session)
    if stuck.report_is_due(session, calendar, now=now):
        with transaction(session):
            alone(session, "stuck")
            if stuck.report_is_due(session, calendar, now=now):
                stuck.report(session, calendar, now=now)
    too_long = select(Report.id).where(stuck.waiting_too_long(calendar, now)).limit(1)
    if session.scalar(too_long) is None:
        return False
    with transaction(session):
        alone(session, "stuck")
        return stuck.go_on(session, calendar, now=now)
