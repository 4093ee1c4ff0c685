"""Who looked at whose personal data, and why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.lib.database import Base, UtcDateTime


class AuditEntry(Base):
    """One look, or one export. Entries are never changed; the worker deletes none of them."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    subject: Mapped[str] = mapped_column(String(60))
    """What was looked at: "compound:12", "rider:7"."""
    what: Mapped[str] = mapped_column(String(30))
    """The kind of look: "log", "export", "portrait"."""
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User] = relationship(lazy="joined", innerjoin=True)
