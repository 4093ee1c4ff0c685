"""Wishes and ratings in the person's language."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.blueprints.voices.models import WishState


@dataclass(frozen=True)
class Look:
    """A word, an icon of the sprite, and a tone that is a class of `.status`."""

    word: str
    icon: str
    tone: str


_WISHES = {
    WishState.OPEN: (_l("Wished, no answer yet"), "clock", "wait"),
    WishState.PLANNED: (_l("Planned"), "calendar", "going"),
    WishState.FULFILLED: (_l("Come true"), "sparkles", "ok"),
    WishState.DECLINED: (_l("Cannot be done"), "circle-x", "still"),
    WishState.WITHDRAWN: (_l("Withdrawn by the rider"), "undo-2", "still"),
    WishState.HIDDEN: (_l("Hidden from others"), "ban", "bad"),
}
_SCORES = {
    1: (_l("Bad"), "frown", "bad"),
    2: (_l("So-so"), "meh", "wait"),
    3: (_l("Good"), "smile", "ok"),
}
_STEPS = {
    "plan": (_l("We plan it"), "calendar"),
    "fulfil": (_l("It has come true"), "sparkles"),
    "decline": (_l("It cannot be done"), "circle-x"),
}


def wish_look(state: WishState) -> Look:
    """How a wish's state is shown."""
    return _look(_WISHES[state])


def score_look(score: int) -> Look:
    """How a rating is shown."""
    return _look(_SCORES[score])


def answer_choices() -> list[tuple[str, str, str]]:
    """The answers to a wish: the step, its words, its icon."""
    return [(step, str(word), icon) for step, (word, icon) in _STEPS.items()]


def _look(found: tuple[object, str, str]) -> Look:
    word, icon, tone = found
    return Look(str(word), icon, tone)
