"""Writing passes of any method, many at a time, with what they lead to: conflicts, presences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.gates.models import Chain, Directions, Method, Outcome


@dataclass(frozen=True)
class Said:
    """A verdict as it is kept: of the phone, the barrier, or the server."""

    level: str
    reason: str
    detail: str | None = None


@dataclass(frozen=True)
class Link:
    """Where a statement stands in the chain of its phone. Hashes are SHA-256 in hex."""

    scanner_id: int
    seq: int
    prev_hash: str
    statement: str
    statement_hash: str
    signature: bytes
    chain: Chain = Chain.OK


@dataclass(frozen=True)
class PassDraft:
    """A pass, ready to be written by `record`. `badge_id` is the id of the badge's row; `conflicts`
    are those that whoever made the draft has found."""

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
    link: Link | None = None


@dataclass(frozen=True)
class Recorded:
    """A pass that is written. It has no page of its own."""

    id: int
    number: str
    url: str = ""


def record(session: Session, drafts: Sequence[PassDraft]) -> list[Recorded]:
    """Write passes, in their order; with their conflicts and presences, in few statements."""
    raise NotImplementedError
