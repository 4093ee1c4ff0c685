"""What people are told, by kind: a text made when it is shown, in the language of who reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.blueprints.notifications.models import Notification


@dataclass(frozen=True)
class Kind:
    """A text with places for what is in the notification's data, an icon of the sprite, and a
    tone that is a class of `.status`."""

    text: Any
    icon: str
    tone: str = "going"


KINDS: dict[str, Kind] = {
    "case_accept": Kind(_l("Your report %(case)s (%(category)s) is filed as a case."), "file-text"),
    "case_reject": Kind(
        _l("Your report %(case)s (%(category)s) was not filed. See why; you may appeal."),
        "circle-x", "wait",
    ),
    "case_ask": Kind(
        _l("You are asked something about %(case)s (%(category)s)."), "circle-question-mark", "wait"
    ),
    "case_merge": Kind(
        _l("%(case)s (%(category)s) was reported before; both are handled as one."), "link-2"
    ),
    "case_split": Kind(_l("%(case)s (%(category)s) is handled by itself again."), "file-text"),
    "case_close": Kind(
        _l("%(case)s (%(category)s) is solved and closed. Say whether you are satisfied."),
        "circle-check", "ok",
    ),
    "case_reopen": Kind(_l("%(case)s (%(category)s) was opened again."), "history", "wait"),
    "case_dispatch": Kind(_l("New for your department: %(case)s (%(category)s)."), "inbox"),
    "case_redispatch": Kind(
        _l("Handed over to your department: %(case)s (%(category)s)."), "inbox"
    ),
    "case_part": Kind(_l("Your department has a part in %(case)s (%(category)s)."), "users"),
    "case_gone": Kind(
        _l("%(case)s (%(category)s) is no longer with your department."), "undo-2"
    ),
    "case_fail": Kind(
        _l("%(case)s (%(category)s) did not pass verification: to do again."),
        "refresh-cw", "bad",
    ),
    "case_grant": Kind(_l("%(case)s (%(category)s): the extension is granted."), "calendar", "ok"),
    "case_refuse": Kind(
        _l("%(case)s (%(category)s): the extension is refused."), "calendar", "wait"
    ),
    "case_answer": Kind(_l("%(case)s (%(category)s): the reporter has answered."), "send"),
    "case_go_on": Kind(
        _l("%(case)s (%(category)s) goes on without an answer; the clock runs."), "play"
    ),
    "case_supervise": Kind(_l("%(case)s (%(category)s) is supervised now."), "star", "wait"),
    "case_lift": Kind(_l("%(case)s (%(category)s) is no longer supervised."), "star"),
    "case_appeal": Kind(_l("A reporter appeals: %(case)s (%(category)s)."), "shield-alert", "wait"),
    "case_return": Kind(_l("A department returned %(case)s (%(category)s)."), "undo-2", "wait"),
    "case_ask_extension": Kind(
        _l("A department asks for more time for %(case)s (%(category)s)."), "calendar", "wait"
    ),
    "case_finish": Kind(_l("To verify in your grid: %(case)s (%(category)s)."), "eye"),
    "case_due_soon": Kind(
        _l("%(case)s (%(category)s): a quarter of the time is left."), "clock", "wait"
    ),
    "case_overdue": Kind(_l("%(case)s (%(category)s) is overdue."), "triangle-alert", "bad"),
    "case_still_overdue": Kind(
        _l("%(case)s (%(category)s) is still overdue: day %(days)s."), "triangle-alert", "bad"
    ),
    "cases_stuck": Kind(
        _l(
            "%(count)s cases are stuck: %(decide)s to decide, %(dispatch)s to dispatch, "
            "%(extension)s extensions to answer, %(verify)s to verify or close, "
            "%(late)s long overdue."
        ),
        "pause", "wait",
    ),
    "queue_moved": Kind(
        _l("%(count)s cases were handed over from %(from)s to %(to)s."), "users"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A notification as a page shows it."""

    text: str
    icon: str
    tone: str


def shown(notification: Notification) -> Shown:
    """A notification in the person's language; of a kind that is gone, that there is news."""
    kind = KINDS.get(notification.kind)
    if kind is None:
        return Shown(str(_l("There is news.")), "bell", "going")
    return Shown(str(kind.text) % _said(notification.data), kind.icon, kind.tone)


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
