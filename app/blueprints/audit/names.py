"""What looks, their reasons and subjects are called on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.blueprints.audit.queries import Names

_WORDS = {
    "rider": _l("Page of the rider"),
    "portrait": _l("Portrait"),
    "reporter": _l("Who reported a case"),
    "log": _l("Log of passes"),
    "export": _l("Export of passes"),
    "case_export": _l("Export of cases with who reported"),
    "map": _l("Building map"),
    "rules": _l("Change of settings"),
    "routing": _l("Change of a routing rule"),
    "absence": _l("Absence of a department"),
    "template": _l("Change of a template"),
    "calendar": _l("Change of the working calendar"),
    "category": _l("Change of a limit"),
    "delivery": _l("Sending of messages"),
    "words_hidden": _l("Words of a rating hidden"),
    "words_shown": _l("Words of a rating shown again"),
    "review": _l("Fairness review"),
}
_SUBJECTS = {
    "cases": _l("Cases"),
    "category": _l("Category"),
    "template": _l("Template"),
    "calendar": _l("Working calendar"),
    "deliveries": _l("Messages that were given up"),
    "push_service": _l("Push service"),
    "rating": _l("Rating of a station"),
}
"""Kinds of subjects that have a number or a day and no name here."""
_REASONS = {"register": _l("Work at the register"), "fairness": _l("Looking at what seems unfair")}


def look_name(what: str) -> str:
    """The kind of a look in the person's language."""
    return str(_WORDS.get(what, what))


def reason_name(reason: str) -> str:
    """Why somebody looked: a known reason in the person's language, else as it was given."""
    return str(_REASONS.get(reason, reason))


def subject_name(subject: str, names: Mapping[str, Names], locale: str) -> str:
    """Whose data it was, by name if there still is one."""
    if subject in names:
        chinese, english = names[subject]
        return english if locale == "en" else chinese
    kind, _colon, number = subject.partition(":")
    return f"{_SUBJECTS[kind]} {number}".strip() if kind in _SUBJECTS else subject
