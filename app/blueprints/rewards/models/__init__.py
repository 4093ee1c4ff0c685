"""The tables of rewards."""

from app.blueprints.rewards.models.catalogue import (
    Reward,
    RewardEvent,
    RewardKind,
    RewardPicture,
    RewardState,
    ServiceSlot,
    Supplier,
)
from app.blueprints.rewards.models.redemptions import (
    HandOut,
    HandOutcome,
    Redemption,
    RedemptionEvent,
    RedemptionState,
    WhyNot,
)
from app.blueprints.rewards.models.stock import MoveKind, RewardStock, StockMove

__all__ = [
    "HandOut", "HandOutcome", "MoveKind", "Redemption", "RedemptionEvent", "RedemptionState",
    "Reward", "RewardEvent", "RewardKind", "RewardPicture", "RewardState", "RewardStock",
    "ServiceSlot", "StockMove", "Supplier", "WhyNot",
]  # fmt: skip
