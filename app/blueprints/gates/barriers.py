"""Barriers and door controllers: they hand over the text of a code, the server judges it.

A barrier opens for green alone: nobody stands there to compare a face. The same code within five
seconds is the same look; what is refused again is written down once a minute.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.blueprints.badges.codec import Code, Unreadable, decode
from app.blueprints.badges.models import Badge, BadgeKind
from app.blueprints.badges.replays import SAME_LOOK_S, WINDOW_S
from app.blueprints.badges.verdict import Level, Reader, Reason, Verdict, judge
from app.blueprints.gates.models import Barrier, Directions, Gate, Method, Outcome, Pass
from app.blueprints.gates.passes import PassDraft, Said, record
from app.blueprints.gates.readers import Moment, known_of, printed_entries, server_reader
from app.errors import Invalid
from app.lib.database import alone

KEYS = UUID("6c0d4cf2-0c0b-5f6a-9a35-1f1d3c9b7f10")
"""The name space of the keys under which passes of barriers are written (RFC 9562, 5.5)."""
FORGED = (Reason.UNKNOWN_KEY, Reason.BAD_SIGNATURE)
"""What such a code says of anybody was said by nobody of ours."""
IssuerPoints = Mapping[int, Sequence[bytes]]


@dataclass(frozen=True)
class Asked:
    """What a barrier asks: the text that it read, which way (None: the gate's own), and its own
    key for this question, if it may ask it twice."""

    text: str
    direction: Directions | None = None
    key: str | None = None


@dataclass(frozen=True)
class Answer:
    """The verdict, and whether the barrier opens."""

    verdict: Said
    opens: bool
    label: str | None = None
    pass_id: int | None = None


@dataclass(frozen=True)
class Look:
    """A code before a barrier, as far as it can be judged without what was accepted before."""

    barrier_id: int
    gate_id: int
    compound_id: int
    code: Code
    verdict: Verdict
    direction: Directions
    badge_id: int | None
    rider_id: int | None
    asked: Asked
    now: datetime


def token_hash(token: str) -> str:
    """What is kept of a barrier's token. The token is random, so a plain hash tells nothing."""
    return sha256(token.encode()).hexdigest()


def barrier_of(session: Session, token: str) -> Barrier | None:
    """The barrier that has this token, unless it was ended."""
    wanted = token_hash(token)
    found = session.scalar(select(Barrier).where(Barrier.token_hash == wanted))
    if found is None or found.ended_at is not None:
        return None
    return found if hmac.compare_digest(found.token_hash, wanted) else None


def look(
    session: Session, barrier: Barrier, asked: Asked, *, keys: IssuerPoints, now: datetime
) -> Look | Answer:
    """Judge a code. What is no code of ours is answered at once, and written down nowhere."""
    try:
        code = decode(asked.text)
    except Unreadable as error:
        return Answer(Said(Level.RED, error.reason), opens=False)
    direction = asked.direction or _way_of(barrier.gate)
    badge = session.scalar(
        select(Badge).where(Badge.badge_id == code.credential.badge_id.hex())
    )  # fmt: skip
    reader = _reader(session, barrier.gate, badge, direction, keys, now)
    verdict = judge(asked.text, reader)
    ours = badge if badge and verdict.reason not in FORGED else None
    return Look(
        barrier_id=barrier.id,
        gate_id=barrier.gate_id,
        compound_id=barrier.gate.compound_id,
        code=code,
        verdict=verdict,
        direction=direction,
        badge_id=ours.id if ours else None,
        rider_id=ours.user_id if ours else None,
        asked=asked,
        now=now,
    )


def _way_of(gate: Gate) -> Directions:
    """A gate for both ways asks who comes in."""
    way = Directions(gate.direction)
    return Directions.ENTRY if way == Directions.BOTH else way


def _reader(
    session: Session,
    gate: Gate,
    badge: Badge | None,
    direction: Directions,
    keys: IssuerPoints,
    now: datetime,
) -> Reader:
    printed = badge is not None and badge.kind == BadgeKind.PRINTED
    capped = badge if printed and gate.printed_cap is not None else None
    moment = Moment(
        now_s=now.timestamp(),
        direction=direction,
        printed_today=printed_entries(session, gate.organisation_id, at=now, badge_ids=[capped.id])
        if capped
        else {},
    )
    standings = {badge.status_index: badge.standing} if badge else {}
    return server_reader(known_of(session, gate), moment, keys=keys, standings=standings)


def take(session: Session, seen: Look) -> Answer:
    """Write down what a look came to, and answer it; what was written before is answered again.

    Raises Invalid if the barrier's key stands for another code.
    """
    alone(session, f"gate {seen.gate_id}")
    before = _before(session, seen)
    own_key = seen.asked.key and _key(seen, "own", seen.asked.key)
    if own_key and (same := before.get(own_key)):
        return _again(same, seen)
    verdict = _with_replays(seen, before)
    key = own_key or _key_of(seen, verdict.reason)
    if same := before.get(key):
        return _answer(same.id, same)
    draft = _draft(seen, verdict, key)
    [recorded] = record(session, [draft])
    return Answer(draft.phone, draft.outcome == Outcome.ENTERED, draft.label or None, recorded.id)


def _before(session: Session, seen: Look) -> dict[str, Pass]:
    """What was written of this code, and of this badge here in the last 15 minutes, by key."""
    keys = [_key_of(seen, reason) for reason in (seen.verdict.reason, Reason.REPLAYED)]
    if seen.asked.key:
        keys.append(_key(seen, "own", seen.asked.key))
    wanted: ColumnElement[bool] = Pass.key.in_(keys)
    if seen.badge_id is not None:
        since = seen.now - timedelta(seconds=WINDOW_S)
        here = and_(Pass.badge_id == seen.badge_id, Pass.at >= since, Pass.gate_id == seen.gate_id)
        wanted = or_(wanted, here)
    return {row.key: row for row in session.scalars(select(Pass).where(wanted))}


def _with_replays(seen: Look, before: Mapping[str, Pass]) -> Verdict:
    """The verdict when what was accepted at this gate is known too. It stands in the table of
    verdicts behind every other red that can be here, and before all else."""
    proof, verdict = seen.code.proof, seen.verdict
    if proof is None or verdict.level == Level.RED:
        return verdict
    looks = [
        row.at
        for row in before.values()
        if (row.badge_id, row.proof_time_s, row.proof_counter)
        == (seen.badge_id, proof.time_s, proof.counter)
        and row.phone_level != Level.RED
    ]
    if not looks or (seen.now - min(looks)).total_seconds() <= SAME_LOOK_S:
        return verdict
    return replace(verdict, level=Level.RED, reason=Reason.REPLAYED, detail=None)


def _key_of(seen: Look, reason: Reason) -> str:
    """The key under which a look is written: the same for the same look. A live code is let in
    once at a gate; all else is written once a minute."""
    credential, proof = seen.code.credential, seen.code.proof
    shown = credential.badge_id.hex()
    if proof is None or reason.level == Level.RED:
        code = sha256(seen.code.payload).hexdigest()
        return _key(seen, reason, code, seen.direction, int(seen.now.timestamp()) // 60)
    return str(uuid5(KEYS, f"{seen.gate_id} {shown} {proof.time_s} {proof.counter} {reason}"))


def _key(seen: Look, *parts: object) -> str:
    return str(uuid5(KEYS, " ".join(map(str, ("barrier", seen.barrier_id, *parts)))))


def _draft(seen: Look, verdict: Verdict, key: str) -> PassDraft:
    said = Said(verdict.level, verdict.reason, verdict.detail)
    proof = seen.code.proof
    return PassDraft(
        key=key,
        compound_id=seen.compound_id,
        gate_id=seen.gate_id,
        at=seen.now,
        received_at=seen.now,
        method=Method.BARRIER,
        direction=seen.direction,
        phone=said,
        server=said,
        outcome=Outcome.ENTERED if verdict.level == Level.GREEN else Outcome.REFUSED,
        rider_id=seen.rider_id,
        badge_id=seen.badge_id,
        label="" if verdict.reason in FORGED else seen.code.credential.label,
        barrier_id=seen.barrier_id,
        proof_time_s=proof.time_s if proof else None,
        proof_counter=proof.counter if proof else None,
    )


def _again(row: Pass, seen: Look) -> Answer:
    """The answer that was given for a barrier's key. Raises Invalid if it was for another code."""
    proof = seen.code.proof
    shown = (proof.time_s, proof.counter) if proof else (None, None)
    if (row.badge_id, row.proof_time_s, row.proof_counter) != (seen.badge_id, *shown):
        raise Invalid({"Idempotency-Key": [_("This key was used for another code.")]})
    return _answer(row.id, row)


def _answer(pass_id: int, row: Pass) -> Answer:
    said = Said(row.phone_level, row.phone_reason, row.phone_detail)
    return Answer(said, row.outcome == Outcome.ENTERED, row.label or None, pass_id)
