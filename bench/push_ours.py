"""Our sender alone, or pywebpush as it comes: `python -m bench.push_ours HOW COUNT ORIGIN`, in a
process of its own that trusts the benchmark's certificate. Prints messages a second."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from pywebpush import webpush

from app.blueprints.deliveries import vapid
from app.blueprints.deliveries.endpoints import PushServices
from app.blueprints.deliveries.outcome import What
from app.blueprints.deliveries.payload import Letter, payload
from app.blueprints.deliveries.sender import AT_ONCE, Push, Sender, in_parallel, open_sender
from app.blueprints.deliveries.vapid import Tokens
from tests.support.push_service import Browser

SUBJECT = "mailto:bench@example.invalid"
CONTENT_BYTES = 231


def content() -> bytes:
    """A message of the size that the figures were first taken with."""
    letter = Letter("我的上报", "已结案。", "/reports/1", "n1", "打开", "不再提醒这类")
    return payload(letter, site="https://x.example", locale="zh_Hans", short=True)[:CONTENT_BYTES]


async def ours(count: int, origin: str, key: vapid.VapidKey) -> None:
    """`count` messages by our sender."""
    browser, text = Browser(f"{origin}/push/0"), content()
    push = Push(browser.endpoint, origin, browser.p256dh, browser.auth, text, 60, "normal", "n1")
    async with open_sender(PushServices.parse(origin), Tokens(key, SUBJECT)) as sender:

        async def send(_number: int) -> None:
            await _sent(sender, push)

        await in_parallel(range(count), send, at_once=AT_ONCE)


async def _sent(sender: Sender, push: Push) -> None:
    outcome = await sender.send(push)
    if outcome.what != What.SENT:
        raise SystemExit(f"not taken: {outcome.error}")


def as_it_comes(count: int, origin: str, key_file: Path) -> None:
    """`count` messages by pywebpush's own function, one after another."""
    browser = Browser(f"{origin}/push/0")
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    for _number in range(count):
        webpush(
            {"endpoint": browser.endpoint, "keys": keys}, content(),
            vapid_private_key=str(key_file), vapid_claims={"sub": SUBJECT}, ttl=60,
        )  # fmt: skip


def main() -> None:
    how, count, origin = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory() as folder:
        key_file = Path(folder) / "key.pem"
        key = vapid.make(key_file)
        began = time.perf_counter()
        if how == "ours":
            asyncio.run(ours(count, origin, key))
        else:
            as_it_comes(count, origin, key_file)
        print(count / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
