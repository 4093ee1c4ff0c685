"""The tables of gates: the places, and who passed there."""

from app.blueprints.gates.models.passes import (
    Chain,
    Method,
    Outcome,
    Pass,
    PassConflict,
    Presence,
    Undo,
)
from app.blueprints.gates.models.places import (
    DAY_MIN,
    EVERY_DAY,
    Barrier,
    Building,
    Compound,
    CompoundGroup,
    CompoundGroupMember,
    Directions,
    Gate,
    Scanner,
    ScannerCode,
    Vehicles,
)

__all__ = [
    "DAY_MIN",
    "EVERY_DAY",
    "Barrier",
    "Building",
    "Chain",
    "Compound",
    "CompoundGroup",
    "CompoundGroupMember",
    "Directions",
    "Gate",
    "Method",
    "Outcome",
    "Pass",
    "PassConflict",
    "Presence",
    "Scanner",
    "ScannerCode",
    "Undo",
    "Vehicles",
]
