"""Which version of a review somebody looked at: it grows while it is open."""

import hashlib
import json
from collections.abc import Iterable

from app.blueprints.fairness.models import Review
from app.blueprints.points.models import Occurrence, Outcome

GONE = (Outcome.TO_UNDO, Outcome.UNDONE)


def version_of(review: Review, occurrence_ids: Iterable[int]) -> str:
    """The same for the same deeds and evidence, and for no others."""
    packed = json.dumps([sorted(occurrence_ids), review.evidence], sort_keys=True)
    return hashlib.sha256(packed.encode()).hexdigest()[:32]


def is_gone(deed: Occurrence) -> bool:
    """Whether a deed does not count any more, so that nothing of it can be taken back."""
    return deed.outcome in GONE
