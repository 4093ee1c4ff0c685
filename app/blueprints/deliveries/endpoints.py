"""Where we may send pushes to: a subscription must not make the server call inward.

`PUSH_SERVICES` lists what is allowed. A name ("fcm.googleapis.com") or a domain with all below it
("*.push.apple.com") stands for HTTPS on port 443 at public addresses; an origin
("https://push.example:8443") is a service of one's own, and may be at a private address.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from app.blueprints.deliveries.models import MAX_ENDPOINT

PUBLIC_SERVICES = (
    "fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com",
    "*.notify.windows.com",
)  # fmt: skip


class NotAllowed(ValueError):
    """Nothing is sent to that address."""


@dataclass(frozen=True)
class PushServices:
    """The services that we may speak with."""

    patterns: tuple[str, ...]
    origins: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> "PushServices":
        """Of the setting: names and origins with spaces or commas between."""
        entries = text.replace(",", " ").split() or list(PUBLIC_SERVICES)
        own = frozenset(entry.rstrip("/") for entry in entries if "://" in entry)
        return cls(tuple(entry.lower() for entry in entries if "://" not in entry), own)

    def origin_of(self, endpoint: str) -> str:
        """The origin of an endpoint. Raises NotAllowed."""
        if len(endpoint) > MAX_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
            raise NotAllowed("length")
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise NotAllowed("address") from error
        if parts.username is not None or parts.password is not None or "\\" in endpoint:
            raise NotAllowed("address")
        origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
        if origin in self.origins:
            return origin
        if parts.scheme != "https" or port not in (None, 443) or not self._lists(host):
            raise NotAllowed("service")
        return f"https://{host}"

    def _lists(self, host: str) -> bool:
        return any(_fits(host, pattern) for pattern in self.patterns)

    def may_be_private(self, host: str, port: int) -> bool:
        """Whether the operator has named this very service."""
        return any(_same_place(origin, host, port) for origin in self.origins)


def _fits(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern


def _same_place(origin: str, host: str, port: int) -> bool:
    parts = urlsplit(origin)
    usual = 443 if parts.scheme == "https" else 80
    return parts.hostname == host and (parts.port or usual) == port


class PublicResolver(AbstractResolver):
    """Finds addresses, and leaves out private ones: the name of an allowed service may be made to
    point inward. Asked at each connection, so nothing lies between looking and calling."""

    def __init__(self, services: PushServices) -> None:
        self._services, self._inner = services, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a host. Raises OSError when it has none."""
        found = await self._inner.resolve(host, port, family)
        if self._services.may_be_private(host, port):
            return found
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            raise OSError(f"{host} is at no public address")
        return public

    async def close(self) -> None:
        """Nothing is held."""


def hosts_of(origins: Sequence[str]) -> list[str]:
    """The hosts of origins, as pages name them."""
    return [urlsplit(origin).hostname or origin for origin in origins]
