"""What may become of a wish: one table of from, to, and who."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.blueprints.voices.models import WishState


class Who(StrEnum):
    """Who takes a step: the rider whose wish it is, who works at the station, an administrator."""

    RIDER = "rider"
    HOST = "host"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Transition:
    """A step from a state to a state. A wish begins from None."""

    step: str
    source: WishState | None
    target: WishState
    who: Who


ANSWERS = ("plan", "fulfil", "decline")
"""The steps that answer a wish, in words."""
SHOWN = tuple(state for state in WishState if state != WishState.HIDDEN)
_OPEN, _PLANNED, _DECLINED = WishState.OPEN, WishState.PLANNED, WishState.DECLINED
_WAITING = (_OPEN, _PLANNED)


def _rows(
    step: str, sources: tuple[WishState, ...], target: WishState, who: Who
) -> Iterator[Transition]:
    yield from (Transition(step, source, target, who) for source in sources)


TRANSITIONS: tuple[Transition, ...] = (
    Transition("wish", None, _OPEN, Who.RIDER),
    *_rows("plan", (*_WAITING, _DECLINED), _PLANNED, Who.HOST),
    *_rows("fulfil", (*_WAITING, _DECLINED), WishState.FULFILLED, Who.HOST),
    *_rows("decline", _WAITING, _DECLINED, Who.HOST),
    *_rows("withdraw", _WAITING, WishState.WITHDRAWN, Who.RIDER),
    *_rows("hide", SHOWN, WishState.HIDDEN, Who.HOST),
    *(Transition("unhide", WishState.HIDDEN, state, Who.ADMINISTRATOR) for state in SHOWN),
)
"""A planned wish may be planned anew, in other words. Unhidden it is again what it was before."""


def offered(state: WishState, who: Who) -> tuple[str, ...]:
    """The steps that somebody may take from a state, in the order of the table."""
    found = (one.step for one in TRANSITIONS if one.source == state and one.who == who)
    return tuple(dict.fromkeys(found))


def leads(step: str, source: WishState | None, target: WishState | None = None) -> WishState | None:
    """Where a step leads from a state; with a target only if it leads there. None: nowhere."""
    found = [one.target for one in TRANSITIONS if (one.step, one.source) == (step, source)]
    if target is not None:
        return target if target in found else None
    return found[0] if len(found) == 1 else None
