"""Tasks and claims in the person's language."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.points.forms import FIVE_ROLES
from app.blueprints.tasks.models import ClaimState, QuestionKind, TaskState
from app.blueprints.tasks.proof import Mark


@dataclass(frozen=True)
class Look:
    """A word, an icon of the sprite, and a tone that is a class of `.status`."""

    word: str
    icon: str
    tone: str


_TASKS: dict[TaskState, tuple[Any, str, str]] = {
    TaskState.DRAFT: (_l("Task draft"), "pencil", "still"),
    TaskState.OPEN: (_l("Open for riders"), "play", "going"),
    TaskState.CLOSED: (_l("Takes no more riders"), "circle-check", "still"),
    TaskState.CANCELLED: (_l("Called off"), "ban", "bad"),
}
_CLAIMS: dict[ClaimState, tuple[Any, str, str]] = {
    ClaimState.CLAIMED: (_l("Claimed, to be done"), "clock", "going"),
    ClaimState.HANDED_IN: (_l("Handed in, being checked"), "inbox", "wait"),
    ClaimState.SENT_BACK: (_l("Sent back, to be mended"), "undo-2", "wait"),
    ClaimState.ACCEPTED: (_l("Task accepted"), "circle-check", "ok"),
    ClaimState.REFUSED: (_l("Task refused"), "circle-x", "bad"),
    ClaimState.APPEALED: (_l("Appeal being looked at"), "scale", "wait"),
    ClaimState.UPHELD: (_l("Refused, the appeal too"), "circle-x", "still"),
    ClaimState.RELEASED: (_l("Let go"), "undo-2", "still"),
    ClaimState.EXPIRED: (_l("Time ran out"), "clock", "bad"),
    ClaimState.CANCELLED: (_l("Called off by the office"), "ban", "still"),
}
MARKS: dict[Mark, Any] = {
    Mark.TOO_FAR: _l("The phone was not at the place"),
    Mark.NO_CHECK_IN: _l("No check-in at the station"),
    Mark.EARLY: _l("Done before the task began"),
    Mark.CLOCK: _l("The phone's clock was wrong"),
    Mark.LATE: _l("Arrived after the time, done before"),
}
QUESTION_KINDS: dict[QuestionKind, Any] = {
    QuestionKind.WORDS: _l("Answer in words"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.NUMBER: _l("A number"),
    QuestionKind.CHOICE: _l("One of several answers"),
}
CLAIM_STEPS: dict[str, Any] = {
    "claim": _l("Claimed"),
    "release": _l("Let go by the rider"),
    "hand_in": _l("Handed in by the rider"),
    "accept": _l("Accepted the work"),
    "send_back": _l("Sent back for more"),
    "refuse": _l("Refused the work"),
    "take_back": _l("Took the acceptance back"),
    "appeal": _l("The rider appealed"),
    "grant": _l("Granted the appeal"),
    "uphold": _l("Upheld the refusal"),
    "expire": _l("Ran out of time"),
    "cancel": _l("Called the task off"),
    "report": _l("Made a report of it"),
}
TASK_STEPS: dict[str, Any] = {
    "make": _l("Wrote the task"),
    "change": _l("Changed the draft"),
    "publish": _l("Published it"),
    "adjust": _l("Changed places or end"),
    "close": _l("Closed it"),
    "end": _l("Its time was over"),
    "cancel": _l("Called the task off"),
}


def task_look(state: TaskState) -> Look:
    """How a task's state is shown."""
    return _look(_TASKS[state])


def claim_look(state: ClaimState) -> Look:
    """How a claim's state is shown."""
    return _look(_CLAIMS[state])


def role_word(name: str) -> str:
    """One of the five roles, by its name in the data."""
    return str(dict(FIVE_ROLES.values()).get(name, name))


def mark_words(marks: list[str]) -> list[str]:
    """What to look at twice."""
    return [str(MARKS[Mark(one)]) for one in marks if one in MARKS]


def _look(found: tuple[Any, str, str]) -> Look:
    word, icon, tone = found
    return Look(str(word), icon, tone)
