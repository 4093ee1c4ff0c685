"""What pages of wishes and ratings show, without what whoever looks may not read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.blueprints.voices.models import Rating
from app.blueprints.voices.words import Look, score_look
from app.lib.database import MAX_ROW_ID
from app.lib.text import whole_number

BEST_FIRST = (3, 2, 1)


@dataclass(frozen=True)
class Said:
    """A rating as a desk shows it: hidden words only to who may read them."""

    id: int
    look: Look
    words: str
    hidden: bool
    reason: str
    at: datetime


@dataclass(frozen=True)
class Summary:
    """How a station was rated lately: the percentage of good ratings, None without any; and each
    score with its number."""

    total: int
    good: int | None
    scores: Sequence[tuple[Look, int]]


def said(ratings: Iterable[Rating], *, hidden_too: bool) -> list[Said]:
    """Ratings as whoever looks may read them."""
    return [_said(one, hidden_too) for one in ratings]


def _said(rating: Rating, hidden_too: bool) -> Said:
    hidden = rating.hidden_at is not None
    readable = hidden_too or not hidden
    return Said(
        rating.id, score_look(rating.score), rating.words if readable else "", hidden,
        rating.hidden_reason if readable else "", rating.at,
    )  # fmt: skip


def summary(scores: Mapping[int, int]) -> Summary:
    """What the numbers by score say."""
    total = sum(scores.values())
    good = round(100 * scores.get(BEST_FIRST[0], 0) / total) if total else None
    return Summary(total, good, [(score_look(score), scores.get(score, 0)) for score in BEST_FIRST])


def row_id(text: str | None) -> int | None:
    """The id after which a page begins, as it stands in an address; None for anything else."""
    return whole_number(text, MAX_ROW_ID)
