"""A rider's vouchers as their phone keeps them; times in milliseconds since 1970."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.blueprints.rewards.models import Redemption, RedemptionState, ServiceSlot
from app.blueprints.rewards.steps import name_of, station_name
from app.lib import clock

VERSION = 1
Json = dict[str, Any]


def vouchers_as_json(
    user_id: int, vouchers: Sequence[Redemption], *, now: datetime
) -> tuple[Json, str]:
    """What travels, and a tag of all in it but the time."""
    content: Json = {
        "version": VERSION,
        "user": user_id,
        "vouchers": [_voucher(one) for one in vouchers],
    }
    tag = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
    return content | {"now": clock.to_ms(now)}, tag


def span_of(slot: ServiceSlot | None) -> tuple[int, int] | None:
    """From when to when a service is given."""
    return (clock.to_ms(slot.starts_at), clock.to_ms(slot.ends_at)) if slot else None


def _voucher(one: Redemption) -> Json:
    return {
        "id": one.id,
        "number": one.number,
        "code": one.code if one.state == RedemptionState.HELD else "",
        "state": one.state,
        "kind": one.reward.kind,
        "reward": name_of(one),
        "cost": one.cost,
        "station": station_name(one.station) if one.station else None,
        "until": clock.to_ms(one.until),
        "made_at": clock.to_ms(one.at),
        "moved_at": clock.to_ms(one.moved_at),
        "slot": span_of(one.slot),
    }
