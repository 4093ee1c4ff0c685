"""What may become of a redemption: one table of from, to, and who."""

from dataclasses import dataclass
from enum import StrEnum

from app.blueprints.rewards.models import RedemptionState


class Who(StrEnum):
    """Who takes a step: the rider, a host, an administrator, or time itself."""

    RIDER = "rider"
    HOST = "host"
    ADMINISTRATOR = "administrator"
    ITSELF = "itself"


@dataclass(frozen=True)
class Transition:
    """A step from a state to a state. A redemption begins from None."""

    step: str
    source: RedemptionState | None
    target: RedemptionState
    who: Who


_HELD, _GIVEN = RedemptionState.HELD, RedemptionState.GIVEN
_EXPIRED, _CANCELLED = RedemptionState.EXPIRED, RedemptionState.CANCELLED

TRANSITIONS: tuple[Transition, ...] = (
    Transition("redeem", None, _HELD, Who.RIDER),
    Transition("give", _HELD, _GIVEN, Who.HOST),
    Transition("donate", _HELD, _GIVEN, Who.ITSELF),
    Transition("cancel", _HELD, _CANCELLED, Who.RIDER),
    Transition("recall", _HELD, _CANCELLED, Who.ADMINISTRATOR),
    Transition("expire", _HELD, _EXPIRED, Who.ITSELF),
    Transition("honour", _EXPIRED, _GIVEN, Who.HOST),
    Transition("honour", _CANCELLED, _GIVEN, Who.HOST),
    Transition("refund", _GIVEN, _CANCELLED, Who.ADMINISTRATOR),
)
"""`honour`: handed out while it was good, heard of only after the points had gone back."""


def leads(step: str, source: RedemptionState | None) -> RedemptionState | None:
    """Where a step leads from a state. None: nowhere."""
    found = (one.target for one in TRANSITIONS if (one.step, one.source) == (step, source))
    return next(found, None)
