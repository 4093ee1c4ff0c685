"""What riders and offices are told of tasks."""

from flask_babel import lazy_gettext as _l

from app.blueprints.notifications.kind import Kind

TASK_KINDS: dict[str, Kind] = {
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
}  # fmt: skip
