"""What riders and their stations are told: badge, wishes, vouchers, points, stars, reviews."""

from flask_babel import lazy_gettext as _l

from app.blueprints.notifications.kind import DAY_S, Kind

RIDER_KINDS: dict[str, Kind] = {
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
}  # fmt: skip
