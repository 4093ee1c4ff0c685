"""What somebody reads of a delivery, in the language of its phone."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from flask_babel import force_locale
from flask_babel import gettext as _

from app.blueprints.deliveries.models import Delivery
from app.blueprints.deliveries.payload import Letter
from app.blueprints.notifications.kinds import kind_of, shown
from app.blueprints.notifications.models import Notification

DIGEST_TAG = "digest"
NAMED = 3
"""How many messages of a night the digest quotes."""


def letter_of(
    delivery: Delivery, night: Sequence[Notification], *, locale: str, unread: int
) -> Letter | None:
    """The letter of a delivery. `night` is what a digest would tell of: of one message it is that
    message's letter, of none there is none."""
    told = delivery.notification
    with force_locale(locale):
        if told is not None:
            return replace(_single(told), unread=unread)
        if len(night) == 1:
            return replace(_single(night[0]), unread=unread)
        return replace(_digest(night), unread=unread) if night else None


def tag_of(told: Notification) -> str:
    """The same for what takes each other's place, in the phone and at the push service: at most 32
    characters of base64url (RFC 8030, 5.4). A message sent twice has one tag, so it shows once."""
    if kind_of(told).replaces:
        return sha256(f"{told.kind} {told.url}".encode()).hexdigest()[:32]
    return f"n{told.id}"


def sms_text(told: Notification) -> str:
    """The text of a critical message by SMS; there is no phone to know a language of."""
    with force_locale("zh_Hans"):
        return shown(told).text


def _single(told: Notification) -> Letter:
    said, kind = shown(told), kind_of(told)
    return Letter(
        title=said.title,
        text=said.text,
        url=told.url,
        tag=tag_of(told),
        open_word=_("Open"),
        mute_word=_("No more of this"),
        topic=None if kind.critical else kind.topic,
        notification_id=told.id,
    )


def _digest(night: Sequence[Notification]) -> Letter:
    lines = [shown(told).text for told in night[:NAMED]]
    if len(night) > NAMED:
        lines.append("…")
    return Letter(
        title=_("%(count)s messages of the night", count=len(night)),
        text="\n".join(lines),
        url="/messages",
        tag=DIGEST_TAG,
        open_word=_("Open"),
        mute_word=_("No more of this"),
    )
