"""The desk: the list and one case beside it, searching, and filters under names of one's own."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.cases import saved_filters
from app.blueprints.cases.desk_page import DESK, Shown, kept, render, wanted_filter
from app.blueprints.cases.filters import number_in
from app.blueprints.cases.standing import visible_cases
from app.blueprints.reports.models import Report
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib.database import transaction

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("")
@role_required(*DESK)
def desk() -> str:
    """The list."""
    return render()


@bp.get("/<int:case_id>")
@role_required(*DESK)
def show(case_id: int) -> str:
    """One case beside the list."""
    return render(case_id)


@bp.post("/find")
@role_required(*DESK)
def find() -> ResponseReturnValue:
    """A case by its number, or the list narrowed to words on the place. Posted: those words may
    name somebody, and stand in no address."""
    number = number_in(request.form.get("text", ""))
    if number is not None:
        seen = visible_cases(actor()).where(Report.id == number).with_only_columns(Report.id)
        if db.session.scalar(seen) is not None:
            return redirect(url_for("cases.show", case_id=number, **kept(wanted_filter())))
        return render(shown=Shown(trouble=_("There is no case of that number, or not for you.")))
    return render()


@bp.post("/saved")
@role_required(*DESK)
def save() -> ResponseReturnValue:
    """Keep the filter of the address under a name."""
    wanted = wanted_filter()
    try:
        with transaction(db.session()):
            name = request.form.get("name", "")
            saved = saved_filters.save(db.session(), actor(), wanted, name)
    except (Invalid, Conflict) as error:
        errors = error.errors["name"] if isinstance(error, Invalid) else [str(error.message)]
        return render(shown=Shown(errors={"name": errors})), error.status
    flash(_("Saved: %(name)s", name=saved.name))
    return redirect(url_for("cases.desk", **kept(wanted)))


@bp.post("/saved/<int:saved_id>/delete")
@role_required(*DESK)
def forget(saved_id: int) -> ResponseReturnValue:
    """Delete one of one's own filters."""
    with transaction(db.session()):
        saved_filters.forget(db.session(), actor(), saved_id)
    return redirect(url_for("cases.desk", **kept(wanted_filter())))
