"""Budgets: listed, one with its statement, given, taken back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.access import actor, role_required
from app.blueprints.organisations.models import BUDGETS, Role
from app.blueprints.points import budgets, services
from app.blueprints.points.budget_forms import GiveForm, TakeBackForm
from app.blueprints.points.words import ICONS, budget_words
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("point_budgets", __name__, url_prefix="/point-budgets")


@bp.get("")
@role_required(*BUDGETS)
def listed() -> str:
    """Budgets that I may see; for administrators the form that gives."""
    return _page(_form())


@bp.post("")
@role_required(Role.ADMINISTRATOR)
def give() -> ResponseReturnValue:
    """Give an organisation points to hand out."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction(db.session()):
            budgets.give(
                db.session(), actor(), organisation_id=int(form.organisation.data),
                amount=form.amount.data, reason=form.reason.data, key=form.key.data,
                now=clock.now(),
            )  # fmt: skip
    except Invalid as error:
        form.say(error.errors)
        return _page(form), 422
    flash(ngettext("%(num)s point is given.", "%(num)s points are given.", form.amount.data))
    return redirect(url_for(".listed"))


@bp.get("/<int:account_id>")
@role_required(*BUDGETS)
def show(account_id: int) -> str:
    """One budget, and every entry that led to it."""
    return _one(account_id)


@bp.post("/<int:account_id>/gifts/<int:transfer_id>/back")
@role_required(Role.ADMINISTRATOR)
def take_back(account_id: int, transfer_id: int) -> ResponseReturnValue:
    """Take a gift back."""
    form = TakeBackForm(request.form)
    if not form.validate():
        return _one(account_id, wrong=(transfer_id, form)), 422
    with transaction(db.session()):
        budgets.take_back(
            db.session(), actor(), account_id=account_id, transfer_id=transfer_id,
            reason=form.reason.data, now=clock.now(),
        )  # fmt: skip
    flash(_("The gift is taken back."))
    return redirect(url_for(".show", account_id=account_id))


def _form() -> GiveForm:
    form, locale = GiveForm(request.form), str(get_locale())
    form.organisation.choices = [
        SelectChoice("", _("choose")),
        *(SelectChoice(str(one.id), one.name(locale)) for one in services.payers(db.session())),
    ]
    return form


def _page(form: GiveForm) -> str:
    after = request.args.get("after", type=int)
    found = budgets.page(db.session(), actor(), after=after, now=clock.now())
    return render_template("points/budgets.html", page=found, form=form)


def _one(account_id: int, wrong: tuple[int, TakeBackForm] | None = None) -> str:
    session, before = db.session(), request.args.get("before", type=int)
    budget = budgets.budget(session, actor(), account_id, now=clock.now())
    page = budgets.statement(session, budget.account.id, before=before)
    gifts = [line.entry.transfer_id for line in page.lines]
    return render_template(
        "points/budget.html", budget=budget, page=page, words=budget_words, icons=ICONS,
        gone=budgets.taken_back(session, gifts), wrong=wrong, form=TakeBackForm(),
        names=budgets.actors_of(session, page) if actor().has_role(Role.ADMINISTRATOR) else {},
    )  # fmt: skip
