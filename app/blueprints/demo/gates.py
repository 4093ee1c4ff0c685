"""The demo's compounds and gates: groups, rules, places, and a building map."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.demo.district import District
from app.blueprints.gates.maps import map_name
from app.blueprints.gates.models import (
    Building,
    Compound,
    CompoundGroup,
    CompoundGroupMember,
    Directions,
    Gate,
    Vehicles,
)
from app.blueprints.organisations.models import Kind, Organisation
from app.lib.storage import Storage

WIDTH, HEIGHT = 1200, 900
GATE_NUMBERS = "0512-5550"
RULES: tuple[dict[str, Any], ...] = (
    {},
    {"opens_min": 6 * 60, "closes_min": 23 * 60, "vehicles": Vehicles.PUSH},
    {"vehicles": Vehicles.FOOT, "printed_cap": 3},
    {"direction": Directions.ENTRY, "live_only": True},
)
"""What the demo's gates have set, in turn; the first gate of all has no limits."""
_PLAIN = {
    "weekdays": 127, "radius_m": 80, "opens_min": 0, "closes_min": 0, "live_only": False,
    "printed_cap": None, "vehicles": Vehicles.ANY, "direction": Directions.BOTH,
}  # fmt: skip
HOUSES = tuple((x, y) for y in (0.24, 0.5, 0.76) for x in (0.16, 0.38, 0.62, 0.84))


@dataclass(frozen=True)
class Plan:
    """A building map as it is kept."""

    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class DemoGate:
    """A gate and its compound, by their ids."""

    id: int
    compound_id: int


def build_plan(storage: Storage) -> Plan:
    """Draw the map that the demo's compounds have, and keep it."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#dcebd4")
    draw = ImageDraw.Draw(picture)
    for street in (330, 570):
        draw.rectangle((0, street - 26, WIDTH, street + 26), fill="#e9e6dc")
    for lane in (320, 600, 880):
        draw.rectangle((lane - 22, 0, lane + 22, HEIGHT), fill="#e9e6dc")
    draw.ellipse((520, 250, 680, 410), fill="#b7d9ec")
    for x, y in HOUSES:
        left, top = x * WIDTH - 90, y * HEIGHT - 52
        draw.rounded_rectangle((left, top, left + 180, top + 104), 10, fill="#f3efe6")
        draw.rounded_rectangle((left, top, left + 180, top + 104), 10, outline="#a39a86", width=4)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    storage.put(map_name(sha256), out.getvalue())
    return Plan(sha256, WIDTH, HEIGHT)


def build_gates(
    session: Session, district: District, plan: Plan, now: datetime
) -> Sequence[DemoGate]:
    """Write what is set for each compound and gate; answers the gates."""
    compounds = district.of(Kind.COMPOUND)
    session.execute(insert(Compound), [
        {"organisation_id": one, "closes_min": 0, "call": f"{GATE_NUMBERS}{number:03}",
         "map_sha256": plan.sha256, "map_width": plan.width, "map_height": plan.height,
         "map_at": now}
        for number, one in enumerate(compounds, start=1)
    ])  # fmt: skip
    session.execute(insert(Building), [
        {"compound_id": one, "name": f"{number}幢", "x": x, "y": y}
        for one in compounds for number, (x, y) in enumerate(HOUSES, start=1)
    ])  # fmt: skip
    _groups(session, district, compounds)
    return _gates(session)


def _groups(session: Session, district: District, compounds: Sequence[int]) -> None:
    owners = district.of(Kind.PROPERTY_COMPANY)
    session.execute(insert(CompoundGroup), [
        {"number": number, "owner_id": owner, "name": f"示例片区{number}"}
        for number, owner in enumerate(owners, start=1)
    ])  # fmt: skip
    session.execute(insert(CompoundGroupMember), [
        {"compound_id": one, "number": index % len(owners) + 1}
        for index, one in enumerate(compounds)
    ])  # fmt: skip


def _gates(session: Session) -> Sequence[DemoGate]:
    found = select(Organisation.id, Organisation.parent_id).where(Organisation.kind == Kind.GATE)
    gates = [DemoGate(row[0], row[1] or 0) for row in session.execute(found.order_by("id"))]
    session.execute(insert(Gate), [
        _PLAIN | RULES[index % len(RULES)] | {
            "organisation_id": gate.id, "compound_id": gate.compound_id,
            "place_code": f"DEMO{gate.id:012}",
            "latitude": round(31.27 + index % 12 * 0.008, 6),
            "longitude": round(120.68 + index // 12 * 0.014, 6),
        }
        for index, gate in enumerate(gates)
    ])  # fmt: skip
    return gates
