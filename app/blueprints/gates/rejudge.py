"""The server's own verdict on what a gate phone saw: by its keys, its rules, and how the badge
stood at the time of the pass. What a batch needs is read once; judging asks the database nothing.

The gate's rules are those of now: if they changed since, the pass may differ, and says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.blueprints.badges import short_codes
from app.blueprints.badges.codec import Proof, Unreadable, decode
from app.blueprints.badges.issuing import label_of
from app.blueprints.badges.models import Badge, Holder, Standing
from app.blueprints.badges.verdict import Level, Reason, judge
from app.blueprints.gates.drafts import Said
from app.blueprints.gates.models import Gate, Method
from app.blueprints.gates.readers import GateKnown, Moment, StandingNow, known_of, server_reader
from app.blueprints.gates.rules import refusal
from app.blueprints.gates.standings import Course, courses_of
from app.blueprints.gates.statements import PassStatement
from app.lib import clock
from app.lib.text import clean

_FORGED = (Reason.NOT_OURS, Reason.MALFORMED, Reason.UNKNOWN_KEY, Reason.BAD_SIGNATURE)
"""Then nothing that the code says of a rider is known to be true."""
_NONE = Said(Level.RED, "none")
_SHOWN = (
    select(Badge).where(Badge.badge_id.in_(bindparam("badges", expanding=True))).order_by(Badge.id)
)


@dataclass(frozen=True)
class Trusted:
    """What the server's word on codes rests on: the issuer's points by kid, and the secret of
    short codes."""

    keys: Mapping[int, Sequence[bytes]]
    short_secret: bytes


@dataclass(frozen=True)
class Known:
    """What judging the statements of one gate needs."""

    gate: GateKnown
    trusted: Trusted
    by_badge: Mapping[str, Badge]
    by_index: Mapping[int, Badge]
    by_rider: Mapping[int, Sequence[Badge]]
    courses: Mapping[int, Course]
    holders: Mapping[int, Holder]


@dataclass(frozen=True)
class Judged:
    """The server's verdict, and who it was as far as that is known."""

    said: Said
    rider_id: int | None = None
    badge_id: int | None = None
    label: str = ""
    proof: Proof | None = None


def known_for(
    session: Session, gate: Gate, statements: Iterable[PassStatement], trusted: Trusted
) -> Known:
    """Read what judging these statements needs; the number of queries does not grow with them."""
    statements = list(statements)
    badges = _badges(session, statements)
    return Known(
        gate=known_of(session, gate),
        trusted=trusted,
        by_badge={badge.badge_id: badge for badge in badges},
        by_index={badge.id: badge for badge in badges},
        by_rider=_by_rider(badges),
        courses=courses_of(session, badges) if badges else {},
        holders=_holders(session, statements, badges),
    )


def _badges(session: Session, statements: Sequence[PassStatement]) -> Sequence[Badge]:
    shown = {badge for one in statements if one.code and (badge := _badge_in(one.code))}
    typed = [short_codes.read(one.short) for one in statements if one.short]
    indices = {one.status_index for one in typed if one and one.status_index < 2**31}
    riders = _riders(statements)
    if not (indices or riders):  # as nearly always
        return session.scalars(_SHOWN, {"badges": list(shown)}).all() if shown else ()
    wanted = or_(Badge.badge_id.in_(shown), Badge.id.in_(indices), Badge.user_id.in_(riders))
    return session.scalars(select(Badge).where(wanted).order_by(Badge.id)).all()


def _badge_in(text: str) -> str | None:
    try:
        return decode(text).credential.badge_id.hex()
    except Unreadable:
        return None


def _riders(statements: Iterable[PassStatement]) -> set[int]:
    return {one.rider_id for one in statements if one.method == Method.MANUAL and one.rider_id}


def _by_rider(badges: Iterable[Badge]) -> Mapping[int, Sequence[Badge]]:
    found: dict[int, list[Badge]] = {}
    for badge in badges:
        found.setdefault(badge.user_id, []).append(badge)
    return found


def _holders(
    session: Session, statements: Sequence[PassStatement], badges: Sequence[Badge]
) -> Mapping[int, Holder]:
    """The riders who showed no code, so that their label must come from here."""
    wanted = _riders(statements)
    if any(one.method == Method.SHORT for one in statements):
        wanted |= {badge.user_id for badge in badges}
    if not wanted:
        return {}
    found = session.scalars(select(Holder).where(Holder.user_id.in_(wanted)))
    return {holder.user_id: holder for holder in found}


def judge_pass(statement: PassStatement, known: Known) -> Judged:
    """The server's verdict on a pass, as of its time."""
    match statement.method:
        case Method.SHORT:
            return _judge_short(statement, known)
        case Method.MANUAL:
            return _judge_manual(statement, known)
    return _judge_code(statement, known)


def _now_s(statement: PassStatement) -> float:
    return clock.to_ms(statement.head.at) / 1000


def _standing(known: Known, statement: PassStatement, badge: Badge) -> Standing:
    return known.courses[badge.id].at(statement.head.at)


def _judge_code(statement: PassStatement, known: Known) -> Judged:
    text = statement.code or ""
    shown = _badge_in(text)
    badge = known.by_badge.get(shown) if shown else None
    standings = {badge.id: _standing(known, statement, badge)} if badge else {}
    moment = Moment(_now_s(statement), direction=statement.direction, challenge=statement.challenge)
    reader = server_reader(known.gate, moment, keys=known.trusted.keys, standings=standings)
    verdict = judge(text, reader)
    said = Said(verdict.level, verdict.reason, verdict.detail)
    if verdict.code is None:
        return Judged(said)
    judged = Judged(said, label=clean(verdict.code.credential.label), proof=verdict.code.proof)
    if badge is None or verdict.reason in _FORGED:
        return judged
    return replace(judged, rider_id=badge.user_id, badge_id=badge.id)


def _judge_short(statement: PassStatement, known: Known) -> Judged:
    typed, now_s = short_codes.read(statement.short or ""), _now_s(statement)
    badge = known.by_index.get(typed.status_index) if typed else None
    standings = {badge.id: _standing(known, statement, badge)} if badge else {}
    verdict = short_codes.judge_short(
        statement.short or "",
        now_s=now_s,
        keys=short_codes.day_keys(known.trusted.short_secret, statement.head.at),
        list_in_hand=StandingNow(int(now_s), standings),
    )
    said = _by_rules(Said(verdict.level, verdict.reason), statement, known)
    if badge is None or verdict.reason == Reason.BAD_SHORT_CODE:
        return Judged(said)
    return Judged(said, badge.user_id, badge.id, _label(badge.user_id, known))


def _judge_manual(statement: PassStatement, known: Known) -> Judged:
    """A rider whom the guard looked up: as good as the best of the rider's badges was."""
    rider_id = statement.rider_id or 0
    holder = known.holders.get(rider_id)
    if holder is None:
        return Judged(_NONE)
    stood = {_standing(known, statement, badge) for badge in known.by_rider.get(rider_id, ())}
    said = _NONE
    for standing in (Standing.ACTIVE, Standing.SUSPENDED, Standing.REVOKED):
        if standing in stood:
            active = standing == Standing.ACTIVE
            said = Said(Level.AMBER, Method.MANUAL) if active else Said(Level.RED, standing)
            break
    return Judged(_by_rules(said, statement, known), rider_id, None, label_of(holder))


def _by_rules(said: Said, statement: PassStatement, known: Known) -> Said:
    """What the gate's rules say of somebody who showed no code."""
    if said.level == Level.RED:
        return said
    refused = refusal(
        known.gate.rules, None, direction=statement.direction, at=statement.head.at,
        printed_today={},
    )  # fmt: skip
    return Said(Level.RED, Reason.GATE_CLOSED, refused) if refused else said


def _label(rider_id: int, known: Known) -> str:
    holder = known.holders.get(rider_id)
    return label_of(holder) if holder else ""
