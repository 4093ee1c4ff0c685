"""The ledger: accounts, transfers made of entries, and where a rider's points come from.

docs/protocols/points.md tells the rules. Transfers and entries are never changed or deleted: the
database itself refuses it.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation
from app.lib.database import Base, UtcDateTime

SHARDS = 16
"""An account that everybody's transfers touch is so many rows, so that few wait for each other."""


class AccountKind(StrEnum):
    """Whose points an account holds."""

    RIDER = "rider"
    BUDGET = "budget"
    """What an organisation was given to hand out."""
    ISSUE = "issue"
    """Where the district's points come from: the only account below zero."""
    REDEEMED = "redeemed"
    EXPIRED = "expired"


class Account(Base):
    """A holder of points. `held` is part of the balance; what may be spent is the difference."""

    __tablename__ = "point_accounts"
    __table_args__ = (
        UniqueConstraint("user_id"),
        UniqueConstraint("organisation_id"),
        Index(
            "uq_point_accounts_shard", "kind", "shard", unique=True,
            sqlite_where=text("shard IS NOT NULL"), postgresql_where=text("shard IS NOT NULL"),
        ),
        CheckConstraint("kind = 'issue' OR balance >= 0", name="balance"),
        CheckConstraint("held >= 0 AND (held = 0 OR held <= balance)", name="held"),
        CheckConstraint("debt >= 0", name="debt"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AccountKind] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT")
    )
    shard: Mapped[int | None]
    """0 to 15 of the district's own accounts."""
    balance: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    debt: Mapped[int] = mapped_column(BigInteger, default=0)
    """What was taken back and could not be paid; the next points go there first."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class TransferKind(StrEnum):
    """What a transfer is."""

    FUND = "fund"
    EARN = "earn"
    CAPTURE = "capture"
    EXPIRE = "expire"
    REVERSE = "reverse"
    SETTLE = "settle"


class Transfer(Base):
    """Points that went from accounts to accounts, once."""

    __tablename__ = "point_transfers"
    __table_args__ = (
        UniqueConstraint("scope", "key"),
        Index("ix_point_transfers_source", "source_kind", "source_id"),
        Index("ix_point_transfers_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    """Idempotency key within the scope. The same key with another request is an error."""
    request_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[TransferKind] = mapped_column(String(10))
    source_kind: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[str] = mapped_column(String(40))
    """What it was for: a case, a visit, a task, a redemption, a correction."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    """None for what the rules did by themselves."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    reverses_id: Mapped[int | None] = mapped_column(
        ForeignKey("point_transfers.id", ondelete="RESTRICT"), unique=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    entries: Mapped[list["Entry"]] = relationship(order_by="Entry.id", back_populates="transfer")


class Entry(Base):
    """One side of a transfer. The entries of a transfer sum to zero."""

    __tablename__ = "point_entries"
    __table_args__ = (
        Index("ix_point_entries_account", "account_id", "id"),
        CheckConstraint("amount <> 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(
        ForeignKey("point_transfers.id", ondelete="RESTRICT"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("point_accounts.id", ondelete="RESTRICT"))
    amount: Mapped[int] = mapped_column(BigInteger)
    balance_after: Mapped[int] = mapped_column(BigInteger)

    transfer: Mapped[Transfer] = relationship(back_populates="entries")
    account: Mapped[Account] = relationship()


class Lot(Base):
    """Points earned at once, which expire together. What remains of a rider's lots is what the
    rider may spend."""

    __tablename__ = "point_lots"
    __table_args__ = (
        Index(
            "ix_point_lots_left", "account_id", "expires_at", "id",
            sqlite_where=text("remaining > 0"), postgresql_where=text("remaining > 0"),
        ),
        Index(
            "ix_point_lots_expiring", "expires_at",
            sqlite_where=text("remaining > 0"), postgresql_where=text("remaining > 0"),
        ),
        Index(
            "ix_point_lots_unwarned", "expires_at",
            sqlite_where=text("remaining > 0 AND warned_at IS NULL"),
            postgresql_where=text("remaining > 0 AND warned_at IS NULL"),
        ),
        CheckConstraint("remaining BETWEEN 0 AND amount", name="remaining"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("point_accounts.id", ondelete="RESTRICT"))
    transfer_id: Mapped[int] = mapped_column(
        ForeignKey("point_transfers.id", ondelete="RESTRICT"), unique=True
    )
    amount: Mapped[int]
    remaining: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HoldState(StrEnum):
    """What became of a hold."""

    PLACED = "placed"
    CAPTURED = "captured"
    RELEASED = "released"


class Hold(Base):
    """Points reserved for something, until they are captured or released."""

    __tablename__ = "point_holds"
    __table_args__ = (
        UniqueConstraint("scope", "key"),
        Index("ix_point_holds_account", "account_id", "state"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("point_accounts.id", ondelete="RESTRICT"))
    scope: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    amount: Mapped[int]
    state: Mapped[HoldState] = mapped_column(String(10), default=HoldState.PLACED)
    source_kind: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[str] = mapped_column(String(40))
    transfer_id: Mapped[int | None] = mapped_column(
        ForeignKey("point_transfers.id", ondelete="RESTRICT"), unique=True
    )
    """By which it was captured."""
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LotUse(Base):
    """Points that a hold or a transfer took from a lot, and gave back."""

    __tablename__ = "point_lot_uses"
    __table_args__ = (
        CheckConstraint("amount > 0 AND returned BETWEEN 0 AND amount", name="amount"),
        CheckConstraint("(hold_id IS NULL) <> (transfer_id IS NULL)", name="by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(
        ForeignKey("point_lots.id", ondelete="RESTRICT"), index=True
    )
    hold_id: Mapped[int | None] = mapped_column(
        ForeignKey("point_holds.id", ondelete="RESTRICT"), index=True
    )
    transfer_id: Mapped[int | None] = mapped_column(
        ForeignKey("point_transfers.id", ondelete="RESTRICT"), index=True
    )
    amount: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0)


class Debt(Base):
    """What a reversal could not take back because it was spent."""

    __tablename__ = "point_debts"
    __table_args__ = (
        Index(
            "ix_point_debts_open", "account_id", "id",
            sqlite_where=text("remaining > 0"), postgresql_where=text("remaining > 0"),
        ),
        CheckConstraint("remaining BETWEEN 0 AND amount", name="remaining"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("point_accounts.id", ondelete="RESTRICT"))
    creditor_id: Mapped[int] = mapped_column(ForeignKey("point_accounts.id", ondelete="RESTRICT"))
    """Where the points came from, and go back to."""
    transfer_id: Mapped[int] = mapped_column(
        ForeignKey("point_transfers.id", ondelete="RESTRICT"), index=True
    )
    amount: Mapped[int]
    remaining: Mapped[int]
