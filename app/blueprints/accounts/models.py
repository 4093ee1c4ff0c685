"""People, the devices they are signed in on, and one-time codes."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.lib.database import Base, UtcDateTime
from app.lib.leases import Leased

if TYPE_CHECKING:
    from app.blueprints.organisations.models import Membership, Role


class User(UserMixin, Base):
    """A person. What they may do follows from their memberships."""

    __tablename__ = "users"
    # The operators let PostgreSQL find a name's beginning by the index.
    __table_args__ = (Index("ix_users_name", "name", postgresql_ops={"name": "text_pattern_ops"}),)
    __allow_unmapped__ = True  # for device_id, which is no column

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)
    """E.164. None for the account of a phone at a gate, which is nobody's: no code signs it in."""
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(
        primaryjoin="and_(User.id == foreign(Membership.user_id), Membership.ended_at.is_(None))",
        viewonly=True,
        lazy="selectin",
    )

    device_id: int | None = None
    """The device of this request, set when a session is loaded."""

    def has_role(self, *roles: "Role") -> bool:
        """Whether one of the present memberships is of one of these roles."""
        return any(membership.role in roles for membership in self.memberships)

    def get_id(self) -> str:
        raise NotImplementedError("a session names a device, not a person")


class Device(Base):
    """A browser that somebody signed in on. Its secret is in the session cookie, hashed here."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(80))
    """Made from the user agent: "Android · Chrome"."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="joined", innerjoin=True)


class SignInCode(Leased, Base):
    """A one-time code asked for. The code itself is kept nowhere: it follows from the server's
    secret and this row's nonce, so the worker can send it and a copy of the table tells nothing.
    """

    __tablename__ = "sign_in_codes"
    __table_args__ = (
        Index("ix_sign_in_codes_number_created", "number_hash", "created_at"),
        Index("ix_sign_in_codes_address_created", "address_hash", "created_at"),
        Index("ix_sign_in_codes_work", "work_state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """None for a number that nobody has: it is answered alike, and nothing is sent."""
    number_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    wrong_tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship()
