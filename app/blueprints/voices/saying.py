"""What riders and hosts may write: one plain line within bounds, and not too often."""

import unicodedata
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.lib.clock import start_of_day
from app.lib.text import clean

MAX_WORDS, MAX_WISH, MAX_ANSWER, MAX_REASON = 200, 300, 300, 120
MOST_RATINGS, MOST_WISHES = 20, 3
"""Of one rider in a local day."""
MOST_MARKS = 2
"""Marks over or under one letter; piled up they run over the lines of others."""


def line(text: object) -> str:
    """What somebody wrote, as one line: composed, without control characters, characters that
    turn the writing round, and piled-up marks; "" if nothing is to be seen of it."""
    said = " ".join(clean(text).split())
    return _thinned(said) if any(_is_seen(one) for one in said) else ""


def too_long(text: str, most: int) -> list[str]:
    """What is wrong with a text's length."""
    return [_("At most %(most)s characters.", most=most)] if len(text) > most else []


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The local day of a moment: its beginning, and that of the next."""
    begun = start_of_day(moment)
    return begun, start_of_day(begun + timedelta(hours=36))


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS"


def _thinned(text: str) -> str:
    kept, marks = [], 0
    for one in text:
        marks = marks + 1 if unicodedata.category(one) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(one)
    return "".join(kept)
