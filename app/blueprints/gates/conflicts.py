"""What about a pass a person must look at. A conflict never changes the pass."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ConflictKind(StrEnum):
    """Why somebody must look."""

    REVOKED_MEANWHILE = "revoked_meanwhile"
    """Let in with a badge that was revoked or suspended; the phone did not know yet."""
    VERDICT_DIFFERS = "verdict_differs"
    """Let in though the server says red, or refused though it says green."""
    REPLAYED_ELSEWHERE = "replayed_elsewhere"
    """The same code was accepted by another reader within 15 minutes."""
    TOO_FAR_APART = "too_far_apart"
    """The same rider at two gates, faster than anybody rides."""
    PRINTED_CAP = "printed_cap"
    """A printed badge came in more often than the gate allows."""
    ALTERED = "altered"
    """What arrived is not what the phone signed."""
    BROKEN = "broken"
    """A statement does not follow the one before."""
    MISSING = "missing"
    """Numbers of a phone that never came."""
    CLOCK = "clock"
    """The phone's time cannot be right."""
    ENDED = "ended"
    """It arrived after the phone was ended, with a time before."""


@dataclass(frozen=True)
class Found:
    """A conflict that is not written yet; what is needed to say it in words goes with it."""

    kind: ConflictKind
    detail: Mapping[str, object] = field(default_factory=dict)

    def row(
        self, compound_id: int, scanner_id: int | None, pass_id: int | None, now: datetime
    ) -> dict[str, Any]:
        """The row that it becomes."""
        return {
            "compound_id": compound_id,
            "pass_id": pass_id,
            "scanner_id": scanner_id,
            "kind": self.kind,
            "detail": json.dumps(self.detail, separators=(",", ":"))[:500],
            "created_at": now,
        }
