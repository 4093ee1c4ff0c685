"""Barriers and door controllers: they hand over the text of a code, the server judges it.

A barrier opens for green alone: nobody stands there to compare a face. The same code within five
seconds is the same look; what is refused again is written down once a minute.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.blueprints.badges.codec import Code, Unreadable, decode
from app.blueprints.badges.models import Badge
from app.blueprints.badges.replays import SAME_LOOK_S, WINDOW_S
from app.blueprints.badges.verdict import Level, Reader, Reason, Verdict, judge
from app.blueprints.gates.models import Barrier, Directions, Gate, Method, Outcome, Pass
from app.blueprints.gates.passes import PassDraft, Said, record
from app.blueprints.gates.readers import (
    GateKnown,
    Moment,
    printed_entries,
    scopes_of,
    server_reader,
)
from app.blueprints.gates.rules import GateRules
from app.errors import DomainError, Invalid
from app.lib.database import alone, table_of

KEYS = UUID("6c0d4cf2-0c0b-5f6a-9a35-1f1d3c9b7f10")
"""The name space of the keys under which passes of barriers are written (RFC 9562, 5.5)."""
FORGED = (Reason.UNKNOWN_KEY, Reason.BAD_SIGNATURE)
"""What such a code says of anybody was said by nobody of ours."""
IssuerPoints = Mapping[int, Sequence[bytes]]

_b, _g, _c, _p = (table_of(model).c for model in (Barrier, Gate, Badge, Pass))
# Made once, of tables: every barrier asks them for each code, and making them takes longer than
# the database does.
_FACTS = (
    select(
        _b.id.label("barrier_id"), _b.token_hash, _b.gate_id, _g.compound_id, _g.weekdays,
        _g.opens_min, _g.closes_min, _g.live_only, _g.printed_cap, _g.vehicles, _g.direction,
        _c.id.label("badge_id"), _c.user_id.label("rider_id"), _c.standing,
    )
    .join_from(table_of(Barrier), table_of(Gate), _g.organisation_id == _b.gate_id)
    .outerjoin(table_of(Badge), _c.badge_id == bindparam("badge"))
    .where(_b.token_hash == bindparam("token"), _b.ended_at.is_(None))
)  # fmt: skip
_BEFORE = select(
    _p.id, _p.key, _p.badge_id, _p.proof_time_s, _p.proof_counter, _p.at, _p.outcome, _p.label,
    _p.phone_level, _p.phone_reason, _p.phone_detail,
).where(
    or_(
        _p.key.in_(bindparam("keys", expanding=True)),
        and_(
            _p.badge_id == bindparam("badge"), _p.at >= bindparam("since"),
            _p.gate_id == bindparam("gate"),
        ),
    )
)  # fmt: skip


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


class UnknownBarrier(DomainError):
    """The token is missing or unknown, or its barrier was ended."""

    status, code = 401, "token_required"
    message = _l("This barrier is not known, or was ended.")


def token_hash(token: str) -> str:
    """What is kept of a barrier's token. The token is random, so a plain hash tells nothing."""
    return sha256(token.encode()).hexdigest()


def ensure_barrier(session: Session, token: str) -> None:
    """Raises UnknownBarrier unless a barrier has this token."""
    _facts(session, token, badge="")


def look(
    session: Session, token: str, asked: Asked, *, keys: IssuerPoints, now: datetime
) -> Look | Answer:
    """Judge a code for the barrier that has this token. What is no code of ours is answered at
    once, and written down nowhere. Raises UnknownBarrier."""
    code = _read(asked.text)
    badge = code.credential.badge_id.hex() if isinstance(code, Code) else ""
    facts = _facts(session, token, badge=badge)
    if not isinstance(code, Code):
        return code
    direction = asked.direction or _way_of(facts.direction)
    verdict = judge(asked.text, _reader(session, facts, code, direction, keys, now))
    forged = verdict.reason in FORGED
    return Look(
        barrier_id=facts.barrier_id,
        gate_id=facts.gate_id,
        compound_id=facts.compound_id,
        code=code,
        verdict=verdict,
        direction=direction,
        badge_id=None if forged else facts.badge_id,
        rider_id=None if forged else facts.rider_id,
        asked=asked,
        now=now,
    )


def _read(text: str) -> Code | Answer:
    try:
        return decode(text)
    except Unreadable as error:
        return Answer(Said(Level.RED, error.reason), opens=False)


def _facts(session: Session, token: str, *, badge: str) -> Any:
    """The barrier with what is set for its gate, and the badge if there is such a one."""
    wanted = token_hash(token)
    found = session.execute(_FACTS, {"token": wanted, "badge": badge}).first()
    if found is None or not hmac.compare_digest(found.token_hash, wanted):
        raise UnknownBarrier
    return found


def _way_of(direction: str) -> Directions:
    """A gate for both ways asks who comes in."""
    way = Directions(direction)
    return Directions.ENTRY if way == Directions.BOTH else way


def _reader(
    session: Session,
    facts: Any,
    code: Code,
    direction: Directions,
    keys: IssuerPoints,
    now: datetime,
) -> Reader:
    compound_id, printed = facts.compound_id, {}
    if facts.printed_cap is not None and facts.badge_id and code.proof is None:
        printed = printed_entries(session, facts.gate_id, at=now, badge_ids=[facts.badge_id])
    scopes: frozenset[int] = frozenset()
    if code.credential.scope:  # nearly always it is the whole district
        scopes = scopes_of(session, [compound_id])[compound_id]
    known = GateKnown(facts.gate_id, compound_id, GateRules.of(facts), scopes)
    moment = Moment(now_s=now.timestamp(), direction=direction, printed_today=printed)
    standings = {facts.badge_id: facts.standing} if facts.badge_id else {}
    return server_reader(known, moment, keys=keys, standings=standings)


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


def _before(session: Session, seen: Look) -> dict[str, Any]:
    """What was written of this code, and of this badge here in the last 15 minutes, by key."""
    keys = [_key_of(seen, reason) for reason in (seen.verdict.reason, Reason.REPLAYED)]
    if seen.asked.key:
        keys.append(_key(seen, "own", seen.asked.key))
    wanted = {
        "keys": keys,
        "badge": seen.badge_id,
        "gate": seen.gate_id,
        "since": seen.now - timedelta(seconds=WINDOW_S),
    }
    return {row.key: row for row in session.execute(_BEFORE, wanted)}


def _with_replays(seen: Look, before: Mapping[str, Any]) -> Verdict:
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


def _again(row: Any, seen: Look) -> Answer:
    """The answer that was given for a barrier's key. Raises Invalid if it was for another code."""
    proof = seen.code.proof
    shown = (proof.time_s, proof.counter) if proof else (None, None)
    if (row.badge_id, row.proof_time_s, row.proof_counter) != (seen.badge_id, *shown):
        raise Invalid({"Idempotency-Key": [_("This key was used for another code.")]})
    return _answer(row.id, row)


def _answer(pass_id: int, row: Any) -> Answer:
    said = Said(row.phone_level, row.phone_reason, row.phone_detail)
    return Answer(said, row.outcome == Outcome.ENTERED, row.label or None, pass_id)
