"""What travels in a push: a declarative push message (Push API, 3.3), which iPhones from 18.4 show
without our worker, and which the worker of other phones reads.
"""

import json
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 2_500
"""FCM refuses from 2,744 on, and a worker that is old may keep the text."""
SHORT_BYTES = 600
MAGIC = 8030


@dataclass(frozen=True)
class Letter:
    """What one person is shown. `url` is a path of the site; `tag` is the same for what takes each
    other's place."""

    title: str
    text: str
    url: str
    tag: str
    open_word: str
    mute_word: str
    topic: str | None = None
    """What the button for silence silences; None shows none."""
    notification_id: int | None = None
    unread: int = 0


def payload(letter: Letter, *, site: str, locale: str, short: bool = False) -> bytes:
    """The message as bytes of JSON, its text cut to what fits."""
    limit = SHORT_BYTES if short else MAX_BYTES
    text = letter.text
    while True:
        content = json.dumps(
            _message(letter, text, site=site, locale=locale, short=short),
            ensure_ascii=False, separators=(",", ":"),
        ).encode()  # fmt: skip
        over = len(content) - limit
        if over <= 0 or not text:
            return content
        # A character takes at most as many bytes as it has in UTF-8, escapes aside: cut by that.
        text = text[: max(len(text) - max(over // 3, 1) - 1, 0)]
        text = f"{text[:-1]}…" if len(text) > 1 else ""


def _message(letter: Letter, text: str, *, site: str, locale: str, short: bool) -> dict[str, Any]:
    opened = site + _address(letter)
    shown: dict[str, Any] = {
        "title": letter.title,
        "body": text,
        "navigate": opened,
        "tag": letter.tag,
        "lang": "zh-Hans" if locale.startswith("zh") else locale,
        "dir": "ltr",
        "data": {"id": letter.notification_id, "url": letter.url, "topic": letter.topic},
    }
    if not short:
        shown["actions"] = [{"action": "open", "title": letter.open_word, "navigate": opened}]
        if letter.topic:
            muting = f"{site}/messages/settings?mute={letter.topic}"
            shown["actions"].append(
                {"action": "mute", "title": letter.mute_word, "navigate": muting}
            )
    return {
        "web_push": MAGIC, "notification": shown, "app_badge": letter.unread, "mutable": True,
    }  # fmt: skip


def _address(letter: Letter) -> str:
    """Where a tap leads that no worker sees: there it is noted as read."""
    if letter.notification_id is None:
        return letter.url
    return f"/messages/{letter.notification_id}/open"
