"""What people are told, by kind: a text made when it is shown, in the language of who reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.blueprints.notifications.case_kinds import CASE_KINDS
from app.blueprints.notifications.kind import Kind
from app.blueprints.notifications.models import Notification
from app.blueprints.notifications.rider_kinds import RIDER_KINDS
from app.blueprints.notifications.task_kinds import TASK_KINDS

TOPICS: dict[str, Any] = {
    "reports": _l("My reports"),
    "cases": _l("Cases for me to work on"),
    "deadlines": _l("Deadlines"),
    "badge": _l("My badge"),
    "stations": _l("My stations and wishes"),
    "tasks": _l("Tasks"),
    "points": _l("My points and stars"),
    "rewards": _l("Rewards and vouchers"),
    "announcements": _l("Announcements"),
    "operation": _l("Operation of the system"),
}
"""What somebody may switch off, as people call it."""


KINDS: dict[str, Kind] = {
    **CASE_KINDS, **RIDER_KINDS, **TASK_KINDS,
    "announcement": Kind(
        _l("This announcement was taken back."), "megaphone", topic="announcements", urgency="low"
    ),
    "push_stopped": Kind(
        _l("The push service %(service)s refuses our messages: %(reason)s"),
        "triangle-alert", "bad", topic="operation", urgency="high", critical=True,
    ),
}  # fmt: skip


UNKNOWN = Kind(_l("There is news."), "bell")
"""Of a kind that is gone."""


def kind_of(notification: Notification) -> Kind:
    """How messages of its kind look and travel."""
    return KINDS.get(notification.kind, UNKNOWN)


@dataclass(frozen=True)
class Shown:
    """A notification as a page or a phone shows it."""

    title: str
    text: str
    icon: str
    tone: str


def shown(notification: Notification) -> Shown:
    """A notification in the language of the present context. The words of an announcement are
    its office's own; taken back, it says that."""
    kind = kind_of(notification)
    title = str(TOPICS[kind.topic])
    wording = notification.wording
    if wording is None or wording.recalled_at is not None:
        return Shown(title, str(kind.text) % _said(notification.data), kind.icon, kind.tone)
    if str(get_locale()) == "en":
        return Shown(wording.title_en, wording.body_en, kind.icon, kind.tone)
    return Shown(wording.title_zh, wording.body_zh, kind.icon, kind.tone)


def _said(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data, names in one language; what an older row lacks reads as a dash."""
    language = "en" if str(get_locale()) == "en" else "zh"
    values = {
        name: value.get(language, "") if isinstance(value, dict) else value
        for name, value in data.items()
    }
    return _Dashes(values)


class _Dashes(dict[str, Any]):
    def __missing__(self, _key: str) -> str:
        return "–"
