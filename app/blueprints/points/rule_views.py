"""The rules of points: listed, tried on the last month, entered, ended."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.access import actor, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.points import services
from app.blueprints.points.dry_run import Trial, paid_lately, try_rule
from app.blueprints.points.forms import FIVE_ROLES, OCCASIONS, RuleForm
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("point_rules", __name__, url_prefix="/point-rules")


@bp.get("")
@role_required(Role.ADMINISTRATOR)
def listed() -> str:
    """All rules, and the form for a new one."""
    return _page(_form())


@bp.post("")
@role_required(Role.ADMINISTRATOR)
def add() -> ResponseReturnValue:
    """Try a rule on the last 30 days (`try` in the form), or enter it."""
    form, now = _form(), clock.now()
    if not form.validate():
        return _page(form), 422
    if "try" in request.form:
        draft = form.draft()
        return _page(form, try_rule(db.session(), draft.occasion, draft, now=now))
    try:
        with transaction(db.session()):
            services.make_rule(db.session(), actor(), form.draft(), now=now)
    except Invalid as error:
        form.say(error.errors)
        return _page(form), 422
    flash(_("The rule is entered."))
    return redirect(url_for(".listed"))


@bp.post("/<int:rule_id>/end")
@role_required(Role.ADMINISTRATOR)
def end(rule_id: int) -> ResponseReturnValue:
    """End a rule: what happens from now on earns nothing by it."""
    with transaction(db.session()):
        services.end_rule(db.session(), actor(), rule_id, now=clock.now())
    flash(_("The rule has ended."))
    return redirect(url_for(".listed"))


def _form() -> RuleForm:
    soon = clock.to_local(clock.now() + timedelta(hours=1)).replace(minute=0, second=0)
    form = RuleForm(request.form, since=soon.replace(tzinfo=None, microsecond=0))
    locale = str(get_locale())
    form.payer.choices = [
        SelectChoice("", _("the district")),
        *(SelectChoice(str(one.id), one.name(locale)) for one in services.payers(db.session())),
    ]
    return form


def _page(form: RuleForm, trial: Trial | None = None) -> str:
    session, now = db.session(), clock.now()
    return render_template(
        "points/rules.html", form=form, trial=trial, rules=services.rules(session), now=now,
        occasions=OCCASIONS, roles=dict(FIVE_ROLES.values()),
        paid=paid_lately(session, now=now),
    )  # fmt: skip
