"""What people are told of cases, their deadlines, and what waits at a desk."""

from flask_babel import lazy_gettext as _l

from app.blueprints.notifications.kind import Kind

CASE_KINDS: dict[str, Kind] = {
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
}  # fmt: skip
