"""A report's life, as one table."""

from dataclasses import dataclass

from app.blueprints.organisations.models import INTAKE, Role
from app.blueprints.reports.models import State


@dataclass(frozen=True)
class Transition:
    """A step: from where, to where, by whom, and whether a note must go with it."""

    source: State
    target: State
    roles: tuple[Role, ...]
    needs_note: bool = False


TRANSITIONS = (
    Transition(State.RECEIVED, State.ACCEPTED, INTAKE),
    Transition(State.RECEIVED, State.REJECTED, INTAKE, needs_note=True),
)
