"""The working calendar, and the limits of categories."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.cases import settings_calendar, settings_limits
from app.blueprints.cases.settings_choices import group_names, limit_words, locale
from app.blueprints.cases.settings_forms import DayForm, LimitForm
from app.blueprints.cases.settings_limits import CategorySettings
from app.blueprints.organisations.models import Role
from app.blueprints.reports.models import Category
from app.blueprints.reports.queries import categories
from app.errors import Invalid, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.fields import FIRST_YEAR, LAST_YEAR
from app.lib.working_time import arrangement_known

bp = Blueprint("settings_limits", __name__, url_prefix="/case-settings")


@bp.get("/calendar")
@role_required(Role.ADMINISTRATOR)
def calendar() -> str:
    """A year's days, and what the district says of single ones."""
    this_year = clock.to_local(clock.now()).year
    return _calendar(request.args.get("year", this_year, type=int), DayForm())


@bp.post("/calendar")
@role_required(Role.ADMINISTRATOR)
def set_day() -> ResponseReturnValue:
    """Say of a day whether it is worked."""
    form = DayForm(request.form)
    if not form.validate():
        return _calendar(clock.to_local(clock.now()).year, form), 422
    day: date = form.day.data
    with transaction(db.session()):
        settings_calendar.set_day(
            db.session(), actor(), day, works=form.works.data == "1", reason=form.reason.data,
            now=clock.now(),
        )  # fmt: skip
    flash(_("Saved. It counts for every clock that starts from now on."))
    return redirect(url_for(".calendar", year=day.year))


@bp.post("/calendar/<day>/delete")
@role_required(Role.ADMINISTRATOR)
def forget_day(day: str) -> ResponseReturnValue:
    """The year's arrangement counts for a day again."""
    try:
        meant = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    with transaction(db.session()):
        settings_calendar.forget_day(db.session(), actor(), meant, now=clock.now())
    flash(_("The arrangement of the year counts again for that day."))
    return redirect(url_for(".calendar", year=meant.year))


def _calendar(year: int, form: DayForm) -> str:
    next_year = clock.to_local(clock.now()).year + 1
    return render_template(
        "case_settings/calendar.html",
        year=settings_calendar.year_of(db.session(), year),
        form=form,
        first=FIRST_YEAR,
        last=LAST_YEAR,
        next_year=next_year,
        next_known=arrangement_known(next_year),
        month_names=[_month_name(year, month) for month in range(1, 13)],
    )


def _month_name(year: int, month: int) -> str:
    return str(format_date(date(year, month, 1), "MMMM y" if locale() == "en" else "y年M月"))


@bp.get("/limits")
@role_required(Role.ADMINISTRATOR)
def limits() -> str:
    """All categories with their limits."""
    session = db.session()
    return render_template(
        "case_settings/limits.html",
        categories=_by_group(categories(session)), groups=group_names(session),
        limit_words=limit_words,
    )  # fmt: skip


def _by_group(found: Sequence[Category]) -> dict[str, list[Category]]:
    groups: dict[str, list[Category]] = {}
    for one in found:
        groups.setdefault(one.code[:2], []).append(one)
    return groups


@bp.get("/limits/<category_code>")
@role_required(Role.ADMINISTRATOR)
def limit(category_code: str) -> str:
    """One category's limit, to be changed."""
    category = _category(category_code)
    return _limit(category, LimitForm(obj=CategorySettings.of(category)))


@bp.post("/limits/<category_code>")
@role_required(Role.ADMINISTRATOR)
def set_limit(category_code: str) -> ResponseReturnValue:
    """Set a category's limit, conditions and points."""
    form = LimitForm(request.form)
    if not form.validate():
        return _limit(_category(category_code), form), 422
    try:
        with transaction(db.session()):
            settings_limits.set_category(
                db.session(), actor(), category_code, form.settings(), now=clock.now()
            )
    except Invalid as error:
        form.say(error.errors)
        return _limit(_category(category_code), form), 422
    flash(_("Saved. Cases that are dispatched from now on have the new limit."))
    return redirect(url_for(".limits", _anchor=f"group-{category_code[:2]}"))


def _category(code: str) -> Category:
    category = db.session().get(Category, code) if len(code) <= 8 else None
    if category is None:
        raise NotFound
    return category


def _limit(category: Category, form: LimitForm) -> str:
    return render_template("case_settings/limit.html", category=category, form=form)
