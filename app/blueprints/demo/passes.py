"""Two weeks of passes for the demo's gates."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.demo.gates import DemoGate
from app.blueprints.demo.history import MEALS_UTC
from app.blueprints.gates.models import Chain, Directions, Method, Outcome, Pass

DAYS, PER_DAY, AT_FIRST_GATE = 14, 260, 40
Row = dict[str, Any]


def build_passes(
    session: Session, gates: Sequence[DemoGate], riders: Sequence[int], chance: random.Random,
    now: datetime,
) -> int:  # fmt: skip
    """Write passes, most of them at meals; answers how many."""
    rows = [
        _pass(gates[0] if number < AT_FIRST_GATE else chance.choice(gates), moment, riders, chance)
        for day in range(DAYS)
        for number in range(PER_DAY)
        if (moment := _moment(now - timedelta(days=day), chance)) < now
    ]
    session.execute(insert(Pass), rows)
    return len(rows)


def _moment(day: datetime, chance: random.Random) -> datetime:
    hour = chance.choice(MEALS_UTC) if chance.random() < 0.7 else chance.randint(0, 15)
    return day.replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))


def _pass(gate: DemoGate, moment: datetime, riders: Sequence[int], chance: random.Random) -> Row:
    refused = chance.random() < 0.04
    method = Method.PRINTED if chance.random() < 0.1 else Method.LIVE
    level, reason = ("red", "expired") if refused else ("green", "ok")
    if method == Method.PRINTED and not refused:
        level, reason = "amber", "printed"
    return {
        "key": str(uuid7()), "compound_id": gate.compound_id, "gate_id": gate.id,
        "rider_id": chance.choice(riders), "guard": "演示门岗", "method": method,
        "direction": Directions.EXIT if chance.random() < 0.35 else Directions.ENTRY,
        "vehicle": "", "at": moment, "received_at": moment + timedelta(seconds=2), "label": "演示",
        "phone_level": level, "phone_reason": reason, "server_level": level,
        "server_reason": reason, "outcome": Outcome.REFUSED if refused else Outcome.ENTERED,
        "chain": Chain.NONE,
    }  # fmt: skip
