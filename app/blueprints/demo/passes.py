"""Two weeks of passes for the demo's gates, who is inside now, and something to look at."""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.badges.issuing import label_of
from app.blueprints.badges.models import Holder
from app.blueprints.demo.gates import DemoGate
from app.blueprints.demo.history import MEALS_UTC
from app.blueprints.gates.models import (
    Chain,
    Directions,
    Method,
    Outcome,
    Pass,
    PassConflict,
    Presence,
)

DAYS, PER_DAY, AT_FIRST_GATE, INSIDE = 14, 260, 40, 7
Row = dict[str, Any]


def build_passes(
    session: Session, gates: Sequence[DemoGate], riders: Sequence[int], chance: random.Random,
    now: datetime,
) -> int:  # fmt: skip
    """Write passes, most of them at meals; answers how many."""
    holders = session.scalars(select(Holder).where(Holder.user_id.in_(riders)))
    labels = {holder.user_id: label_of(holder) for holder in holders}
    rows = [
        _pass(gates[0] if number < AT_FIRST_GATE else chance.choice(gates), moment, labels, chance)
        for day in range(DAYS)
        for number in range(PER_DAY)
        if (moment := _moment(now - timedelta(days=day), chance)) < now
    ]
    lately = [
        _pass(gates[0], now - timedelta(minutes=3 + 6 * number), {rider: labels[rider]}, chance)
        | {"direction": Directions.ENTRY, "outcome": Outcome.ENTERED}
        for number, rider in enumerate(riders[:INSIDE])
    ]
    session.execute(insert(Pass), rows + lately)
    session.execute(insert(Presence), [
        {"compound_id": gates[0].compound_id, "rider_id": row["rider_id"], "entered_at": row["at"]}
        for row in lately
    ])  # fmt: skip
    _conflict(session, gates[0], now)
    return len(rows) + len(lately)


def _moment(day: datetime, chance: random.Random) -> datetime:
    hour = chance.choice(MEALS_UTC) if chance.random() < 0.7 else chance.randint(0, 15)
    return day.replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))


def _pass(
    gate: DemoGate, moment: datetime, labels: Mapping[int, str], chance: random.Random
) -> Row:
    refused, rider = chance.random() < 0.04, chance.choice(list(labels))
    method = Method.PRINTED if chance.random() < 0.1 else Method.LIVE
    level, reason = ("red", "expired") if refused else ("green", "ok")
    if method == Method.PRINTED and not refused:
        level, reason = "amber", "printed"
    return {
        "key": str(uuid7()), "compound_id": gate.compound_id, "gate_id": gate.id,
        "rider_id": rider, "guard": "演示门岗", "method": method,
        "direction": Directions.EXIT if chance.random() < 0.35 else Directions.ENTRY,
        "vehicle": "", "at": moment, "received_at": moment + timedelta(seconds=2),
        "label": labels[rider], "phone_level": level, "phone_reason": reason,
        "server_level": level, "server_reason": reason,
        "outcome": Outcome.REFUSED if refused else Outcome.ENTERED, "chain": Chain.NONE,
    }  # fmt: skip


def _conflict(session: Session, gate: DemoGate, now: datetime) -> None:
    """One pass that an old list let in."""
    let_in = session.scalars(
        select(Pass)
        .where(Pass.gate_id == gate.id, Pass.outcome == Outcome.ENTERED, Pass.method == Method.LIVE)
        .order_by(Pass.at.desc())
        .offset(INSIDE)
        .limit(1)
    ).one()
    let_in.server_level, let_in.server_reason = "red", "revoked"
    session.add(
        PassConflict(
            compound_id=gate.compound_id, pass_id=let_in.id, kind="revoked_meanwhile",
            detail=json.dumps({"reason": "revoked"}), created_at=now,
        )
    )  # fmt: skip
