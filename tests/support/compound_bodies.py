"""What the forms of the desk of compounds carry when everything is right."""

import io
from typing import Any

RULES = {
    "opens": "06:00", "closes": "23:00", "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    "vehicles": "push", "direction": "both", "printed_cap": "", "latitude": "31.3",
    "longitude": "120.7", "radius_m": "80",
}  # fmt: skip
_BODIES: dict[str, dict[str, Any]] = {
    "/why": {"reason": "complaint of a resident"},
    "/log/export": {"kind": "csv"},
    "/resolve": {"note": "asked the guard"},
    "/settings": {"closes": "00:00", "call": "0512-1234"},
    "/groups": {"name": "一片"},
    "/groups/<int:number>": {"inside": "1"},
    "/gates/<int:gate_id>": RULES,
    "/barriers": {"name": "北门道闸"},
    "/map/buildings": {"name": ["1幢"], "x": ["50"], "y": ["50"]},
}


def body_of(rule: str, picture: bytes) -> dict[str, Any]:
    """What a POST to this rule carries."""
    if rule.endswith("/map/picture"):
        return {"data": {"picture": (io.BytesIO(picture), "plan.jpg")}}
    known = (body for end, body in _BODIES.items() if rule.endswith(end))
    return {"data": next(known, {})}
