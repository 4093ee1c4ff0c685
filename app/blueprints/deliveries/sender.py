"""Sends pushes: many at once over connections that are kept (RFC 8030, RFC 8188, RFC 8291).

pywebpush encrypts; its own way of sending opens a connection a message, has no timeout and follows
redirects, so the sending is ours.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from pywebpush import WebPusher

from app.blueprints.deliveries.endpoints import PublicResolver, PushServices
from app.blueprints.deliveries.outcome import Outcome, of_answer, of_silence
from app.blueprints.deliveries.vapid import Tokens
from app.lib import clock

Item = TypeVar("Item")

AT_ONCE = 64
TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 4_096


@dataclass(frozen=True)
class Push:
    """One message to one subscription. `topic` and `urgency` are those of RFC 8030, 5.4 and 5.3;
    a later message with the same topic takes the place of one that waits there."""

    endpoint: str
    origin: str
    p256dh: str
    auth: str
    content: bytes
    ttl_s: int
    urgency: str
    topic: str


class Sender:
    """An open session with the push services."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens) -> None:
        self._session, self._tokens = session, tokens

    async def send(self, push: Push) -> Outcome:
        """Encrypt and send one; answers what became of it and never raises for the network."""
        headers = {
            "Authorization": self._tokens.authorization(push.origin, now=clock.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(push.ttl_s),
            "Urgency": push.urgency,
            "Topic": push.topic,
        }
        try:
            async with self._session.post(
                push.endpoint, data=encrypted(push), headers=headers, allow_redirects=False
            ) as answer:
                await answer.content.read(MAX_ANSWER_BYTES)
                retry_after = answer.headers.get("Retry-After")
                return of_answer(answer.status, retry_after, now=clock.now())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return of_silence(type(error).__name__)


def encrypted(push: Push) -> bytes:
    """The content for the subscription's keys (RFC 8291)."""
    keys = {"p256dh": push.p256dh, "auth": push.auth}
    coded = WebPusher({"endpoint": push.endpoint, "keys": keys}).encode(push.content)
    body: bytes = coded["body"]
    return body


@asynccontextmanager
async def open_sender(
    services: PushServices, tokens: Tokens, *, at_once: int = AT_ONCE
) -> AsyncIterator[Sender]:
    """A sender, with as many connections as messages may travel at once."""
    connector = aiohttp.TCPConnector(
        limit=at_once, limit_per_host=at_once, resolver=PublicResolver(services), ttl_dns_cache=60
    )
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    ) as session:
        yield Sender(session, tokens)


async def in_parallel(
    items: Iterable[Item], work: Callable[[Item], Awaitable[None]], *, at_once: int = AT_ONCE
) -> None:
    """Do the work for each item, so many at once."""
    waiting = iter(items)

    async def one_after_another() -> None:
        for item in waiting:
            await work(item)

    await asyncio.gather(*(one_after_another() for _line in range(at_once)))
