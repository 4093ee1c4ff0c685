"""One-time codes that are kept nowhere.

A code follows from the server's secret and a row's random nonce, by the dynamic truncation of
RFC 4226. The worker can make it again to send it; a copy of the table tells nothing.
"""

import hmac
from hashlib import sha256

DIGITS = 6


class Secrets:
    """What the accounts derive from the server's secret, each use with a key of its own."""

    def __init__(self, secret_key: str) -> None:
        self._code_key = self._derive(secret_key, b"sign-in code")
        self._index_key = self._derive(secret_key, b"sign-in index")

    @staticmethod
    def _derive(secret_key: str, purpose: bytes) -> bytes:
        return hmac.digest(secret_key.encode(), purpose, "sha256")

    def code(self, nonce: str) -> str:
        """The six digits of a nonce."""
        mac = hmac.digest(self._code_key, nonce.encode(), "sha256")
        offset = mac[-1] & 0x0F
        number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
        return f"{number % 10**DIGITS:0{DIGITS}d}"

    def matches(self, nonce: str, code: str) -> bool:
        """Whether this is the nonce's code, in constant time."""
        return hmac.compare_digest(self.code(nonce).encode(), code.encode())

    def index(self, text: str) -> str:
        """A number or an address as it is counted: a keyed hash, hex."""
        return hmac.new(self._index_key, text.encode(), sha256).hexdigest()
