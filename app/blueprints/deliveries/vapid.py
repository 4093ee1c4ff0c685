"""Who we are to push services: VAPID (RFC 8292).

One key for all subscriptions, in a file that its owner alone may read. A token is signed once an
origin and kept: 12 hours is what push services accept whatever their clock says; 24, the most that
the RFC allows, is refused when theirs is behind.
"""

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

TOKEN_LIFE = timedelta(hours=12)
RENEWED_AFTER = timedelta(hours=11)


class NoVapidKey(RuntimeError):
    """Nothing can be pushed; the message says how to make a key."""


@dataclass(frozen=True)
class VapidKey:
    """The key, and its public half as browsers want it: an uncompressed point, base64url."""

    private_key: ec.EllipticCurvePrivateKey = field(repr=False)
    public: str

    @property
    def id(self) -> str:
        """A short name of the public half, to see whether a subscription was made with it."""
        return sha256(self.public.encode()).hexdigest()[:16]


def load(path: Path) -> VapidKey:
    """The key of a file. Raises NoVapidKey."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise NoVapidKey(
            f"There is no VAPID key at {path}: `flask push make-key` makes one."
        ) from error
    return _read(path, changed)


@cache
def _read(path: Path, _changed: int) -> VapidKey:
    try:
        private_key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise NoVapidKey(f"{path} holds no VAPID key.") from error
    if not isinstance(private_key, ec.EllipticCurvePrivateKey):
        raise NoVapidKey(f"{path} holds no VAPID key.")
    if not isinstance(private_key.curve, ec.SECP256R1):
        raise NoVapidKey(f"{path} holds a key of another curve than P-256.")
    point = private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return VapidKey(private_key, urlsafe_b64encode(point).decode().rstrip("="))


def make(path: Path) -> VapidKey:
    """Make a key and write its file; one that is there stays. Raises FileExistsError."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return load(path)


class Tokens:
    """The tokens of one process, one an origin."""

    def __init__(self, key: VapidKey, subject: str) -> None:
        self._key, self._subject = key, subject
        self._made: dict[str, tuple[datetime, str]] = {}

    def authorization(self, origin: str, *, now: datetime) -> str:
        """The value of the Authorization header for a push service. A clock that was set back
        makes a new one."""
        made_at, token = self._made.get(origin, (None, ""))
        if made_at is None or not timedelta(0) <= now - made_at < RENEWED_AFTER:
            claims = {
                "aud": origin,
                "exp": int((now + TOKEN_LIFE).timestamp()),
                "sub": self._subject,
            }
            token = jwt.encode(claims, self._key.private_key, algorithm="ES256")
            self._made[origin] = (now, token)
        return f"vapid t={token}, k={self._key.public}"
