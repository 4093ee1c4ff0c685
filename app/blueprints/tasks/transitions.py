"""What may become of a claim and of a task: a table each of from, to, and who."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.blueprints.tasks.models import ClaimState, TaskState


class Who(StrEnum):
    """Who takes a step: the rider, somebody of the publisher, or the system by itself."""

    RIDER = "rider"
    PUBLISHER = "publisher"
    SYSTEM = "system"


@dataclass(frozen=True)
class Transition:
    """A step of a claim. A claim begins from None."""

    step: str
    source: ClaimState | None
    target: ClaimState
    who: Who


@dataclass(frozen=True)
class TaskTransition:
    """A step of a task. A task begins from None."""

    step: str
    source: TaskState | None
    target: TaskState
    who: Who


_C, _T = ClaimState, TaskState
VERDICTS = {"accept": _C.ACCEPTED, "send_back": _C.SENT_BACK, "refuse": _C.REFUSED}
"""What may be said of what was handed in."""
APPEAL_ANSWERS = {"grant": _C.ACCEPTED, "uphold": _C.UPHELD}


def _rows(
    step: str, sources: tuple[ClaimState, ...], target: ClaimState, who: Who
) -> Iterator[Transition]:
    yield from (Transition(step, source, target, who) for source in sources)


TRANSITIONS: tuple[Transition, ...] = (
    Transition("claim", None, _C.CLAIMED, Who.RIDER),
    Transition("claim", _C.RELEASED, _C.CLAIMED, Who.RIDER),
    *_rows("release", (_C.CLAIMED, _C.SENT_BACK), _C.RELEASED, Who.RIDER),
    *_rows("hand_in", (_C.CLAIMED, _C.SENT_BACK, _C.EXPIRED), _C.HANDED_IN, Who.RIDER),
    *(Transition(step, _C.HANDED_IN, to, Who.PUBLISHER) for step, to in VERDICTS.items()),
    Transition("take_back", _C.ACCEPTED, _C.REFUSED, Who.PUBLISHER),
    Transition("appeal", _C.REFUSED, _C.APPEALED, Who.RIDER),
    *(Transition(step, _C.APPEALED, to, Who.PUBLISHER) for step, to in APPEAL_ANSWERS.items()),
    *_rows("expire", (_C.CLAIMED, _C.SENT_BACK), _C.EXPIRED, Who.SYSTEM),
    *_rows("cancel", (_C.CLAIMED, _C.SENT_BACK), _C.CANCELLED, Who.PUBLISHER),
)
"""An expired claim is handed in where it was done in time and arrives late."""

TASK_TRANSITIONS: tuple[TaskTransition, ...] = (
    TaskTransition("make", None, _T.DRAFT, Who.PUBLISHER),
    TaskTransition("publish", _T.DRAFT, _T.OPEN, Who.PUBLISHER),
    TaskTransition("close", _T.OPEN, _T.CLOSED, Who.PUBLISHER),
    TaskTransition("end", _T.OPEN, _T.CLOSED, Who.SYSTEM),
    TaskTransition("cancel", _T.DRAFT, _T.CANCELLED, Who.PUBLISHER),
    TaskTransition("cancel", _T.OPEN, _T.CANCELLED, Who.PUBLISHER),
)


def leads(step: str, source: ClaimState | None) -> ClaimState | None:
    """Where a step leads a claim from a state; None: nowhere."""
    found = (one.target for one in TRANSITIONS if (one.step, one.source) == (step, source))
    return next(found, None)


def offered(state: ClaimState, who: Who) -> tuple[str, ...]:
    """The steps that somebody may take of a claim, in the order of the table."""
    return tuple(one.step for one in TRANSITIONS if one.source == state and one.who == who)


def task_leads(step: str, source: TaskState | None) -> TaskState | None:
    """Where a step leads a task from a state; None: nowhere."""
    found = (one.target for one in TASK_TRANSITIONS if (one.step, one.source) == (step, source))
    return next(found, None)


def task_offered(state: TaskState) -> tuple[str, ...]:
    """The steps that the publisher may take of a task."""
    return tuple(
        one.step for one in TASK_TRANSITIONS if one.source == state and one.who == Who.PUBLISHER
    )
