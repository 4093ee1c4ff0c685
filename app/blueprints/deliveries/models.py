"""Where messages go besides the app: phones with their subscriptions, and each sending."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import Device
from app.blueprints.notifications.models import Notification
from app.lib.database import Base, UtcDateTime
from app.lib.leases import Leased

MAX_ENDPOINT = 1000


class Subscription(Base):
    """A browser that takes pushes (Push API, PushSubscription), of a device that is signed in.

    It ends with the device's session, or when the push service says that it is gone.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (Index("ix_push_subscriptions_user", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(Text)
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    origin: Mapped[str] = mapped_column(String(120))
    """Scheme, host and port of the endpoint: the push service."""
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    """Both base64url, as the browser gave them."""
    key_id: Mapped[str] = mapped_column(String(16))
    """Of the VAPID key that it was made with; another key's messages are refused there."""
    site: Mapped[str] = mapped_column(String(120))
    """The origin at which that browser knows us, for the addresses in messages."""
    locale: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the browser last said that it still has it."""

    device: Mapped[Device] = relationship()


class Delivery(Leased, Base):
    """One message on one way to one person: by push to one subscription, or by SMS.

    Without a notification it is the digest of a quiet night, since `digest_from`.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("notification_id", "way", "subscription_id"),
        UniqueConstraint("subscription_id", "digest_from"),
        Index(
            "ix_deliveries_due", "next_try_at", "id",
            sqlite_where=text("work_state = 'pending'"),
            postgresql_where=text("work_state = 'pending'"),
        ),
        Index(
            "ix_deliveries_failed", "id",
            sqlite_where=text("work_state = 'failed'"),
            postgresql_where=text("work_state = 'failed'"),
        ),
        Index("ix_deliveries_user", "user_id", "created_at"),
        Index("ix_deliveries_subscription", "subscription_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    way: Mapped[str] = mapped_column(String(8))
    """push or sms"""
    notification_id: Mapped[int | None] = mapped_column(
        ForeignKey("notifications.id", ondelete="CASCADE")
    )
    digest_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    subscription_id: Mapped[int | None] = mapped_column(
        ForeignKey("push_subscriptions.id", ondelete="CASCADE")
    )
    origin: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """From then on nobody needs to hear of it this way."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    notification: Mapped[Notification | None] = relationship()
    subscription: Mapped[Subscription | None] = relationship()


class PushService(Base):
    """A push service that we have spoken with, by its origin, and whether we may go on."""

    __tablename__ = "push_services"

    origin: Mapped[str] = mapped_column(String(120), primary_key=True)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """It asked to wait, or did not answer."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row it had to be paused."""
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """It refused us, not a message: until an administrator has looked, nothing goes there."""
    reason: Mapped[str | None] = mapped_column(String(200))
