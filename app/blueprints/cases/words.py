"""What states and steps are called on screen: one word for each, everywhere."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.reports.models import State

STATE_WORDS: dict[State, Any] = {
    State.RECEIVED: _l("Awaiting intake"),
    State.REJECTED: _l("Not filed"),
    State.APPEALED: _l("Appealed"),
    State.ACCEPTED: _l("Filed as a case"),
    State.DISPATCHED: _l("Dispatched"),
    State.HANDLING: _l("Being handled"),
    State.EXTENSION_ASKED: _l("Extension asked"),
    State.WAITING: _l("Waiting for an answer"),
    State.RETURNED: _l("To dispatch again"),
    State.HANDLED: _l("To be verified"),
    State.VERIFIED: _l("Verified"),
    State.REWORK: _l("Rework"),
    State.CLOSED: _l("Case closed"),
    State.REOPENED: _l("Reported again"),
    State.MERGED: _l("Merged"),
    State.WITHDRAWN: _l("Withdrawn"),
}
STEP_WORDS: dict[str, Any] = {
    "receive": _l("Report"),
    "accept": _l("File"),
    "reject": _l("Do not file"),
    "appeal": _l("Appeal"),
    "withdraw": _l("Withdraw"),
    "restore": _l("Restore the report"),
    "reconsider": _l("Take up again"),
    "merge": _l("Merge"),
    "split": _l("Split off"),
    "dispatch": _l("Dispatch"),
    "recall": _l("Call back"),
    "redispatch": _l("Hand over to another department"),
    "take": _l("Take on"),
    "return": _l("Return the case"),
    "ask_extension": _l("Ask for an extension"),
    "grant": _l("Grant the extension"),
    "refuse": _l("Refuse the extension"),
    "ask": _l("Ask the reporter"),
    "answer": _l("Answer the question"),
    "go_on": _l("Go on without an answer"),
    "finish": _l("Handling done"),
    "verify": _l("Verification passed"),
    "fail": _l("Verification failed, rework"),
    "close": _l("Close the case"),
    "reopen": _l("Report again"),
    "finish_part": _l("Own part done"),
    "supervise": _l("Supervise"),
    "lift": _l("End the supervision"),
    "note": _l("Internal note"),
    "rate": _l("Say whether it is solved"),
}
"""Names of steps, for buttons and logs."""


@dataclass(frozen=True)
class Look:
    """How a state looks: an icon of the sprite, and a tone that is a class of `.status`."""

    icon: str
    tone: str


LOOKS: dict[State, Look] = {
    State.RECEIVED: Look("inbox", "wait"),
    State.REJECTED: Look("circle-x", "bad"),
    State.APPEALED: Look("shield-alert", "wait"),
    State.ACCEPTED: Look("file-text", "going"),
    State.DISPATCHED: Look("send", "going"),
    State.HANDLING: Look("play", "going"),
    State.EXTENSION_ASKED: Look("calendar", "wait"),
    State.WAITING: Look("circle-question-mark", "wait"),
    State.RETURNED: Look("undo-2", "wait"),
    State.HANDLED: Look("eye", "going"),
    State.VERIFIED: Look("shield-check", "ok"),
    State.REWORK: Look("refresh-cw", "wait"),
    State.CLOSED: Look("circle-check", "ok"),
    State.REOPENED: Look("history", "wait"),
    State.MERGED: Look("link-2", "still"),
    State.WITHDRAWN: Look("x", "still"),
}


def state_word(state: str) -> str:
    """A state in the person's language."""
    return str(STATE_WORDS[State(state)])


def step_word(name: str) -> str:
    """A step in the person's language."""
    return str(STEP_WORDS[name])


def state_look(state: str) -> dict[str, str]:
    """What the macro `ui.state` and pages in JavaScript draw: `{word, icon, tone}`."""
    look = LOOKS[State(state)]
    return {"word": state_word(state), "icon": look.icon, "tone": look.tone}
