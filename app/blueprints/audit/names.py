"""What looks, their reasons and subjects are called on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.blueprints.audit.queries import Names

_WORDS = {
    "rider": _l("Page of the rider"),
    "portrait": _l("Portrait"),
    "log": _l("Log of passes"),
    "export": _l("Export of passes"),
    "map": _l("Building map"),
    "rules": _l("Change of settings"),
}
_REASONS = {"register": _l("Work at the register")}


def look_name(what: str) -> str:
    """The kind of a look in the person's language."""
    return str(_WORDS.get(what, what))


def reason_name(reason: str) -> str:
    """Why somebody looked: a known reason in the person's language, else as it was given."""
    return str(_REASONS.get(reason, reason))


def subject_name(subject: str, names: Mapping[str, Names], locale: str) -> str:
    """Whose data it was, by name if there still is one."""
    chinese, english = names.get(subject, (subject, subject))
    return english if locale == "en" else chinese
