"""Passes before they are written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.blueprints.gates.conflicts import Found
from app.blueprints.gates.models import Chain, Directions, Method, Outcome

AHEAD = timedelta(minutes=10)
"""How far a phone's time may be ahead before it cannot be right."""
MOVES_FOR = timedelta(days=7)
"""A pass that comes later than this no longer changes who was inside."""


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as it is kept: of the phone, the barrier, or the server."""

    level: str
    reason: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where a statement stands in the chain of its phone. Hashes are SHA-256 in hex."""

    scanner_id: int
    seq: int
    prev_hash: str
    statement: str
    statement_hash: str
    signature: bytes
    chain: Chain = Chain.OK


@dataclass(frozen=True, slots=True)
class PassDraft:
    """A pass, ready to be written by `record`. `badge_id` is the id of the badge's row, `link` is
    there when a gate phone made it, `conflicts` are those found beforehand.

    `phone` is what was said at the gate, by whatever stands there; `server` what the server says.
    """

    key: str
    compound_id: int
    gate_id: int
    at: datetime
    received_at: datetime
    method: Method
    direction: Directions
    phone: Said
    server: Said
    outcome: Outcome
    rider_id: int | None = None
    badge_id: int | None = None
    label: str = ""
    guard: str = ""
    vehicle: str = ""
    barrier_id: int | None = None
    distance_m: int | None = None
    proof_time_s: int | None = None
    proof_counter: int | None = None
    undone_at: datetime | None = None
    link: Link | None = None
    conflicts: tuple[Found, ...] = ()

    @property
    def scanner_id(self) -> int | None:
        """The gate phone that made it."""
        return self.link.scanner_id if self.link else None

    @property
    def counts(self) -> bool:
        """Whether somebody passed: what was refused, taken back or altered moves nobody."""
        altered = self.link is not None and self.link.chain == Chain.ALTERED
        return self.outcome == Outcome.ENTERED and self.undone_at is None and not altered


def moves(at: datetime, received_at: datetime) -> bool:
    """Whether a pass of that time, received then, says where somebody is."""
    return received_at - MOVES_FOR <= at <= received_at + AHEAD


@dataclass(frozen=True, slots=True)
class Recorded:
    """A pass that is written. It has no page of its own."""

    id: int
    number: str
    url: str = ""
