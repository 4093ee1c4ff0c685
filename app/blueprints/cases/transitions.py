"""A case's life as one table: which step leads from where to where, whose it is, what it needs."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.blueprints.reports.models import OPEN, State

APPEAL_WITHIN = timedelta(days=7)
REOPEN_WITHIN = timedelta(days=7)


class Who(StrEnum):
    """What somebody is to a case. One person may be several."""

    REPORTER = "reporter"
    CENTRE = "centre"
    AUTHORITY = "authority"
    DEPARTMENT = "department"
    """A handler of the department that leads."""
    ASSISTANT = "assistant"
    """A handler of another department that has a part."""
    VERIFIER = "verifier"
    """A grid worker of the place."""
    SYSTEM = "system"


class Need(StrEnum):
    """What must come with a step."""

    NOTE = "note"
    PHOTO = "photo"
    NOTE_OR_PHOTO = "note_or_photo"
    DEPARTMENT = "department"
    HOURS = "hours"
    CASE = "case"


@dataclass(frozen=True)
class Step:
    """A row of the table. `target` None: the state stays, or for `answer` and its like the case
    goes back to where it was asked."""

    name: str
    who: Who
    sources: tuple[State, ...]
    target: State | None
    needs: tuple[Need, ...] = ()
    internal: bool = False
    """Never shown to the reporter."""


_S, _N = State, Need
AT_DEPARTMENT = (_S.DISPATCHED, _S.HANDLING, _S.EXTENSION_ASKED, _S.REWORK)
"""The department's clock runs."""
AT_CENTRE = (_S.RECEIVED, _S.APPEALED, _S.ACCEPTED, _S.RETURNED, _S.REOPENED)
ASKABLE = (_S.RECEIVED, _S.ACCEPTED, _S.HANDLING)
"""Where the reporter may be asked something, and where the answer leads back to."""
MERGEABLE = (*AT_CENTRE, _S.DISPATCHED, _S.HANDLING)

STEPS = (
    Step("accept", Who.CENTRE, (_S.RECEIVED, _S.APPEALED), _S.ACCEPTED),
    Step("reject", Who.CENTRE, (_S.RECEIVED, _S.APPEALED), _S.REJECTED, (_N.NOTE,)),
    Step("appeal", Who.REPORTER, (_S.REJECTED,), _S.APPEALED, (_N.NOTE,)),
    Step("withdraw", Who.REPORTER, (_S.RECEIVED, _S.APPEALED, _S.ACCEPTED), _S.WITHDRAWN),
    Step("restore", Who.REPORTER, (_S.WITHDRAWN,), _S.RECEIVED),
    Step("reconsider", Who.CENTRE, (_S.REJECTED, _S.WITHDRAWN), _S.RECEIVED, (_N.NOTE,), True),
    Step("merge", Who.CENTRE, MERGEABLE, _S.MERGED, (_N.CASE,)),
    Step("split", Who.CENTRE, (_S.MERGED,), _S.ACCEPTED, (_N.NOTE,), True),
    Step(
        "dispatch", Who.CENTRE, (_S.ACCEPTED, _S.RETURNED, _S.REOPENED), _S.DISPATCHED,
        (_N.DEPARTMENT,),
    ),
    Step("recall", Who.CENTRE, AT_DEPARTMENT, _S.ACCEPTED, (_N.NOTE,), True),
    Step(
        "redispatch", Who.CENTRE, AT_DEPARTMENT, _S.DISPATCHED, (_N.DEPARTMENT, _N.NOTE), True
    ),
    Step("take", Who.DEPARTMENT, (_S.DISPATCHED, _S.REWORK), _S.HANDLING),
    Step("return", Who.DEPARTMENT, (_S.DISPATCHED, _S.HANDLING), _S.RETURNED, (_N.NOTE,), True),
    Step(
        "ask_extension", Who.DEPARTMENT, (_S.HANDLING,), _S.EXTENSION_ASKED,
        (_N.NOTE, _N.HOURS), True,
    ),
    Step("grant", Who.CENTRE, (_S.EXTENSION_ASKED,), _S.HANDLING, (_N.HOURS,), True),
    Step("refuse", Who.CENTRE, (_S.EXTENSION_ASKED,), _S.HANDLING, (_N.NOTE,), True),
    Step("ask", Who.CENTRE, ASKABLE, _S.WAITING, (_N.NOTE,)),
    Step("ask", Who.DEPARTMENT, (_S.HANDLING,), _S.WAITING, (_N.NOTE,)),
    Step("answer", Who.REPORTER, (_S.WAITING,), None, (_N.NOTE_OR_PHOTO,)),
    Step("go_on", Who.CENTRE, (_S.WAITING,), None, (_N.NOTE,), True),
    Step("go_on", Who.DEPARTMENT, (_S.WAITING,), None, (_N.NOTE,), True),
    Step("go_on", Who.SYSTEM, (_S.WAITING,), None, (), True),
    Step(
        "finish", Who.DEPARTMENT, (_S.HANDLING, _S.EXTENSION_ASKED, _S.REWORK), _S.HANDLED,
        (_N.NOTE, _N.PHOTO),
    ),
    Step("verify", Who.VERIFIER, (_S.HANDLED, _S.REOPENED), _S.VERIFIED, (_N.PHOTO,)),
    Step("verify", Who.CENTRE, (_S.HANDLED, _S.REOPENED), _S.VERIFIED, (_N.NOTE,)),
    Step("fail", Who.VERIFIER, (_S.HANDLED,), _S.REWORK, (_N.NOTE, _N.PHOTO)),
    Step("fail", Who.CENTRE, (_S.HANDLED, _S.VERIFIED), _S.REWORK, (_N.NOTE,)),
    Step("close", Who.CENTRE, (_S.VERIFIED,), _S.CLOSED),
    Step("reopen", Who.REPORTER, (_S.CLOSED,), _S.REOPENED, (_N.NOTE_OR_PHOTO,)),
    Step("reopen", Who.CENTRE, (_S.CLOSED,), _S.REOPENED, (_N.NOTE,)),
    # What happens to a case without leading it anywhere.
    Step("finish_part", Who.ASSISTANT, AT_DEPARTMENT, None, (_N.NOTE,), True),
    Step("supervise", Who.AUTHORITY, OPEN, None, (_N.NOTE,), True),
    Step("lift", Who.AUTHORITY, OPEN, None, (), True),
    Step("note", Who.CENTRE, tuple(State), None, (_N.NOTE,), True),
    Step("note", Who.DEPARTMENT, AT_DEPARTMENT, None, (_N.NOTE,), True),
    Step("note", Who.VERIFIER, (_S.HANDLED, _S.REOPENED), None, (_N.NOTE,), True),
    Step("note", Who.SYSTEM, tuple(State), None, (_N.NOTE,), True),
    Step("rate", Who.REPORTER, (_S.CLOSED,), None),
)  # fmt: skip
NAMES = tuple(dict.fromkeys(step.name for step in STEPS))
RESUMES = ("answer", "go_on")
"""Steps that lead back to where the reporter was asked."""
SHORT_OF_STATE = ("finish_part", "supervise", "lift", "note", "rate")
"""Steps after which the state is what it was."""


def steps_for(who: frozenset[Who], state: State) -> tuple[Step, ...]:
    """The steps that somebody may take of a case in a state, in the order of the table; one of a
    name, whichever row comes first."""
    found = [step for step in STEPS if step.who in who and state in step.sources]
    return tuple({step.name: step for step in reversed(found)}.values())[::-1]


def step_of(name: str, who: frozenset[Who], state: State) -> Step | None:
    """The row by which somebody takes a step from a state, if there is one."""
    return next((step for step in steps_for(who, state) if step.name == name), None)
