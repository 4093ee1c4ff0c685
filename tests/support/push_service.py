"""A push service on this machine: takes what RFC 8030 says, decrypts it, and answers as told."""

import asyncio
import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Browser:
    """A browser that has subscribed: its keys, and what it was sent."""

    endpoint: str
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def p256dh(self) -> str:
        public = self.private_key.public_key()
        return base64url(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        return base64url(self.secret)

    def decrypt(self, body: bytes) -> dict[str, Any]:
        """What a body says to this browser."""
        content = http_ece.decrypt(
            body, private_key=self.private_key, auth_secret=self.secret, version="aes128gcm"
        )
        found: dict[str, Any] = json.loads(content)
        return found


@dataclass(frozen=True)
class Taken:
    """A request: the endpoint's name, its headers and its body."""

    name: str
    headers: dict[str, str]
    body: bytes


Answer = tuple[int, dict[str, str]]
FINE: Answer = (201, {})


class PushService:
    """`answer(request)` says what becomes of each request; `latency_s` how long that takes."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.answer: Callable[[Taken], Answer] = lambda _request: FINE
        self.latency_s = 0.0
        self.most_at_once = self._at_once = 0
        self.origin = ""
        self.browsers: dict[str, Browser] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None

    def browser(self) -> Browser:
        """A browser that subscribes here."""
        name = str(len(self.browsers))
        self.browsers[name] = Browser(f"{self.origin}/push/{name}")
        return self.browsers[name]

    def letters(self) -> list[dict[str, Any]]:
        """What was taken, decrypted."""
        return [self.browsers[one.name].decrypt(one.body) for one in self.taken]

    def start(self, port: int = 0) -> None:
        """Listen; on the port of before, if that is given."""
        if not self._thread.is_alive():
            self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(port), self._loop).result(10)

    def stop(self) -> None:
        """Hang up on everybody, and answer nobody."""
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(20)
            self._runner = None

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self, port: int) -> None:
        app = web.Application()
        app.router.add_post("/push/{name}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, taken_port = self._runner.addresses[0][:2]
        self.origin = f"http://{host}:{taken_port}"

    async def _take(self, request: web.Request) -> web.Response:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            body = await request.read()
            taken = Taken(request.match_info["name"], dict(request.headers), body)
            self.taken.append(taken)
            if self.latency_s:
                await asyncio.sleep(self.latency_s)
            status, headers = self.answer(taken)
            return web.Response(status=status, headers=headers)
        finally:
            self._at_once -= 1


@contextmanager
def running_push_service() -> Iterator[PushService]:
    """A push service that answers as long as the context lasts."""
    service = PushService()
    service.start()
    try:
        yield service
    finally:
        service.close()
