"""What the lists of the settings pages offer to choose from."""

from collections.abc import Sequence

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.cases.settings_forms import Choices
from app.blueprints.cases.settings_templates import STEPS
from app.blueprints.cases.words import step_word
from app.blueprints.organisations import finding
from app.blueprints.reports.models import Category
from app.blueprints.reports.queries import categories


def locale() -> str:
    """The person's language."""
    return str(get_locale() or "zh_Hans")


def department_choices(session: Session) -> list[tuple[str, str]]:
    """All departments, after an empty line."""
    found = [(str(one.id), one.name(locale())) for one in finding.departments(session)]
    return [("", _("Choose a department")), *found]


def step_choices() -> list[tuple[str, str]]:
    """The steps that templates are for, after an empty line."""
    return [("", _("Choose a step")), *((step, step_word(step)) for step in STEPS)]


def category_choices(session: Session, empty: str) -> Choices:
    """All categories by group, after an empty line of these words."""
    return {"": [("", empty)]} | {
        name: [_pair(one) for one in members]
        for name, members in _groups(categories(session)).items()
    }


def rule_choices(session: Session) -> Choices:
    """What a rule may be for: any category, one group, or one category."""
    groups = _groups(categories(session))
    whole = [
        (f"group:{members[0].code[:2]}", _("%(group)s (whole group)", group=name))
        for name, members in groups.items()
    ]
    single = {
        name: [(f"category:{one.code}", _pair(one)[1]) for one in members]
        for name, members in groups.items()
    }
    return {"": [("", _("any category"))], _("Groups"): whole} | single


def group_names(session: Session) -> dict[str, str]:
    """The names of groups by their two digits."""
    return {one.code[:2]: one.group(locale()) for one in categories(session)}


def _groups(found: Sequence[Category]) -> dict[str, list[Category]]:
    groups: dict[str, list[Category]] = {}
    for one in found:
        groups.setdefault(f"{one.code[:2]} {one.group(locale())}", []).append(one)
    return groups


def _pair(category: Category) -> tuple[str, str]:
    return category.code, f"{category.code} {category.name(locale())}"
