"""What may become of an announcement."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.blueprints.announcements.models import State


@dataclass(frozen=True)
class Step:
    """From which states it is taken, and where it leads; None leaves the state as it is."""

    source: tuple[State, ...]
    target: State | None


STEPS: Mapping[str, Step] = {
    "create": Step((), State.DRAFT),
    "change": Step((State.DRAFT,), None),
    "schedule": Step((State.DRAFT,), State.SCHEDULED),
    "begin": Step((State.SCHEDULED,), State.SENDING),
    "finish": Step((State.SENDING,), State.SENT),
    "recall": Step((State.SCHEDULED, State.SENDING, State.SENT), State.RECALLED),
}


def possible(state: State, step: str) -> bool:
    """Whether a step can be taken from a state."""
    return state in STEPS[step].source
