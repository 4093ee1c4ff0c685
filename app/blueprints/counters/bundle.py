"""The bundle: all that a counter keeps, so that it works with no network."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import Session, lazyload

from app.blueprints.accounts.models import User
from app.blueprints.badges import short_codes
from app.blueprints.badges.listing import current_list
from app.blueprints.badges.terms import Terms
from app.blueprints.counters.vouchers import MOST_OPEN, told_to, vouchers_json
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.blueprints.visits import counter_codes
from app.lib import clock

VERSION = 1
MOST_STATIONS = 100
"""A host has one, a street some dozens; an administrator names the one that is meant."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Bundle:
    """The bundle, and a tag of all in it but what moves by itself: the time, up to where vouchers
    are told, and the signature under the status list."""

    content: Json
    tag: str


def bundle_of(
    session: Session, actor: User, *, wanted: int | None, terms: Terms, code_secret: bytes,
    now: datetime,
) -> Bundle:  # fmt: skip
    """What a counter of the actor keeps; `wanted` is a station that must be among them if it is
    the actor's. Times in milliseconds. Raises NoIssuerKey."""
    stations = _stations(session, actor, wanted)
    ids = [one.organisation_id for one in stations[:MOST_STATIONS]]
    last = told_to(session, now=now)
    listed = current_list(session, terms.keys.signing(now), now=now)
    content: Json = {
        "version": VERSION,
        "user": actor.id,
        "stations": [_station(one, code_secret, now) for one in stations[:MOST_STATIONS]],
        "more": len(stations) > MOST_STATIONS,
        "issuer_keys": {
            str(kid): [point.hex() for point in points]
            for kid, points in terms.keys.published().items()
        },
        "short_keys": _by_day(short_codes.day_keys(terms.short_secret, now)),
        **vouchers_json(session, ids, now=now),
    }
    tag = sha256(json.dumps([content, listed.tag], sort_keys=True).encode()).hexdigest()[:32]
    is_whole = len(content["vouchers"]["open"]) < MOST_OPEN
    moving = {"now": clock.to_ms(now), "told_to": last if is_whole else 0}
    return Bundle(content | moving | {"status_list": listed.token}, tag)


def _stations(session: Session, actor: User, wanted: int | None) -> Sequence[Station]:
    """The actor's stations by number, the wanted one first."""
    found = run_by(actor).where(Station.ended_at.is_(None))
    first = case((Station.organisation_id == (wanted or 0), 0), else_=1)
    found = found.order_by(first, Station.number).options(lazyload(Station.facilities))
    return session.scalars(found.limit(MOST_STATIONS + 1)).all()


def _station(station: Station, secret: bytes, now: datetime) -> Json:
    organisation, until = station.organisation, station.state_until
    return {
        "id": station.organisation_id,
        "number": station.number,
        "zh": organisation.name_zh,
        "en": organisation.name_en,
        "state": station.state,
        "until": clock.to_ms(until) if until else 0,
        "keys": _by_day(counter_codes.day_keys(secret, station.organisation_id, now)),
    }


def _by_day(keys: Mapping[str, bytes]) -> dict[str, str]:
    return {day: urlsafe_b64encode(key).decode().rstrip("=") for day, key in keys.items()}
