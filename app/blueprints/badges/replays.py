"""Codes that a reader has accepted, so that a picture of one does not let in a second time."""

from collections.abc import Iterable

from app.blueprints.badges.codec import Proof

WINDOW_S = 15 * 60
SAME_LOOK_S = 5

Key = tuple[bytes, int, int]
"""badge_id, time, counter: never signature bytes, because an ECDSA signature can be altered and
still verify (r, s and r, n - s are both good; SEC 1, 4.1.4)."""


class Replays:
    """What was accepted, and when (seconds). Built from what was kept, if anything was."""

    def __init__(self, accepted: Iterable[tuple[Key, float]] = ()) -> None:
        self._accepted = dict(accepted)

    def __len__(self) -> int:
        return len(self._accepted)

    def seen(self, badge_id: bytes, proof: Proof, now_s: float) -> bool:
        """Whether this code was accepted in the last 15 minutes and not just now: who holds a
        phone into the camera for some seconds shows it once."""
        at_s = self._accepted.get((badge_id, proof.time_s, proof.counter))
        if at_s is None:
            return False
        return SAME_LOOK_S < abs(now_s - at_s) <= WINDOW_S

    def accept(self, badge_id: bytes, proof: Proof, now_s: float) -> None:
        """Remember a code. The first look counts, so that looking on does not renew it."""
        self._forget_old(now_s)
        self._accepted.setdefault((badge_id, proof.time_s, proof.counter), now_s)

    def _forget_old(self, now_s: float) -> None:
        """From the front, where the oldest stand: each is looked at once."""
        while self._accepted:
            key = next(iter(self._accepted))
            if now_s - self._accepted[key] <= WINDOW_S:
                return
            del self._accepted[key]
