"""The rules by which cases find their department: listed, tried, added, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.cases import routing, settings_rules
from app.blueprints.cases.models import RoutingRule
from app.blueprints.cases.routing import Proposal
from app.blueprints.cases.settings_choices import (
    category_choices,
    department_choices,
    group_names,
    locale,
    rule_choices,
)
from app.blueprints.cases.settings_forms import RuleForm, TryForm
from app.blueprints.organisations import finding
from app.blueprints.organisations.areas import locate
from app.blueprints.organisations.models import INTAKE, Organisation, Role
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.geo import degrees_in

bp = Blueprint("case_settings", __name__, url_prefix="/case-settings")


@dataclass(frozen=True)
class Tried:
    """Where a case would go: the proposal, None when nothing says; the area it was asked for."""

    proposal: Proposal | None
    area: str


@bp.get("")
@role_required(*INTAKE)
def index() -> ResponseReturnValue:
    """The first page that the person may see."""
    if actor().has_role(Role.ADMINISTRATOR):
        return redirect(url_for(".rules"))
    return redirect(url_for("settings_absences.page"))


@bp.get("/rules")
@role_required(Role.ADMINISTRATOR)
def rules() -> ResponseReturnValue:
    """All rules; with `category` in the address also where such a case would go."""
    asked = "category" in request.args
    form = _try_form(asked)
    tried = _tried(form) if asked and form.validate() else None
    return _page(try_form=form, tried=tried), 422 if form.errors else 200


@bp.post("/rules")
@role_required(Role.ADMINISTRATOR)
def add_rule() -> ResponseReturnValue:
    """Add a rule."""
    form = _rule_form()
    if not form.validate():
        return _page(form=form), 422
    try:
        area_id = _area_id(form.area.data)
        with transaction(db.session()):
            settings_rules.make_rule(db.session(), actor(), form.draft(area_id), now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _page(form=form), 422
    flash(_("The rule counts from now on."))
    return redirect(url_for(".rules"))


@bp.post("/rules/<int:rule_id>/end")
@role_required(Role.ADMINISTRATOR)
def end_rule(rule_id: int) -> ResponseReturnValue:
    """End a rule."""
    with transaction(db.session()):
        settings_rules.end_rule(db.session(), actor(), rule_id, now=clock.now())
    flash(_("The rule has ended."))
    return redirect(url_for(".rules"))


def _page(
    *, form: RuleForm | None = None, try_form: TryForm | None = None, tried: Tried | None = None
) -> str:
    session = db.session()
    return render_template(
        "case_settings/rules.html",
        form=form or _rule_form(),
        try_form=try_form or _try_form(asked=False),
        tried=tried,
        rules=_by_group(settings_rules.all_rules(session)),
        ended=settings_rules.ended_rules(session),
        groups=group_names(session),
        areas=finding.areas_above_grids(session),
        words=routing.conditions,
    )


def _by_group(rules: Sequence[RoutingRule]) -> dict[str, list[RoutingRule]]:
    """Rules by the two digits of the group that they are of, "" for all categories."""
    found: dict[str, list[RoutingRule]] = {}
    for rule in rules:
        found.setdefault((rule.category_code or rule.group or "")[:2], []).append(rule)
    return found


def _rule_form() -> RuleForm:
    form = RuleForm(request.form)
    form.what.choices = rule_choices(db.session())
    form.department_id.choices = department_choices(db.session())
    return form


def _try_form(asked: bool) -> TryForm:
    here = clock.to_local(clock.now()).replace(tzinfo=None)
    form = TryForm(request.args if asked else None, data={"at": here})
    form.category.choices = category_choices(db.session(), _("Choose a category"))
    return form


def _tried(form: TryForm) -> Tried | None:
    """What the rules say; None, with the reason at the field, when the place means none."""
    session = db.session()
    try:
        area = _place(form.place.data or "")
    except Invalid as error:
        form.say(error.errors)
        return None
    at: datetime = form.at.moment
    proposal = routing.propose(session, form.category.data, area, at)
    return Tried(proposal, finding.full_name(session, area, locale()) if area else "")


def _place(text: str) -> Organisation | None:
    """The area that a name or a pair of coordinates means. Raises Invalid at `place`."""
    session, point = db.session(), degrees_in(text)
    if point is None:
        return _area(text, "place")
    place = locate(session, *point)
    if place is None:
        raise Invalid({"place": [_("That place lies in no grid.")]})
    return session.get(Organisation, place.grid_id)


def _area_id(name: str | None) -> int | None:
    area = _area(name or "", "area")
    return area.id if area else None


def _area(name: str, field: str) -> Organisation | None:
    """The one area of a name, None for no name. Raises Invalid at the field."""
    if not name:
        return None
    found = finding.areas_called(db.session(), name)
    if len(found) == 1:
        return found[0]
    if found:
        said = _("%(count)s areas are called so; put the street before it: street/grid.",
                 count=len(found))  # fmt: skip
    else:
        said = _("There is no such area.")
    raise Invalid({field: [said]})
