"""Reviews in the person's language: what was noticed, where it stands, what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.fairness.models import Pattern, Review, ReviewState
from app.blueprints.points.models import Occasion


@dataclass(frozen=True)
class Look:
    """A word, an icon of the sprite, and a tone that is a class of `.status`."""

    word: str
    icon: str
    tone: str = ""


_PATTERNS: Mapping[Pattern, tuple[Any, str]] = {
    Pattern.VELOCITY: (_l("Too much in too short a time"), "clock"),
    Pattern.SAME_PHOTOS: (_l("The same photo again"), "image"),
    Pattern.SAME_PAIR: (_l("Nearly always the same two"), "handshake"),
    Pattern.OWN_WORK: (_l("Confirmed for oneself"), "user"),
    Pattern.TRAVEL: (_l("Too far apart"), "navigation"),
    Pattern.CHURN: (_l("Redeemed and cancelled again and again"), "refresh-cw"),
}
_STATES: Mapping[ReviewState, tuple[Any, str, str]] = {
    ReviewState.OPEN: (_l("To look at"), "eye", "wait"),
    ReviewState.CLEARED: (_l("All is well"), "circle-check", "ok"),
    ReviewState.UPHELD: (_l("Earns nothing"), "shield-x", "bad"),
    ReviewState.OBJECTED: (_l("The rider objects"), "hand", "wait"),
    ReviewState.CONFIRMED: (_l("Earns nothing, for good"), "shield-x", "bad"),
    ReviewState.OVERTURNED: (_l("Counts again"), "shield-check", "ok"),
}
_STEPS = {
    "notice": _l("Noticed by itself"),
    "clear": _l("Found to be fair"),
    "uphold": _l("Found to be unfair"),
    "object": _l("The rider objected"),
    "confirm": _l("The objection did not change it"),
    "overturn": _l("The objection was right"),
}
_OCCASIONS: Mapping[Occasion, tuple[Any, str]] = {
    Occasion.CASE: (_l("Report"), "camera"),
    Occasion.VISIT: (_l("Visit"), "coffee"),
    Occasion.TASK: (_l("Task"), "clipboard-list"),
    Occasion.ACTIVITY: (_l("Activity"), "users"),
}


def pattern_look(pattern: Pattern) -> Look:
    """What was noticed."""
    word, icon = _PATTERNS[pattern]
    return Look(str(word), icon)


def pattern_looks() -> list[tuple[str, Look]]:
    """All of them, for a choice."""
    return [(pattern.value, pattern_look(pattern)) for pattern in Pattern]


def state_look(state: ReviewState) -> Look:
    """Where a review stands."""
    word, icon, tone = _STATES[state]
    return Look(str(word), icon, tone)


def occasion_look(occasion: Occasion) -> Look:
    """What kind of deed it is."""
    word, icon = _OCCASIONS[occasion]
    return Look(str(word), icon)


def step_word(step: str) -> str:
    """A step of the table of transitions."""
    return str(_STEPS[step])


def noticed(review: Review) -> str:
    """What was noticed, in a sentence without anybody's name: riders read it too."""
    return str(_SENTENCES[review.pattern](review.evidence))


def _velocity(found: Mapping[str, Any]) -> Any:
    return _(
        "%(hour)s deeds within one hour, %(day)s on that day.",
        hour=found["hour"], day=found["day"],
    )  # fmt: skip


def _photos(found: Mapping[str, Any]) -> Any:
    return _(
        "Photos that an earlier deed was paid for already: %(count)s.", count=len(found["photos"])
    )


def _pair(found: Mapping[str, Any]) -> Any:
    numbers = {
        "count": found["count"], "of_rider": found["of_rider"], "of_other": found["of_other"]
    }  # fmt: skip
    if found["who"] == "host":
        return _(
            "In 30 days one host wrote down %(count)s visits by the number alone, of "
            "%(of_rider)s visits in all; the host wrote down %(of_other)s so.",
            **numbers,
        )
    if found["who"] == "checker":
        return _(
            "In 30 days one person accepted %(count)s of %(of_rider)s tasks done; that person "
            "accepted %(of_other)s in all.",
            **numbers,
        )
    return _(
        "In 30 days one person verified %(count)s of %(of_rider)s cases closed; that person "
        "verified %(of_other)s in all.",
        **numbers,
    )


def _own_work(found: Mapping[str, Any]) -> Any:
    return _("Confirmed by the same person who did it: %(count)s times.", count=found["count"])


def _travel(found: Mapping[str, Any]) -> Any:
    _one, _other, metres, seconds = max(found["legs"], key=lambda leg: leg[2] / max(leg[3], 1))
    return _(
        "%(km)s km between two deeds that lie %(minutes)s minutes apart.",
        km=f"{metres / 1000:.1f}", minutes=f"{seconds / 60:.0f}",
    )  # fmt: skip


def _churn(found: Mapping[str, Any]) -> Any:
    return _("%(count)s rewards redeemed and cancelled in one week.", count=found["cancelled"])


_SENTENCES = {
    Pattern.VELOCITY: _velocity, Pattern.SAME_PHOTOS: _photos, Pattern.SAME_PAIR: _pair,
    Pattern.OWN_WORK: _own_work, Pattern.TRAVEL: _travel, Pattern.CHURN: _churn,
}  # fmt: skip
