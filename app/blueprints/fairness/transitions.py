"""What may become of a review: one table of from, to, and who."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.blueprints.fairness.models import ReviewState

OBJECT_WITHIN = timedelta(days=30)
"""How long a rider may object to what was decided."""


class Who(StrEnum):
    """Who takes a step: the worker, an administrator, one who has not decided it before, the rider
    whom it is about."""

    WORKER = "worker"
    ADMINISTRATOR = "administrator"
    ANOTHER = "another"
    RIDER = "rider"


@dataclass(frozen=True)
class Transition:
    """A step from a state to a state. A review begins from None."""

    step: str
    source: ReviewState | None
    target: ReviewState
    who: Who


TRANSITIONS: tuple[Transition, ...] = (
    Transition("notice", None, ReviewState.OPEN, Who.WORKER),
    Transition("clear", ReviewState.OPEN, ReviewState.CLEARED, Who.ADMINISTRATOR),
    Transition("uphold", ReviewState.OPEN, ReviewState.UPHELD, Who.ADMINISTRATOR),
    Transition("object", ReviewState.UPHELD, ReviewState.OBJECTED, Who.RIDER),
    Transition("confirm", ReviewState.OBJECTED, ReviewState.CONFIRMED, Who.ANOTHER),
    Transition("overturn", ReviewState.OBJECTED, ReviewState.OVERTURNED, Who.ANOTHER),
)
"""The second decision stands: nothing leads on from it."""


def leads(step: str, source: ReviewState | None) -> Transition | None:
    """The transition of a step from a state. None: nowhere."""
    found = (one for one in TRANSITIONS if (one.step, one.source) == (step, source))
    return next(found, None)
