"""The centre's desk: what came in, and whether it becomes a case."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.cases.life import Details, take_step
from app.blueprints.organisations.models import INTAKE
from app.blueprints.reports import queries
from app.blueprints.reports.forms import RejectForm
from app.blueprints.reports.models import State
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("intake", __name__, url_prefix="/intake")
ALL = "all"


def _filter() -> str:
    wanted = request.args.get("state", State.RECEIVED)
    return wanted if wanted in (*State, ALL) else State.RECEIVED


def _render(report_id: int | None, form: RejectForm | None = None) -> str:
    person, chosen = actor(), _filter()
    state = None if chosen == ALL else State(chosen)
    page = queries.intake(
        db.session(), person, state=state, before=request.args.get("before", type=int)
    )
    report = queries.one(db.session(), person, report_id) if report_id else None
    return render_template(
        "intake/desk.html",
        page=page,
        counts=queries.counts(db.session(), person),
        chosen=chosen,
        report=report,
        form=form or RejectForm(),
    )


@bp.get("")
@role_required(*INTAKE)
def desk() -> str:
    """The list."""
    return _render(None)


@bp.get("/<int:report_id>")
@role_required(*INTAKE)
def show(report_id: int) -> str:
    """One report beside the list."""
    return _render(report_id)


@bp.post("/<int:report_id>/accept")
@role_required(*INTAKE)
def accept(report_id: int) -> ResponseReturnValue:
    """File it as a case."""
    _decide(report_id, State.ACCEPTED)
    return _next(report_id)


@bp.post("/<int:report_id>/reject")
@role_required(*INTAKE)
def reject(report_id: int) -> ResponseReturnValue:
    """Turn it down, with the reason that the rider will read."""
    form = RejectForm(request.form)
    if not form.validate():
        return _render(report_id, form), 422
    _decide(report_id, State.REJECTED, form.reason.data or "")
    return _next(report_id)


def _next(report_id: int) -> ResponseReturnValue:
    """On to the report below, so that a desk works down its list; else to the list."""
    chosen, following = _filter(), None
    if chosen == State.RECEIVED:
        following = queries.next_in_intake(
            db.session(), actor(), state=State.RECEIVED, after=report_id
        )
    if following is None:
        return redirect(url_for("intake.desk", state=chosen))
    before = request.args.get("before", type=int)
    return redirect(url_for("intake.show", report_id=following, state=chosen, before=before))


def _decide(report_id: int, target: State, note: str = "") -> None:
    with transaction(db.session()):
        report = queries.one(db.session(), actor(), report_id)
        number = report.number
        step = "accept" if target == State.ACCEPTED else "reject"
        take_step(db.session(), actor(), report, step, Details(note=note), now=clock.now())
    accepted = target == State.ACCEPTED
    flash(
        _("Filed: %(number)s", number=number)
        if accepted
        else _("Rejected: %(number)s", number=number)
    )
