"""The first page, by role."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import actor, signed_in
from app.blueprints.organisations.models import INTAKE, Role
from app.blueprints.reports.queries import mine
from app.extensions import db

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """A rider's home, the centre's desk, or a word on what is to come for another role."""
    person = actor()
    if person.has_role(Role.RIDER):
        page = mine(db.session(), person, limit=3)
        return render_template("home/rider.html", person=person, reports=page.reports)
    if person.has_role(*INTAKE):
        return redirect(url_for("intake.desk"))
    return render_template("home/other.html", person=person)
