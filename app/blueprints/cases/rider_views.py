"""The reporter's side of a case."""

from flask import Blueprint, render_template

from app.access import actor, signed_in
from app.blueprints.cases.standing import visible_cases
from app.blueprints.cases.timeline import LOADS, steps_for_reporter
from app.blueprints.cases.words import state_look
from app.blueprints.reports.models import Report
from app.errors import NotFound
from app.extensions import db

bp = Blueprint("reporter", __name__)
bp.add_app_template_global(state_look)


@bp.get("/reports/<int:report_id>")
@signed_in
def show(report_id: int) -> str:
    """One report and what became of it."""
    session, person = db.session(), actor()
    seen = visible_cases(person).where(Report.id == report_id).options(*LOADS)
    report = session.scalar(seen)
    if report is None:
        raise NotFound
    return render_template(
        "reports/show.html", report=report, entries=steps_for_reporter(session, report)
    )
