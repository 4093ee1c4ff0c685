"""The answer templates: listed, added, changed, deleted."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.cases import settings_templates as templates
from app.blueprints.cases.settings_choices import category_choices, step_choices
from app.blueprints.cases.settings_forms import TemplateForm
from app.blueprints.cases.words import step_word
from app.blueprints.organisations.models import INTAKE
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("settings_templates", __name__, url_prefix="/case-settings/templates")


@bp.get("")
@role_required(*INTAKE)
def page() -> str:
    """All templates by step, and a form for another one."""
    return _page(_form())


@bp.post("")
@role_required(*INTAKE)
def add() -> ResponseReturnValue:
    """Add a template."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction(db.session()):
            templates.make_template(db.session(), actor(), form.draft(), now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _page(form), 422
    flash(_("Saved."))
    return redirect(url_for(".page"))


@bp.get("/<int:template_id>")
@role_required(*INTAKE)
def show(template_id: int) -> str:
    """One template, to be changed."""
    template = templates.template_of(db.session(), actor(), template_id)
    return _one(template_id, _form(obj=template))


@bp.post("/<int:template_id>")
@role_required(*INTAKE)
def change(template_id: int) -> ResponseReturnValue:
    """Set all of a template."""
    templates.template_of(db.session(), actor(), template_id)
    form = _form()
    if not form.validate():
        return _one(template_id, form), 422
    try:
        with transaction(db.session()):
            templates.change_template(
                db.session(), actor(), template_id, form.draft(), now=clock.now()
            )
    except Invalid as error:
        form.say(error.errors)
        return _one(template_id, form), 422
    flash(_("Saved."))
    return redirect(url_for(".page"))


@bp.post("/<int:template_id>/delete")
@role_required(*INTAKE)
def delete(template_id: int) -> ResponseReturnValue:
    """Delete a template."""
    with transaction(db.session()):
        templates.delete_template(db.session(), actor(), template_id, now=clock.now())
    flash(_("The template is deleted."))
    return redirect(url_for(".page"))


def _page(form: TemplateForm) -> str:
    found = templates.all_templates(db.session(), actor())
    by_step = {
        step: [one for one in found if one.step == step]
        for step in templates.STEPS
        if any(one.step == step for one in found)
    }
    return render_template(
        "case_settings/templates.html", form=form, by_step=by_step, step_word=step_word
    )


def _one(template_id: int, form: TemplateForm) -> str:
    return render_template("case_settings/template.html", form=form, template_id=template_id)


def _form(obj: object = None) -> TemplateForm:
    form = TemplateForm(request.form, obj=obj)
    form.step.choices = step_choices()
    form.category_code.choices = category_choices(db.session(), _("all categories"))
    return form
