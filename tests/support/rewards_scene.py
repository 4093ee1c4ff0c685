"""Rows of rewards that can be named in a path, and what its forms hold when all is right."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.rewards import handing, redeeming
from app.blueprints.rewards.handing import HandOutDraft
from app.blueprints.rewards.models import HandOut, RewardPicture
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import Person
from tests.support.reward_rows import RewardRows, issuer_keys
from tests.support.station_scene import StationScene

_MOVE = {"amount": "1", "reason": "x", "key": "01234567-89ab-7def-8123-456789abcdef"}
BODIES: dict[str, dict[str, Any]] = {
    "POST /rewards/<int:reward_id>": {"sure": "1", "cost": "10", "station": "", "key": "shop"},
    "POST /rewards/desk/stock/<int:stock_id>/deliver": _MOVE,
    "POST /rewards/desk/stock/<int:stock_id>/out": _MOVE,
    "POST /rewards/desk/stock/<int:stock_id>/count": {
        "on_shelf": "4", "reason": "x", "key": _MOVE["key"],
    },
    "POST /rewards/desk/suppliers/<int:supplier_id>": {"name_zh": "x"},
    "POST /rewards/desk/conflicts/<int:hand_out_id>": {"words": "x"},
    "POST /rewards/desk/vouchers/<int:redemption_id>/recall": {"reason": "x"},
    "POST /rewards/desk/vouchers/<int:redemption_id>/refund": {"reason": "x"},
}  # fmt: skip
"""By "METHOD rule"."""


def build(app: Flask, owner: Person, station: StationScene) -> dict[str, object]:
    """A reward at the station, of which the owner got one that was handed out twice; ids by the
    names that paths have."""
    with app.app_context():
        session, station_id = db.session(), int(str(station.ids["station_id"]))
        with transaction(session):
            rows, now = RewardRows(session), clock.now()
            supplier = rows.supplier()
            reward = rows.reward()
            service = rows.reward(kind="service")
            stock = rows.stock(reward, station_id, 5)
            slot = rows.slot(service, station_id, starts_at=now + timedelta(days=1))
            rows.points(owner.id, 100)
            shot = RewardPicture(
                reward_id=reward, position=1, sha256="ce" * 32, width=1, height=1, created_at=now
            )
            session.add(shot)
            redeemed, conflict = _handed_out_twice(session, owner, station, reward, station_id)
            ids: dict[str, object] = {
                "reward_id": reward, "stock_id": stock, "supplier_id": supplier, "slot_id": slot,
                "reward_picture_id": shot.id, "redemption_id": redeemed, "hand_out_id": conflict,
            }  # fmt: skip
    BODIES["POST /rewards/<int:reward_id>"]["station"] = str(station_id)
    return ids


def _handed_out_twice(
    session: Session, owner: Person, station: StationScene, reward_id: int, station_id: int
) -> tuple[int, int]:
    now = clock.now()
    rider, host = session.get_one(User, owner.id), session.get_one(User, station.host.id)
    made = redeeming.redeem(
        session, rider, reward_id=reward_id, station_id=station_id, key="scene",
        keys=issuer_keys(), now=now,
    )  # fmt: skip
    drafts = [HandOutDraft(f"scene {one}", host, station_id, now, code=made.code) for one in "ab"]
    _given, conflict = handing.hand_out(session, drafts, now=now)
    assert isinstance(conflict, HandOut)
    return made.id, conflict.id
