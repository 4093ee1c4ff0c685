"""What the parts of rewards are called, and how they look."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.rewards.models import (
    MoveKind,
    RedemptionState,
    RewardKind,
    RewardState,
    WhyNot,
)


@dataclass(frozen=True)
class Look:
    """A word, an icon of the sprite, and a tone that is a class of `.status`."""

    word: Any
    icon: str
    tone: str = ""


KINDS: dict[RewardKind, Look] = {
    RewardKind.GOODS: Look(_l("Goods"), "package"),
    RewardKind.MEAL: Look(_l("Meal voucher"), "utensils"),
    RewardKind.SERVICE: Look(_l("Service"), "calendar"),
    RewardKind.CHARITY: Look(_l("Charity"), "heart-pulse"),
}
STATES: dict[RewardState, Look] = {
    RewardState.DRAFT: Look(_l("Draft, nobody sees it"), "pencil", "wait"),
    RewardState.LIVE: Look(_l("To be had"), "circle-check", "ok"),
    RewardState.ENDED: Look(_l("Over"), "ban", "still"),
}
VOUCHER_STATES: dict[RedemptionState, Look] = {
    RedemptionState.HELD: Look(_l("Not handed out yet"), "clock", "going"),
    RedemptionState.GIVEN: Look(_l("Handed out"), "circle-check", "ok"),
    RedemptionState.EXPIRED: Look(_l("Run out"), "history", "still"),
    RedemptionState.CANCELLED: Look(_l("Cancelled"), "undo-2", "still"),
}
MOVES: dict[MoveKind, Look] = {
    MoveKind.DELIVERY: Look(_l("Delivered"), "package-open", "ok"),
    MoveKind.REDEEM: Look(_l("Redeemed by a rider"), "gift"),
    MoveKind.RETURN: Look(_l("Came back"), "undo-2"),
    MoveKind.COUNT: Look(_l("Counted"), "clipboard-list"),
    MoveKind.HEARD: Look(_l("Handed out before it was counted"), "clipboard-list"),
    MoveKind.OUT: Look(_l("Taken out"), "trash-2", "wait"),
}
WHY_NOT: dict[WhyNot, Any] = {
    WhyNot.GIVEN_BEFORE: _l("It had been handed out before."),
    WhyNot.EXPIRED: _l("It had run out."),
    WhyNot.CANCELLED: _l("The rider had cancelled it."),
    WhyNot.OTHER_STATION: _l("It is for another station."),
    WhyNot.NO_POINTS: _l("The points had come back to the rider and are spent."),
}
STEPS: dict[str, Any] = {
    "make": _l("entered"), "change": _l("changed"), "publish": _l("published"),
    "end": _l("ended"), "resume": _l("shown again"), "picture": _l("pictures changed"),
    "offer": _l("to be had at a place"), "withdraw": _l("no longer to be had at a place"),
    "slot": _l("times changed"),
}  # fmt: skip
"""What was done to a reward."""
VOUCHER_STEPS: dict[str, Any] = {
    "redeem": _l("Redeemed by the rider"), "give": _l("Handed out"),
    "donate": _l("Given to charity"),
    "cancel": _l("Cancelled by the rider"), "recall": _l("Taken back"),
    "expire": _l("Ran out, points came back"), "honour": _l("Handed out in time, heard of late"),
    "refund": _l("Points given back"), "conflict": _l("Handed out, does not count"),
    "settle": _l("Conflict settled"),
}  # fmt: skip
