"""What people are told, by kind: a text made when it is shown, in the language of who reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.blueprints.notifications.models import Notification

DAY_S = 86_400
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


@dataclass(frozen=True)
class Kind:
    """A text with places for what is in the notification's data, an icon of the sprite, and a
    tone that is a class of `.status`.

    `urgency` and `ttl_s` are those of RFC 8030, 5.3 and 5.2. A critical kind passes quiet hours
    and goes by SMS too where no phone takes pushes; it cannot be switched off. One that replaces
    takes the place of the one of its kind and address that is on the screen.
    """

    text: Any
    icon: str
    tone: str = "going"
    topic: str = "cases"
    urgency: str = "normal"
    ttl_s: int = 3 * DAY_S
    critical: bool = False
    replaces: bool = False


KINDS: dict[str, Kind] = {
    "case_accept": Kind(
        _l("Your report %(case)s (%(category)s) is filed as a case."),
        "file-text", topic="reports",
    ),
    "case_reject": Kind(
        _l("Your report %(case)s (%(category)s) was not filed. See why; you may appeal."),
        "circle-x", "wait", topic="reports",
    ),
    "case_ask": Kind(
        _l("You are asked something about %(case)s (%(category)s)."),
        "circle-question-mark", "wait", topic="reports", urgency="high",
    ),
    "case_merge": Kind(
        _l("%(case)s (%(category)s) was reported before; both are handled as one."),
        "link-2", topic="reports",
    ),
    "case_split": Kind(
        _l("%(case)s (%(category)s) is handled by itself again."),
        "file-text", topic="reports",
    ),
    "case_close": Kind(
        _l("%(case)s (%(category)s) is solved and closed. Say whether you are satisfied."),
        "circle-check", "ok", topic="reports",
    ),
    "case_reopen": Kind(
        _l("%(case)s (%(category)s) was opened again."),
        "history", "wait", topic="reports",
    ),
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
        _l("%(case)s (%(category)s): a quarter of the time is left."),
        "clock", "wait", topic="deadlines",
    ),
    "case_overdue": Kind(
        _l("%(case)s (%(category)s) is overdue."),
        "triangle-alert", "bad", topic="deadlines", urgency="high",
    ),
    "case_still_overdue": Kind(
        _l("%(case)s (%(category)s) is still overdue: day %(days)s."),
        "triangle-alert", "bad", topic="deadlines", urgency="high", replaces=True,
    ),
    "cases_stuck": Kind(
        _l(
            "%(count)s cases are stuck: %(decide)s to decide, %(dispatch)s to dispatch, "
            "%(extension)s extensions to answer, %(verify)s to verify or close, "
            "%(late)s long overdue."
        ),
        "pause", "wait", topic="deadlines", replaces=True,
    ),
    "queue_moved": Kind(
        _l("%(count)s cases were handed over from %(from)s to %(to)s."), "users"
    ),
    "badge_approved": Kind(
        _l("Your photo was approved: your badge works."), "circle-check", "ok", topic="badge"
    ),
    "badge_rejected": Kind(
        _l("Your photo was not approved: %(reason)s Please take another."),
        "circle-x", "wait", topic="badge",
    ),
    "badge_suspended": Kind(
        _l("Your badge is suspended: %(reason)s"),
        "pause", "bad", topic="badge", urgency="high", critical=True,
    ),
    "badge_resumed": Kind(
        _l("Your badge works again."), "circle-check", "ok", topic="badge", urgency="high"
    ),
    "badge_revoked": Kind(
        _l("Your badge was revoked: %(reason)s"),
        "circle-x", "bad", topic="badge", urgency="high", critical=True,
    ),
    "badge_running_out": Kind(
        _l("Your badge runs out %(until)s. Open it once with network."),
        "clock", "wait", topic="badge", urgency="high", ttl_s=DAY_S, replaces=True,
    ),
    "wish_new": Kind(
        _l("%(station)s: a rider wishes something."),
        "gift", topic="stations", urgency="low", replaces=True,
    ),
    "wish_planned": Kind(
        _l("%(station)s plans what you wished: %(answer)s"), "calendar", topic="stations"
    ),
    "wish_fulfilled": Kind(
        _l("%(station)s: your wish has come true. %(answer)s"), "gift", "ok", topic="stations"
    ),
    "wish_declined": Kind(
        _l("%(station)s cannot do what you wished: %(answer)s"), "info", "wait", topic="stations"
    ),
    "wish_hidden": Kind(
        _l("%(station)s: your wish was hidden from others: %(reason)s"),
        "ban", "wait", topic="stations",
    ),
    "rating_hidden": Kind(
        _l("%(station)s: the words of your rating were hidden from others: %(reason)s"),
        "ban", "wait", topic="stations",
    ),
    "voucher_ready": Kind(
        _l("Your voucher for %(reward)s is ready: show it at the station."),
        "gift", "ok", topic="rewards", urgency="low",
    ),
    "voucher_given": Kind(
        _l("%(station)s handed out: %(reward)s."), "circle-check", "ok", topic="rewards"
    ),
    "voucher_expiring": Kind(
        _l("Your voucher for %(reward)s runs out in three days or less."),
        "clock", "wait", topic="rewards",
    ),
    "voucher_expired": Kind(
        _l("Your voucher for %(reward)s has run out. %(points)s points came back."),
        "undo-2", topic="rewards",
    ),
    "voucher_recalled": Kind(
        _l("Your voucher for %(reward)s was taken back: %(reason)s %(points)s points came back."),
        "undo-2", "wait", topic="rewards",
    ),
    "voucher_refunded": Kind(
        _l("%(reward)s: %(points)s points came back. %(reason)s"), "undo-2", "ok", topic="rewards"
    ),
    "voucher_charged": Kind(
        _l(
            "%(station)s had handed out %(reward)s while your voucher was good: "
            "its %(points)s points are spent after all."
        ),
        "circle-check", "wait", topic="rewards",
    ),
    "voucher_conflict": Kind(
        _l("%(station)s: voucher %(number)s (%(reward)s) was handed out, but does not count."),
        "triangle-alert", "bad", topic="rewards", urgency="high",
    ),
    "star_up": Kind(
        _l("You rose to star level %(level)s: %(points)s points in twelve months."),
        "star", "ok", topic="points",
    ),
    "star_down": Kind(
        _l("Your star level is %(level)s now: points of a year ago count no longer. See why."),
        "star", "wait", topic="points", urgency="low",
    ),
    "points_expiring": Kind(
        _l("%(points)s points run out on %(day)s. Redeem them before."),
        "clock", "wait", topic="points",
    ),
    "points_back_case": Kind(
        _l("%(points)s points were taken back: a report of yours was opened again."),
        "undo-2", "wait", topic="points",
    ),
    "points_back_visit": Kind(
        _l("%(points)s points were taken back: a visit does not count."),
        "undo-2", "wait", topic="points",
    ),
    "points_back_task": Kind(
        _l("%(points)s points were taken back: a task does not count."),
        "undo-2", "wait", topic="points",
    ),
    "points_back_activity": Kind(
        _l("%(points)s points were taken back: an activity does not count."),
        "undo-2", "wait", topic="points",
    ),
    "review_upheld": Kind(
        _l("Something you did was looked at and does not count: %(reason)s You may object."),
        "shield-alert", "wait", topic="points", urgency="high",
    ),
    "review_confirmed": Kind(
        _l("Your objection was answered; it stays as it was: %(reason)s"),
        "shield-alert", "wait", topic="points",
    ),
    "review_overturned": Kind(
        _l("Your objection was right; what was taken back counts again: %(reason)s"),
        "shield-check", "ok", topic="points",
    ),
    "review_waiting": Kind(
        _l("Something looks unfair: have a look at the reviews."),
        "shield-alert", "wait", topic="operation", replaces=True,
    ),
    "review_objected": Kind(
        _l("A rider objects to a review: somebody else than before decides."),
        "shield-alert", "wait", topic="operation",
    ),
    "task_due_soon": Kind(
        _l("Your task is due soon: %(task)s"),
        "clock", "wait", topic="tasks", urgency="high", ttl_s=7200,
    ),
    "task_accepted": Kind(
        _l("Your task was accepted: %(task)s"), "circle-check", "ok", topic="tasks"
    ),
    "task_sent_back": Kind(
        _l("%(task)s was sent back to you: %(reason)s"), "undo-2", "wait", topic="tasks"
    ),
    "task_refused": Kind(
        _l("%(task)s was not accepted: %(reason)s You may appeal."),
        "circle-x", "bad", topic="tasks",
    ),
    "task_taken_back": Kind(
        _l("%(task)s does not count any more: %(reason)s You may appeal."),
        "undo-2", "bad", topic="tasks",
    ),
    "task_appeal_granted": Kind(
        _l("Your appeal was granted, %(task)s counts: %(reason)s"),
        "circle-check", "ok", topic="tasks",
    ),
    "task_appeal_upheld": Kind(
        _l("Your appeal was looked at; %(task)s does not count: %(reason)s"),
        "scale", "wait", topic="tasks",
    ),
    "task_expired": Kind(
        _l("The time for your task ran out: %(task)s"), "clock", "wait", topic="tasks"
    ),
    "task_cancelled": Kind(
        _l("%(task)s was called off: %(reason)s"), "ban", "wait", topic="tasks"
    ),
    "task_handed_in": Kind(
        _l("To check: %(task)s"), "inbox", topic="tasks", urgency="low", replaces=True
    ),
    "task_appeal": Kind(
        _l("A rider appeals: %(task)s"), "scale", "wait", topic="tasks"
    ),
    "task_short": Kind(
        _l("%(task)s stays a draft: the budget does not have the points."),
        "triangle-alert", "wait", topic="tasks",
    ),
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
