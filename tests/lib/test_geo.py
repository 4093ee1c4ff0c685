"""Distances on the earth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.geo import distance_m

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
HALF_WAY_ROUND_M = 20_015_115


def test_a_known_distance() -> None:
    """Suzhou Centre to Beijing's Tiananmen, about 1,020 km."""
    metres = distance_m(31.3193, 120.6738, 39.9087, 116.3975)
    assert metres == pytest.approx(1_026_000, rel=0.01)


def test_one_degree_of_latitude() -> None:
    assert distance_m(31, 120, 32, 120) == pytest.approx(111_195, rel=1e-4)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_is_symmetric_and_bounded(a: float, b: float, c: float, d: float) -> None:
    there, back = distance_m(a, b, c, d), distance_m(c, d, a, b)
    assert there == pytest.approx(back)
    assert 0 <= there <= HALF_WAY_ROUND_M


@given(LATITUDES, LONGITUDES)
def test_a_place_is_no_way_from_itself(latitude: float, longitude: float) -> None:
    assert distance_m(latitude, longitude, latitude, longitude) == 0
