"""Codes of stations for tests, as the application's own keys make them."""

from datetime import datetime

from flask import Flask

from app.blueprints.badges.issuer_keys import IssuerKeys
from app.blueprints.badges.terms import terms_of
from app.blueprints.stations import poster_codes
from app.blueprints.visits import counter_codes
from app.lib import clock


def issuer_keys(app: Flask) -> IssuerKeys:
    """The keys that sign posters."""
    return terms_of(app.config).keys


def poster_text(app: Flask, station_id: int, poster: int = 1) -> str:
    """What a poster's code says, without the address before it."""
    key = issuer_keys(app).signing(clock.now())
    return poster_codes.text_of(key, station_id=station_id, poster=poster)


def counter_text(app: Flask, station_id: int, at: datetime | None = None) -> str:
    """What the counter's screen shows at a moment, without the address before it."""
    at = at or clock.now()
    secret = counter_codes.secret_of(app.config["SECRET_KEY"])
    key = counter_codes.day_key(secret, station_id, clock.to_local(at).date())
    return counter_codes.text_at(station_id, key, counter_codes.slot_at(at))


def changed(text: str, place: int) -> str:
    """The same text with another character at a place."""
    other = "B" if text[place] != "B" else "C"
    return text[:place] + other + text[place + 1 :]
