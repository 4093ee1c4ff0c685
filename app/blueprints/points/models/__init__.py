"""The tables of points."""

from app.blueprints.points.models.books import (
    SHARDS,
    Account,
    AccountKind,
    Debt,
    Entry,
    Hold,
    HoldState,
    Lot,
    LotUse,
    Transfer,
    TransferKind,
)
from app.blueprints.points.models.earning import Bar, Occasion, Occurrence, Outcome, Rule, Why

__all__ = [
    "SHARDS", "Account", "AccountKind", "Bar", "Debt", "Entry", "Hold", "HoldState", "Lot",
    "LotUse", "Occasion", "Occurrence", "Outcome", "Rule", "Transfer", "TransferKind", "Why",
]  # fmt: skip
