"""The first page, by role."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import actor, signed_in
from app.blueprints.organisations.models import HANDLING, INTAKE, VERIFYING, Role
from app.blueprints.reports.queries import mine, needing
from app.blueprints.stars.page import brief
from app.blueprints.tasks.rider_queries import to_do
from app.extensions import db
from app.lib import clock

bp = Blueprint("home", __name__)
_DESKS: tuple[tuple[tuple[Role, ...], str], ...] = (
    (INTAKE, "cases.desk"),
    ((*HANDLING, *VERIFYING), "field.page"),
    ((Role.COMPANY_MANAGER,), "riders.desk"),
    ((Role.PROPERTY_MANAGER,), "compounds.desk"),
    ((Role.HOST,), "counter.page"),
)
"""Where people of a role begin their day; the first that fits."""


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """A rider's home, the desk of a role, or a word on what is to come for another."""
    person = actor()
    if person.has_role(Role.RIDER):
        page = mine(db.session(), person, limit=3)
        stars = brief(db.session(), person.id)
        return render_template(
            "home/rider.html", person=person, stars=stars, reports=page.reports,
            needing=needing(db.session(), person, now=clock.now()),
            to_do=to_do(db.session(), person, now=clock.now()),
        )  # fmt: skip
    for roles, endpoint in _DESKS:
        if person.has_role(*roles):
            return redirect(url_for(endpoint))
    if person.has_role(Role.GUARD):
        return redirect(url_for("gate.scan")) if person.phone is None else _guard()
    return render_template("home/other.html", person=person)


def _guard() -> str:
    """A guard with an account of the own, on a phone that may yet become the gate's."""
    return render_template("home/guard.html", person=actor())
