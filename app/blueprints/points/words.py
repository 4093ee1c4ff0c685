"""Entries in plain words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.points.models import Entry, TransferKind, Why
from app.blueprints.points.occurrences import REVIEWED

_EARNED: dict[str, Any] = {
    "case": _l("Report closed"),
    "visit": _l("Visit to a station"),
    "task": _l("Task done"),
    "activity": _l("Activity attended"),
    "correction": _l("Put right by the office"),
}
_TAKEN_BACK: dict[str, Any] = {
    "case": _l("Taken back: the report was opened again"),
    "visit": _l("Taken back: the visit does not count"),
    "task": _l("Taken back: the task does not count"),
    "activity": _l("Taken back: the activity does not count"),
    "redemption": _l("Given back: nothing was handed out"),
    "correction": _l("Put right by the office"),
}
_OTHERS: dict[str, Any] = {
    TransferKind.CAPTURE: _l("Redeemed"),
    TransferKind.EXPIRE: _l("Ran out"),
    TransferKind.SETTLE: _l("Settled what was taken back before"),
    TransferKind.FUND: _l("Budget"),
}
ICONS = {
    TransferKind.EARN: "plus", TransferKind.CAPTURE: "gift", TransferKind.EXPIRE: "clock",
    TransferKind.REVERSE: "undo-2", TransferKind.SETTLE: "scale", TransferKind.FUND: "plus",
}  # fmt: skip
WHY: dict[Why, Any] = {
    Why.NO_RULE: _l("No points: no rule was in force"),
    Why.NO_WORTH: _l("No points for this"),
    Why.TIMES: _l("No points: the day's limit was reached"),
    Why.POINTS: _l("The day's limit was reached"),
    Why.PLACE: _l("No points: you were paid for this place today"),
    Why.BUDGET: _l("No points: the budget is used up"),
}
"""Why an occurrence earned nothing, or less."""


def entry_words(entry: Entry) -> str:
    """What an entry is, for the rider."""
    transfer = entry.transfer
    if transfer.kind == TransferKind.EARN:
        return str(_EARNED.get(transfer.source_kind, _l("Points earned")))
    if transfer.kind == TransferKind.REVERSE:
        if transfer.reason.startswith(REVIEWED):
            return str(_l("Taken back after a review"))
        return str(_TAKEN_BACK.get(transfer.source_kind, _l("Taken back")))
    return str(_OTHERS[transfer.kind])


_OF_A_BUDGET: dict[str, Any] = {
    "case": _l("Paid: report closed"),
    "visit": _l("Paid: visit to a station"),
    "task": _l("Paid: task done"),
    "activity": _l("Paid: activity attended"),
}
_CAME_BACK: dict[str, Any] = {
    "case": _l("Came back: the report was opened again"),
    "visit": _l("Came back: the visit does not count"),
    "task": _l("Came back: the task does not count"),
    "activity": _l("Came back: the activity does not count"),
    "budget": _l("A gift was taken back"),
}


def budget_words(entry: Entry) -> str:
    """What an entry is, for the organisation whose budget it is. Never whose points they were."""
    transfer = entry.transfer
    if transfer.kind == TransferKind.FUND:
        return str(_l("Given by the district"))
    if transfer.kind == TransferKind.EARN:
        return str(_OF_A_BUDGET.get(transfer.source_kind, _l("Paid")))
    return str(_CAME_BACK.get(transfer.source_kind, _l("Came back")))
