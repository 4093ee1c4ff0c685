"""Places on the earth: WGS-84 degrees in, metres out."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the IUGG."""


def distance_m(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """Great-circle distance in metres, by the haversine formula."""
    phi1, phi2 = radians(latitude1), radians(latitude2)
    half_dphi, half_dlambda = (phi2 - phi1) / 2, radians(longitude2 - longitude1) / 2
    h = sin(half_dphi) ** 2 + cos(phi1) * cos(phi2) * sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, h)))
