"""A gate without a guard: its printed code is read by riders, who say themselves that they pass.

Nobody has seen them, so such a pass is never green, and says everywhere that it is self-reported.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.badges.issuing import label_of
from app.blueprints.badges.models import Badge, BadgeKind, Holder, Standing
from app.blueprints.badges.queries import standing_badge
from app.blueprints.badges.verdict import Level, Reason
from app.blueprints.gates.drafts import PassDraft, Said
from app.blueprints.gates.models import Compound, Directions, Gate, Method, Outcome, Pass
from app.blueprints.gates.readers import scopes_of
from app.blueprints.gates.rules import GateRules, refusal
from app.blueprints.organisations.models import Organisation, Role
from app.errors import Forbidden, Invalid, NotFound
from app.lib import clock
from app.lib.geo import MOST_ACCURACY_M, Spot, distance_m

NEWS_FOR = timedelta(minutes=15)
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
SELF, TOO_FAR, NO_PLACE, NO_BADGE = "self", "too_far", "no_place", "no_badge"


@dataclass(frozen=True)
class SelfReport:
    """What a rider says: by which gate (the code printed there), which way, from where, when."""

    key: str
    code: str
    direction: Directions
    spot: Spot | None
    at: datetime


@dataclass(frozen=True)
class Known:
    """What judging the reports of one rider needs: gates by their code, the groups of their
    compounds, and how it stands with the rider."""

    rider_id: int
    gates: Mapping[str, Gate]
    scopes: Mapping[int, frozenset[int]]
    holder: Holder | None
    badge: Badge | None


def place(session: Session, code: str) -> Gate:
    """The gate that has this printed code, and a place. Raises NotFound."""
    gate = _gates(session, [code]).get(code)
    if gate is None or gate.latitude is None or gate.longitude is None:
        raise NotFound
    return gate


def place_json(gate: Gate) -> dict[str, Any]:
    """A gate as a rider's phone keeps it."""
    return {
        "gate": _named(gate.organisation),
        "compound": _named(gate.compound.organisation),
        "latitude": gate.latitude,
        "longitude": gate.longitude,
        "radius_m": gate.radius_m,
        "direction": gate.direction,
    }


def _named(organisation: Organisation) -> dict[str, Any]:
    return {"id": organisation.id, "zh": organisation.name_zh, "en": organisation.name_en}


def _gates(session: Session, codes: Iterable[str]) -> dict[str, Gate]:
    readable = {code for code in codes if _CODE.fullmatch(code)}
    found = session.scalars(
        select(Gate)
        .where(Gate.place_code.in_(readable))
        .options(joinedload(Gate.compound, innerjoin=True))
    )
    return {gate.place_code: gate for gate in found}


def known_for(session: Session, rider: User, codes: Iterable[str]) -> Known:
    """Read what judging reports of this rider needs. Raises Forbidden for who is no rider."""
    if not rider.has_role(Role.RIDER):
        raise Forbidden
    gates = _gates(session, codes)
    return Known(
        rider_id=rider.id,
        gates=gates,
        scopes=scopes_of(session, {gate.compound_id for gate in gates.values()}),
        holder=session.get(Holder, rider.id),
        badge=standing_badge(session, rider.id, BadgeKind.LIVE),
    )


def draft_of(report: SelfReport, known: Known, *, now: datetime) -> PassDraft:
    """The pass that a report comes to. One that does not count is kept, and says why. Raises
    Invalid where there is no such gate."""
    gate = known.gates.get(report.code)
    if gate is None:
        raise Invalid({"gate": [_("There is no gate with this code.")]})
    apart_m = _apart_m(gate, report.spot)
    said = _verdict(report, gate, apart_m, known)
    holder, badge = known.holder, known.badge
    return PassDraft(
        key=report.key,
        compound_id=gate.compound_id,
        gate_id=gate.organisation_id,
        at=report.at,
        received_at=now,
        method=Method.SELF,
        direction=report.direction,
        phone=said,
        server=said,
        outcome=Outcome.REFUSED if said.level == Level.RED else Outcome.ENTERED,
        rider_id=known.rider_id,
        badge_id=badge.id if badge else None,
        label=label_of(holder) if holder else "",
        distance_m=None if apart_m is None else round(apart_m),
    )


def _apart_m(gate: Gate, spot: Spot | None) -> float | None:
    if spot is None or gate.latitude is None or gate.longitude is None:
        return None
    return distance_m(gate.latitude, gate.longitude, spot.latitude, spot.longitude)


def _verdict(report: SelfReport, gate: Gate, apart_m: float | None, known: Known) -> Said:
    """Amber, or the first thing that speaks against it: first the rider, then the gate, then the
    place."""
    if reason := _rider_may_not(gate, known):
        return Said(Level.RED, reason)
    if detail := refusal(
        GateRules.of(gate), None, direction=report.direction, at=report.at, printed_today={}
    ):
        return Said(Level.RED, Reason.GATE_CLOSED, detail)
    if apart_m is None or report.spot is None:
        return Said(Level.RED, NO_PLACE)
    if apart_m > gate.radius_m + min(report.spot.accuracy_m, MOST_ACCURACY_M):
        return Said(Level.RED, TOO_FAR)
    return Said(Level.AMBER, SELF)


def _rider_may_not(gate: Gate, known: Known) -> str | None:
    holder, badge = known.holder, known.badge
    if holder and holder.standing != Standing.ACTIVE:
        suspended = holder.standing == Standing.SUSPENDED
        return Reason.SUSPENDED if suspended else Reason.REVOKED
    if holder is None or badge is None or badge.standing != Standing.ACTIVE:
        return NO_BADGE
    open_here = not holder.scope or holder.scope in known.scopes[gate.compound_id]
    return None if open_here else Reason.WRONG_SCOPE


def news(session: Session, rider: User, *, now: datetime) -> dict[str, Any] | None:
    """The newest pass that let this rider through in the last 15 minutes, or None."""
    found = session.scalar(
        select(Pass)
        .where(
            Pass.rider_id == rider.id,
            Pass.at > now - NEWS_FOR,
            Pass.outcome == Outcome.ENTERED,
            Pass.undone_at.is_(None),
        )
        .order_by(Pass.at.desc(), Pass.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    gate = session.get_one(Gate, found.gate_id)
    compound = session.get_one(Compound, found.compound_id)
    return {
        "key": found.key,
        "gate": _named(gate.organisation),
        "compound": _named(compound.organisation),
        "at": clock.to_ms(found.at),
        "direction": found.direction,
        "level": found.phone_level,
        "self": found.method == Method.SELF,
    }
