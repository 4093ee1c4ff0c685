"""Rows of fairness that can be named in a path, and what its forms hold when all is right."""

from typing import Any

from flask import Flask

from tests.support.people import Person
from tests.support.station_scene import StationScene

BODIES: dict[str, dict[str, Any]] = {}
"""By "METHOD rule"."""


def build(app: Flask, owner: Person, station: StationScene) -> dict[str, object]:
    """Write it all; ids by the names that paths have."""
    return {}
