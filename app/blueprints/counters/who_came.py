"""Who it was that a host wrote down: by the badge, by the digits below it, or by a mobile number.

A badge is judged as of the moment at which it was shown, as at a gate (gates/rejudge.py), but for
what is a gate's own: groups of compounds, hours, repeated codes. What a batch needs is read once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import short_codes
from app.blueprints.badges.codec import Code, Unreadable, decode
from app.blueprints.badges.issuing import label_of
from app.blueprints.badges.models import Badge, Holder, Standing
from app.blueprints.badges.replays import Replays
from app.blueprints.badges.verdict import Level, Reader, Reason, judge, no_rules
from app.blueprints.counters.log_fields import Log
from app.blueprints.gates.readers import StandingNow
from app.blueprints.gates.rejudge import Trusted
from app.blueprints.gates.standings import Course, courses_of
from app.blueprints.visits.models import Mark, Way
from app.lib import clock
from app.lib.database import MAX_ROW_ID
from app.lib.phone import masked, normalise
from app.lib.text import clean

_FORGED = (Reason.NOT_OURS, Reason.MALFORMED, Reason.UNKNOWN_KEY, Reason.BAD_SIGNATURE)
"""Then nothing that the code says of a rider is known to be true."""


@dataclass(frozen=True)
class Known:
    """What finding out needs: badges by what is shown and by their place in the status list, how
    they stood, riders by number, and what is known of the riders."""

    trusted: Trusted
    by_badge: Mapping[str, Badge]
    by_index: Mapping[int, Badge]
    courses: Mapping[int, Course]
    by_number: Mapping[str, int]
    holders: Mapping[int, Holder]


@dataclass(frozen=True)
class Came:
    """Who it was, as far as that is known, and what speaks against it."""

    rider_id: int | None = None
    company_id: int | None = None
    label: str = ""
    mark: Mark | None = None


def known_for(session: Session, logs: Iterable[Log], trusted: Trusted) -> Known:
    """Read what these logs need; the number of queries does not grow with them."""
    logs = list(logs)
    badges, by_number = _badges(session, logs), _by_number(session, logs)
    return Known(
        trusted=trusted,
        by_badge={badge.badge_id: badge for badge in badges},
        by_index={badge.id: badge for badge in badges},
        courses=courses_of(session, badges) if badges else {},
        by_number=by_number,
        holders=_holders(session, {badge.user_id for badge in badges} | set(by_number.values())),
    )


def _badges(session: Session, logs: Sequence[Log]) -> Sequence[Badge]:
    codes = [code for log in logs if log.way == Way.BADGE and (code := _code(log.code))]
    shown = {code.credential.badge_id.hex() for code in codes}
    typed = [short_codes.read(log.number) for log in logs if log.way == Way.NUMBER]
    indices = {one.status_index for one in typed if one and one.status_index <= MAX_ROW_ID}
    if not (shown or indices):
        return ()
    wanted = or_(Badge.badge_id.in_(shown), Badge.id.in_(indices))
    return session.scalars(select(Badge).where(wanted).order_by(Badge.id)).all()


def _code(text: str) -> Code | None:
    try:
        return decode(text)
    except Unreadable:
        return None


def _by_number(session: Session, logs: Sequence[Log]) -> Mapping[str, int]:
    """The riders who have these mobile numbers."""
    numbers = {number for log in logs if log.number and (number := normalise(log.number))}
    if not numbers:
        return {}
    riders = select(User.phone, User.id).join(Holder, Holder.user_id == User.id)
    return {
        str(phone): user_id
        for phone, user_id in session.execute(riders.where(User.phone.in_(numbers)))
    }


def _holders(session: Session, rider_ids: set[int]) -> Mapping[int, Holder]:
    if not rider_ids:
        return {}
    found = session.scalars(select(Holder).where(Holder.user_id.in_(rider_ids)))
    return {holder.user_id: holder for holder in found}


def who_came(log: Log, known: Known) -> Came:
    """Who it was, and what speaks against it."""
    match log.way:
        case Way.BADGE:
            return _by_code(log, known)
        case Way.NUMBER:
            return _by_digits(log, known)
    return Came(label=log.label)


def _by_code(log: Log, known: Known) -> Came:
    code = _code(log.code)
    badge = known.by_badge.get(code.credential.badge_id.hex()) if code else None
    if code is None:
        return Came(mark=Mark.BADGE)
    verdict = judge(log.code, _reader(log, known, badge, code.credential.scope))
    if badge is None or verdict.reason in _FORGED:
        return Came(mark=Mark.BADGE)
    mark = Mark.BADGE if verdict.level == Level.RED else None
    return _rider(badge.user_id, known, mark, clean(code.credential.label))


def _reader(log: Log, known: Known, badge: Badge | None, scope: int) -> Reader:
    """A reader that is inside whatever group of compounds the badge is for."""
    now_s = clock.to_ms(log.at) / 1000
    return Reader(
        now_s=now_s, keys=known.trusted.keys, scopes=frozenset({scope}),
        list=StandingNow(int(now_s), _standings(log, known, badge)), challenge=b"",
        gate_refuses=no_rules, replays=Replays(),
    )  # fmt: skip


def _standings(log: Log, known: Known, badge: Badge | None) -> dict[int, Standing]:
    return {badge.id: known.courses[badge.id].at(log.at)} if badge else {}


def _by_digits(log: Log, known: Known) -> Came:
    """Digits below a badge's code, where they are right; else a mobile number."""
    typed = short_codes.read(log.number)
    badge = known.by_index.get(typed.status_index) if typed else None
    if badge is not None and (found := _by_short_code(log, known, badge)) is not None:
        return found
    number = normalise(log.number)
    if number is None:
        return Came(label=f"{typed.status_index} ······" if typed else "", mark=Mark.NOBODY)
    rider_id = known.by_number.get(number)
    if rider_id is None:
        return Came(label=masked(number), mark=Mark.NOBODY)
    counts = known.holders[rider_id].standing == Standing.ACTIVE
    return _rider(rider_id, known, None if counts else Mark.BADGE, masked(number))


def _by_short_code(log: Log, known: Known, badge: Badge) -> Came | None:
    now_s = clock.to_ms(log.at) / 1000
    verdict = short_codes.judge_short(
        log.number, now_s=now_s, keys=short_codes.day_keys(known.trusted.short_secret, log.at),
        list_in_hand=StandingNow(int(now_s), _standings(log, known, badge)),
    )  # fmt: skip
    if verdict.reason == Reason.BAD_SHORT_CODE:
        return None
    mark = Mark.BADGE if verdict.level == Level.RED else None
    return _rider(badge.user_id, known, mark, str(badge.status_index))


def _rider(rider_id: int, known: Known, mark: Mark | None, otherwise: str) -> Came:
    """A rider of the register; `otherwise` is the label of who is in it no longer."""
    holder = known.holders.get(rider_id)
    if holder is None:
        return Came(rider_id, None, otherwise, mark)
    return Came(rider_id, holder.company_id, label_of(holder), mark)
