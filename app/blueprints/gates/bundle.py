"""The bundle: all that a gate phone keeps, so that it judges with no network."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import short_codes
from app.blueprints.badges.issuing import label_of, portrait_prefix
from app.blueprints.badges.listing import current_list
from app.blueprints.badges.models import Badge, Holder, Portrait, PortraitState, Standing
from app.blueprints.badges.terms import Terms
from app.blueprints.gates.models import Compound, Gate, Outcome, Pass, Presence, Scanner
from app.blueprints.gates.readers import known_of, printed_entries
from app.blueprints.organisations.models import Membership, Organisation, Role
from app.lib import clock

VERSION = 1
SEEN_WITHIN = timedelta(days=14)
MOST_RIDERS, MOST_INSIDE, MOST_GUARDS = 600, 2000, 30
MAX_GUARD = 20

Json = dict[str, Any]


@dataclass(frozen=True)
class Bundle:
    """The bundle, and a tag of all in it but what moves by itself: the time, and the signature
    under the status list."""

    content: Json
    tag: str


def bundle_of(session: Session, scanner: Scanner, *, terms: Terms, now: datetime) -> Bundle:
    """The bundle of a gate phone; the number of queries does not grow with the compound. Times in
    milliseconds. Raises NoIssuerKey."""
    gate = scanner.gate
    known = known_of(session, gate)
    listed = current_list(session, terms.keys.signing(now), now=now)
    riders = _riders_seen(session, gate, now)
    content = {
        "version": VERSION,
        "scanner": {
            "id": scanner.id,
            "last_seq": scanner.last_seq,
            "last_hash": scanner.last_hash,
        },
        "gate": names(gate.organisation) | {"latitude": gate.latitude, "longitude": gate.longitude},
        "compound": _compound(session, gate),
        "scopes": sorted(known.scopes),
        "rules": known.rules.as_json(),
        "issuer_keys": _keys(terms),
        "short_keys": _short_keys(terms, now),
        "guards": _guards(session, gate),
        "riders": _rider_rows(session, riders, now),
        "inside": _inside(session, gate, now),
        "printed_today": printed_entries(session, gate.organisation_id, at=now),
    }
    tag = sha256(json.dumps([content, listed.tag], sort_keys=True).encode()).hexdigest()[:32]
    return Bundle(content | {"now": clock.to_ms(now), "status_list": listed.token}, tag)


def names(organisation: Organisation) -> Json:
    """An organisation in both languages."""
    return {"id": organisation.id, "zh": organisation.name_zh, "en": organisation.name_en}


def _compound(session: Session, gate: Gate) -> Json:
    compound = session.get_one(Compound, gate.compound_id)
    return names(compound.organisation) | {"call": compound.call}


def _keys(terms: Terms) -> Json:
    return {
        str(kid): [point.hex() for point in points]
        for kid, points in terms.keys.published().items()
    }


def _short_keys(terms: Terms, now: datetime) -> Json:
    keys = short_codes.day_keys(terms.short_secret, now)
    return {day: urlsafe_b64encode(key).decode().rstrip("=") for day, key in keys.items()}


def _guards(session: Session, gate: Gate) -> Sequence[str]:
    """The people who are guards at this gate; its phones are not people."""
    found = (
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == gate.organisation_id,
            Membership.role == Role.GUARD,
            Membership.ended_at.is_(None),
            User.phone.is_not(None),
            User.disabled_at.is_(None),
        )
        .order_by(User.name)
        .limit(MOST_GUARDS)
    )
    return [name[:MAX_GUARD] for name in session.scalars(found)]


def _riders_seen(session: Session, gate: Gate, now: datetime) -> Sequence[int]:
    """Who passed here in 14 days, those who did last first."""
    found = (
        select(Pass.rider_id)
        .where(
            Pass.gate_id == gate.organisation_id,
            Pass.at > now - SEEN_WITHIN,
            Pass.outcome == Outcome.ENTERED,
            Pass.undone_at.is_(None),
            Pass.rider_id.is_not(None),
        )
        .group_by(Pass.rider_id)
        .order_by(func.max(Pass.at).desc(), Pass.rider_id)
        .limit(MOST_RIDERS)
    )
    return [rider_id for rider_id in session.scalars(found) if rider_id is not None]


def _rider_rows(session: Session, rider_ids: Sequence[int], now: datetime) -> list[list[object]]:
    """[status index, badge, label, portrait, stars] of each badge that counts, in the order of
    their riders."""
    badges: dict[int, list[Badge]] = {}
    for badge in session.scalars(select(Badge).where(Badge.user_id.in_(rider_ids), *_good(now))):
        badges.setdefault(badge.user_id, []).append(badge)
    holders = {
        holder.user_id: holder
        for holder in session.scalars(select(Holder).where(Holder.user_id.in_(rider_ids)))
    }
    rows = (
        _rider_row(holders[rider_id], badge)
        for rider_id in rider_ids
        if rider_id in holders
        for badge in badges.get(rider_id, ())
    )
    return [row for row, _place in zip(rows, range(MOST_RIDERS), strict=False)]


def _rider_row(holder: Holder, badge: Badge) -> list[object]:
    portrait = portrait_prefix(holder).hex()
    return [badge.status_index, badge.badge_id, label_of(holder), portrait, holder.stars]


def _good(now: datetime) -> Iterable[Any]:
    return Badge.standing == Standing.ACTIVE, Badge.expires_at > now


def _inside(session: Session, gate: Gate, now: datetime) -> Sequence[str]:
    """The badges of those who are inside the compound."""
    inside = select(Presence.rider_id).where(
        Presence.compound_id == gate.compound_id, Presence.left_at.is_(None)
    )
    found = (
        select(Badge.badge_id)
        .where(Badge.user_id.in_(inside), *_good(now))
        .order_by(Badge.id.desc())
        .limit(MOST_INSIDE)
    )
    return session.scalars(found).all()


def portrait_hash(session: Session, prefix: str) -> str | None:
    """The hash of the approved portrait that begins so; an index finds it."""
    return session.scalar(
        select(Portrait.sha256)
        .where(
            Portrait.sha256.between(prefix, prefix + "g"),
            Portrait.state == PortraitState.APPROVED,
        )
        .limit(1)
    )
