"""Places on the earth: WGS-84 degrees in, metres out."""

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the IUGG."""
MOST_ACCURACY_M = 200
"""What a phone says of its own accuracy counts up to this; its pages reckon the same."""
_PAIR = re.compile(r"(-?\d{1,2}(?:\.\d{1,12})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,12})?)", re.ASCII)


@dataclass(frozen=True)
class Spot:
    """Where a phone says that it is: degrees, WGS-84, and within how many metres it is sure."""

    latitude: float
    longitude: float
    accuracy_m: float


def distance_m(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """Great-circle distance in metres, by the haversine formula."""
    phi1, phi2 = radians(latitude1), radians(latitude2)
    half_dphi, half_dlambda = (phi2 - phi1) / 2, radians(longitude2 - longitude1) / 2
    h = sin(half_dphi) ** 2 + cos(phi1) * cos(phi2) * sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, h)))


def degrees_in(text: str) -> tuple[float, float] | None:
    """A pair of latitude and longitude that somebody typed, "31.30, 120.72"; None for anything
    else and for what is not on the earth."""
    found = _PAIR.fullmatch(text.strip())
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
