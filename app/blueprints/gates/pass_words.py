"""What passes and what stands in them are called on screen."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.blueprints.badges.verdict import Level, Reason
from app.blueprints.gates.models import Directions, Method, Outcome, Vehicles

METHODS: Mapping[str, LazyString] = {
    Method.LIVE: _l("Live code"),
    Method.PRINTED: _l("Printed badge"),
    Method.SHORT: _l("Typed digits"),
    Method.MANUAL: _l("Looked up by name"),
    Method.SELF: _l("Self-reported"),
    Method.BARRIER: _l("Barrier"),
}
DIRECTIONS: Mapping[str, LazyString] = {Directions.ENTRY: _l("Entry"), Directions.EXIT: _l("Exit")}
GATE_DIRECTIONS: Mapping[str, LazyString] = {
    Directions.BOTH: _l("In and out"),
    Directions.ENTRY: _l("In only"),
    Directions.EXIT: _l("Out only"),
}
OUTCOMES: Mapping[str, LazyString] = {
    Outcome.ENTERED: _l("Let through"),
    Outcome.REFUSED: _l("Refused"),
}
VEHICLES: Mapping[str, LazyString] = {
    Vehicles.ANY: _l("Ridden"),
    Vehicles.PUSH: _l("Pushed"),
    Vehicles.FOOT: _l("On foot only"),
}
CAME_BY: Mapping[str, LazyString] = {"foot": _l("On foot"), "ebike": _l("E-bike")}
LEVELS: Mapping[str, LazyString] = {
    Level.GREEN: _l("Green"),
    Level.AMBER: _l("Amber"),
    Level.RED: _l("Red"),
}
REASONS: Mapping[str, LazyString] = {
    Reason.NOT_OURS: _l("no star-knight code"),
    Reason.MALFORMED: _l("damaged code"),
    Reason.UNKNOWN_KEY: _l("issuer not known"),
    Reason.BAD_SIGNATURE: _l("forged"),
    Reason.NOT_YET_VALID: _l("not valid yet"),
    Reason.EXPIRED: _l("run out"),
    Reason.REVOKED: _l("revoked"),
    Reason.SUSPENDED: _l("suspended"),
    Reason.WRONG_SCOPE: _l("not for this compound"),
    Reason.GATE_CLOSED: _l("against the gate's rules"),
    Reason.BAD_PROOF: _l("not from the rider's phone"),
    Reason.CLOCK: _l("code too old, or a wrong clock"),
    Reason.REPLAYED: _l("code used before"),
    Reason.LIST_EXPIRED: _l("list too old"),
    Reason.CLOCK_SKEW: _l("clock a little off"),
    Reason.PRINTED: _l("printed badge"),
    Reason.LIST_STALE: _l("list not fresh"),
    Reason.OK: _l("in order"),
    Reason.SHORT_CODE: _l("typed digits"),
    Reason.BAD_SHORT_CODE: _l("wrong digits"),
    "manual": _l("looked up by name"),
    "self": _l("self-reported"),
    "too_far": _l("too far from the gate"),
    "no_place": _l("place not known"),
    "no_badge": _l("no badge"),
    "none": _l("no badge that counts"),
    "replayed_elsewhere": _l("code used at another reader"),
}


def said(words: Mapping[str, LazyString], value: str | None) -> str:
    """The word for a value; a value that has none stands for itself."""
    return str(words.get(value or "", value or ""))


def verdict_words(level: str, reason: str) -> str:
    """A verdict in words: "Amber: printed badge"."""
    return f"{said(LEVELS, level)}: {said(REASONS, reason)}"
