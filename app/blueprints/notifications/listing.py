"""Messages as the page lists them, and as a phone keeps them to be read with no network."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.blueprints.notifications.kinds import shown
from app.blueprints.notifications.models import Notification
from app.lib import clock


@dataclass(frozen=True)
class Told:
    """One message in the reader's language. `headed`: its title is words of its own, not only
    what it is about."""

    id: int
    title: str
    text: str
    icon: str
    tone: str
    url: str
    headed: bool
    unread: bool
    created_at: datetime


def told(notifications: Sequence[Notification]) -> list[Told]:
    """Each as it is listed."""
    return [_told(one) for one in notifications]


def kept(listed: Sequence[Told]) -> list[dict[str, Any]]:
    """Each as js/messages/keep.js keeps it."""
    return [_kept(one) for one in listed]


def _told(notification: Notification) -> Told:
    said, wording = shown(notification), notification.wording
    return Told(
        id=notification.id, title=said.title, text=said.text, icon=said.icon, tone=said.tone,
        url=notification.url, headed=wording is not None and wording.recalled_at is None,
        unread=notification.read_at is None, created_at=notification.created_at,
    )  # fmt: skip


def _kept(one: Told) -> dict[str, Any]:
    fields = asdict(one)
    at = clock.to_ms(fields.pop("created_at"))
    return {**fields, "at": at}
