"""What the lists of the settings pages offer to choose from."""

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import SelectChoice

from app.blueprints.cases.settings_templates import STEPS
from app.blueprints.cases.words import step_word
from app.blueprints.organisations import finding
from app.blueprints.reports.models import Category
from app.blueprints.reports.queries import categories
from app.lib.working_time import Unit


def locale() -> str:
    """The person's language."""
    return str(get_locale() or "zh_Hans")


def department_choices(session: Session) -> list[SelectChoice]:
    """All departments, after an empty line."""
    found = finding.departments(session)
    return [
        SelectChoice("", _("Choose a department")),
        *(SelectChoice(str(one.id), one.name(locale())) for one in found),
    ]


def step_choices() -> list[SelectChoice]:
    """The steps that templates are for, after an empty line."""
    return [
        SelectChoice("", _("Choose a step")),
        *(SelectChoice(step, step_word(step)) for step in STEPS),
    ]


def category_choices(session: Session, empty: str) -> list[SelectChoice]:
    """All categories by group, after an empty line of these words."""
    return [
        SelectChoice("", empty),
        *(SelectChoice(one.code, _words(one), optgroup=_group(one)) for one in categories(session)),
    ]


def rule_choices(session: Session) -> list[SelectChoice]:
    """What a rule may be for: any category, one group, or one category."""
    found = categories(session)
    groups = {one.code[:2]: _group(one) for one in found}
    whole = _("Whole groups")
    return [
        SelectChoice("", _("any category")),
        *(SelectChoice(f"group:{code}", name, optgroup=whole) for code, name in groups.items()),
        *(SelectChoice(f"category:{one.code}", _words(one), optgroup=_group(one)) for one in found),
    ]


def group_names(session: Session) -> dict[str, str]:
    """The names of groups by their two digits."""
    return {one.code[:2]: one.group(locale()) for one in categories(session)}


def limit_words(limit: int, unit: str) -> str:
    """A category's limit in words: "4 working hours"."""
    said = {
        Unit.URGENT_HOURS: ngettext("%(num)s hour", "%(num)s hours", limit),
        Unit.WORKING_HOURS: ngettext("%(num)s working hour", "%(num)s working hours", limit),
        Unit.WORKING_DAYS: ngettext("%(num)s working day", "%(num)s working days", limit),
    }
    return str(said[Unit(unit)])


def _group(category: Category) -> str:
    return f"{category.code[:2]} {category.group(locale())}"


def _words(category: Category) -> str:
    return f"{category.code} {category.name(locale())}"
