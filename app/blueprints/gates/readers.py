"""The server as a reader of codes at a gate: what it knows, put together from rows.

What is the same for many codes is read once; `server_reader` itself asks the database nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.badges.codec import Code
from app.blueprints.badges.models import Badge, BadgeKind, Standing
from app.blueprints.badges.replays import Replays
from app.blueprints.badges.status_list import Status
from app.blueprints.badges.verdict import Reader
from app.blueprints.gates.models import CompoundGroupMember, Directions, Gate, Outcome, Pass
from app.blueprints.gates.rules import GateRules, printed_of, refusal
from app.lib import clock

Standings = Mapping[int, Standing]
"""How badges stand, by the id of their row."""
_STATUS = {
    Standing.ACTIVE: Status.VALID,
    Standing.SUSPENDED: Status.SUSPENDED,
    Standing.REVOKED: Status.REVOKED,
}


@dataclass(frozen=True)
class StandingNow:
    """A status list that is never old: how badges stand at the moment of judging. A badge whose
    row is gone counts as revoked."""

    iat: int
    standings: Standings

    @property
    def exp(self) -> int:
        """Always after the moment of judging."""
        return self.iat + 1

    def status(self, index: int) -> Status:
        """How a badge stands."""
        return _STATUS[Standing(self.standings.get(index, Standing.REVOKED))]


@dataclass(frozen=True)
class GateKnown:
    """What is set for a gate: its rules, and the groups that its compound is in."""

    gate_id: int
    compound_id: int
    rules: GateRules
    scopes: frozenset[int]


def known_of(session: Session, gate: Gate) -> GateKnown:
    """What is set for a gate now."""
    scopes = scopes_of(session, [gate.compound_id])
    return GateKnown(
        gate.organisation_id, gate.compound_id, GateRules.of(gate), scopes[gate.compound_id]
    )


def scopes_of(session: Session, compound_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The numbers of the groups that each of these compounds is in."""
    found: dict[int, set[int]] = {compound_id: set() for compound_id in compound_ids}
    member = CompoundGroupMember
    rows = session.execute(
        select(member.compound_id, member.number).where(member.compound_id.in_(list(found)))
    )
    for compound_id, number in rows:
        found[compound_id].add(number)
    return {compound_id: frozenset(numbers) for compound_id, numbers in found.items()}


@dataclass(frozen=True)
class Moment:
    """What counts at the moment of one look: when it was (`now_s`, seconds since 1970), which way,
    what was asked for, what had been accepted before, and the day's entries by printed badge."""

    now_s: float
    direction: str = Directions.ENTRY
    challenge: bytes = b""
    replays: Replays = field(default_factory=Replays)
    printed_today: Mapping[str, int] = field(default_factory=dict)


def server_reader(
    known: GateKnown,
    moment: Moment,
    *,
    keys: Mapping[int, Sequence[bytes]],
    standings: Standings,
) -> Reader:
    """The server's reader for one look at a gate. `keys` are the issuer's compressed points by
    kid; `standings` hold at least the badge that is looked at, as of that moment."""
    at = clock.from_ms(int(moment.now_s * 1000))

    def gate_refuses(code: Code) -> str | None:
        return refusal(
            known.rules,
            printed_of(code),
            direction=moment.direction,
            at=at,
            printed_today=moment.printed_today,
        )

    return Reader(
        now_s=moment.now_s,
        keys=keys,
        scopes=known.scopes,
        list=StandingNow(int(moment.now_s), standings),
        challenge=moment.challenge,
        gate_refuses=gate_refuses,
        replays=moment.replays,
    )


def printed_entries(
    session: Session, gate_id: int, *, at: datetime, badge_ids: Iterable[int] | None = None
) -> dict[str, int]:
    """How often each printed badge (16 hexadecimal digits) came in by this gate on the local day
    of `at`, up to then; of all badges, or of those with these row ids."""
    found = (
        select(Badge.badge_id, func.count())
        .join_from(Pass, Badge, Badge.id == Pass.badge_id)
        .where(
            Pass.gate_id == gate_id,
            Pass.at >= clock.start_of_day(at),
            Pass.at <= at,
            Pass.direction == Directions.ENTRY,
            Pass.outcome == Outcome.ENTERED,
            Pass.undone_at.is_(None),
            Badge.kind == BadgeKind.PRINTED,
        )
        .group_by(Badge.badge_id)
    )
    if badge_ids is not None:
        found = found.where(Pass.badge_id.in_(list(badge_ids)))
    return dict(session.execute(found).all())
