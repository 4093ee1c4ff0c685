"""Where a phone says that it is, as it stands in an item's fields."""

import math
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.errors import Invalid
from app.lib.geo import Spot

BOUNDS = {"latitude": (-90, 90), "longitude": (-180, 180), "accuracy_m": (0, 1_000_000)}


def spot_of(fields: Mapping[str, Any]) -> Spot | None:
    """Where the phone was, or None if it did not know. Raises Invalid."""
    numbers = {name: _number(fields, name) for name in BOUNDS}
    latitude, longitude = numbers["latitude"], numbers["longitude"]
    if latitude is None or longitude is None:
        return None
    return Spot(latitude, longitude, numbers["accuracy_m"] or 0.0)


def _number(fields: Mapping[str, Any], name: str) -> float | None:
    value, (least, most) = fields.get(name), BOUNDS[name]
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most or not math.isfinite(value):
        raise Invalid({name: [_("That is no number.")]})
    return float(value)
