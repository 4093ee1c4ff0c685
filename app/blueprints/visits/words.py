"""What purposes and marks are called on screen: one word for each."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.visits.models import Mark, Purpose, Way


@dataclass(frozen=True)
class Word:
    """A word, and the icon of the sprite that goes with it."""

    text: Any
    icon: str


PURPOSES: dict[Purpose, Word] = {
    Purpose.REST: Word(_l("Rest"), "armchair"),
    Purpose.WATER: Word(_l("Water"), "droplets"),
    Purpose.CHARGE: Word(_l("Charge"), "plug-zap"),
    Purpose.MEAL: Word(_l("Meal"), "utensils"),
    Purpose.TOILET: Word(_l("Toilet"), "toilet"),
    Purpose.HELP: Word(_l("Help"), "handshake"),
    Purpose.OTHER: Word(_l("Other"), "ellipsis"),
}
WAYS: dict[Way, Any] = {
    Way.POSTER: _l("By the poster"),
    Way.COUNTER: _l("By the counter's screen"),
    Way.BADGE: _l("Badge scanned by the host"),
    Way.NUMBER: _l("Written down by number"),
    Way.HAND: _l("Written down by hand"),
}
MARKS: dict[Mark, Any] = {
    Mark.TOO_FAR: _l("Your phone was too far from the station."),
    Mark.NO_PLACE: _l("Your phone did not know where it was."),
    Mark.STALE_CODE: _l("The code was no longer on the counter's screen."),
    Mark.OLD_POSTER: _l("That poster has been replaced by a new one."),
    Mark.CLOCK: _l("The time of it cannot be right, or it came too late."),
    Mark.BADGE: _l("The badge did not count then."),
    Mark.NOBODY: _l("The number is no rider's."),
}
"""Why a check-in is kept and does not count, as its rider reads it."""
