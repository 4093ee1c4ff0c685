"""A filter in words, as the list says it above its rows."""

from collections.abc import Iterable

from flask_babel import format_date
from flask_babel import gettext as _

from app.blueprints.cases.desk_choices import Choices
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.organisations.models import Organisation


def narrowing_words(wanted: CaseFilter, choices: Choices, locale: str) -> str:
    """What narrows a queue, each part in a word or two."""
    category = next((one for one in choices.categories if one.code == wanted.category_code), None)
    said = [
        choices.groups(locale).get(wanted.group, ""),
        category.name(locale) if category else "",
        _name(choices.departments, wanted.department_id, locale),
        _name(choices.streets, wanted.street_id, locale),
        _name(choices.grids, wanted.grid_id, locale) or (_("A grid") if wanted.grid_id else ""),
        _days(wanted),
        _("Overdue") if wanted.overdue else "",
        _("To look at twice") if wanted.flagged else "",
        _("Supervised") if wanted.supervised else "",
        _("No. %(number)s", number=wanted.number) if wanted.number else "",
        f"“{wanted.text}”" if wanted.text else "",
    ]
    return " · ".join(str(one) for one in said if one)


def _name(all_of_them: Iterable[Organisation], wanted: int | None, locale: str) -> str:
    return next((one.name(locale) for one in all_of_them if one.id == wanted), "")


def _days(wanted: CaseFilter) -> str:
    since, until = (format_date(day) if day else "" for day in (wanted.since, wanted.until))
    return f"{since}–{until}" if since or until else ""
