"""What a gate's own rules refuse, whoever issued the code.

The gate phone has the same rules in app/static/js/gate/rules.js; tests/vectors/gate_rules.json
holds both to the same answers. Hours, "live only" and the cap bind who comes in: whoever is inside
may always leave. Vehicles are told to the guard, and refuse nobody.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.blueprints.badges.codec import Code
from app.blueprints.gates.models import Directions, Gate, Vehicles
from app.lib import clock


class Refusal(StrEnum):
    """Which rule says no, in the order in which they are asked."""

    DIRECTION = "direction"
    HOURS = "hours"
    LIVE_ONLY = "live_only"
    PRINTED_CAP = "printed_cap"


@dataclass(frozen=True)
class GateRules:
    """The rules of one gate. `opens` and `closes` are minutes of the local day: the same twice
    means always, an earlier closing means over night. Bit 0 of `weekdays` is Monday.
    """

    weekdays: int
    opens: int
    closes: int
    live_only: bool
    printed_cap: int | None
    vehicles: Vehicles
    direction: Directions

    @classmethod
    def of(cls, gate: Gate) -> "GateRules":
        """The rules as they are set for a gate."""
        return cls(
            weekdays=gate.weekdays,
            opens=gate.opens_min,
            closes=gate.closes_min,
            live_only=gate.live_only,
            printed_cap=gate.printed_cap,
            vehicles=Vehicles(gate.vehicles),
            direction=Directions(gate.direction),
        )

    def as_json(self) -> dict[str, Any]:
        """The rules as a gate phone gets them."""
        return asdict(self)

    def is_open(self, at: datetime) -> bool:
        """Whether the gate is open. Over night the weekday is that of the evening."""
        local = clock.to_local(at)
        weekday, minute = local.weekday(), local.hour * 60 + local.minute
        if self.opens == self.closes:
            return self._opens_on(weekday)
        if self.opens < self.closes:
            return self._opens_on(weekday) and self.opens <= minute < self.closes
        if minute >= self.opens:
            return self._opens_on(weekday)
        return minute < self.closes and self._opens_on(weekday - 1)

    def _opens_on(self, weekday: int) -> bool:
        return bool(self.weekdays >> weekday % 7 & 1)


def refusal(
    rules: GateRules,
    printed: str | None,
    *,
    direction: str,
    at: datetime,
    printed_today: Mapping[str, int],
) -> Refusal | None:
    """Which rule refuses, or None.

    `printed` is the badge (16 hexadecimal digits) when it is a printed one; `printed_today` the
    entries of the local day by such badge.
    """
    if rules.direction not in (Directions.BOTH, direction):
        return Refusal.DIRECTION
    if direction == Directions.EXIT:
        return None
    if not rules.is_open(at):
        return Refusal.HOURS
    if printed is None:
        return None
    if rules.live_only:
        return Refusal.LIVE_ONLY
    cap = rules.printed_cap
    return Refusal.PRINTED_CAP if cap is not None and printed_today.get(printed, 0) >= cap else None


def printed_of(code: Code) -> str | None:
    """The badge of a code if it is a printed one, as `refusal` wants it."""
    return None if code.proof else code.credential.badge_id.hex()
