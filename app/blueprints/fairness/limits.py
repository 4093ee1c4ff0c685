"""What an honest day can hold. Beyond it somebody looks; nothing is withheld for it."""

from dataclasses import dataclass
from datetime import timedelta

HOUR = timedelta(hours=1)
MOST_IN_AN_HOUR = 20
"""Deeds of one rider: one in three minutes, the way between them included."""
MOST_IN_A_DAY = 90
"""Twice a long day of 45."""
FASTEST_KMH = 120.0
NEAREST_M = 3_000
"""Places nearer to each other prove nothing: phones err, and districts are small."""
SLACK_M, SLACK = 500, timedelta(minutes=2)
"""Given to every pair of places, beside what the phones say of their own accuracy."""
PAIR_WITHIN = timedelta(days=30)
PHOTOS_WITHIN = timedelta(days=90)
"""How far back a photo that was only compressed again is found; the same bytes for ever."""
CHURN_WITHIN = timedelta(days=7)
MOST_CANCELLED = 6
"""Redemptions that a rider gives back in seven days."""
MOST_DEEDS = 60
"""Deeds that a review lists; there may be more of them."""


@dataclass(frozen=True)
class Pair:
    """From how many confirmations in 30 days on a pair is looked at, and which shares of what the
    rider did so, and of what the other confirmed so, the pair must make up."""

    least: int
    of_rider: float
    of_other: float


HOST = Pair(20, 0.8, 0.2)
"""Visits that a host wrote down by a number; a scanned badge or poster proves the rider."""
CHECKER = Pair(12, 0.8, 0.5)
"""Tasks accepted. An office with one checker has all of its riders with the same one, so both
shares count."""
VERIFIER = Pair(12, 0.8, 0.5)
"""Cases verified by a grid worker."""
