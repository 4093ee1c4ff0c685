"""Codes made from scratch: an issuer, a phone, and what a reader knows."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.blueprints.badges import codec
from app.blueprints.badges.replays import Replays
from app.blueprints.badges.signatures import compressed, sign
from app.blueprints.badges.status_list import Status, StatusList, pack
from app.blueprints.badges.verdict import Reader, no_rules

NOW_S = 1_795_504_314
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""n of P-256 (SEC 2, 2.4.2)."""


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Phone:
    """A rider's phone: a key, and what it was given to show."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    credential: bytes = b""
    counter: int = 0

    @property
    def point(self) -> bytes:
        return compressed(self.key.public_key())

    def show(self, time_s: int = NOW_S, challenge: bytes = b"") -> str:
        """The next code, as text."""
        self.counter += 1
        fields = codec.proof_fields(time_s=time_s, counter=self.counter, challenge=challenge)
        signature = sign(self.key, codec.PROOF_PREFIX + self.credential + fields)
        return codec.to_text(self.credential + fields + signature)


@dataclass
class Issuer:
    """Whoever signs credentials."""

    kid: int = 513
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)

    @property
    def point(self) -> bytes:
        return compressed(self.key.public_key())

    def sign(self, fields: bytes) -> bytes:
        """A credential: the fields and their signature."""
        return fields + sign(self.key, codec.CREDENTIAL_PREFIX + fields)

    def credential(self, device_key: bytes | None, **other: Any) -> bytes:
        """A credential that is good now, but for what is given."""
        fields: dict[str, Any] = {
            "kid": self.kid,
            "badge_id": os.urandom(8),
            "status_index": 7,
            "issued_at": NOW_S // 60 - 60,
            "expires_at": NOW_S // 60 + 72 * 60,
            "scope": 0,
            "label": "飞速王**",
            "portrait": bytes(8),
            "device_key": device_key,
        }
        return self.sign(codec.credential_fields(**(fields | other)))

    def phone(self, **other: Any) -> Phone:
        """A phone that holds a good credential."""
        phone = Phone()
        phone.credential = self.credential(phone.point, **other)
        return phone

    def printed(self, **other: Any) -> str:
        """The text of a printed badge."""
        return codec.to_text(self.credential(None, **other))


def reader_of(
    *issuers: Issuer, statuses: Mapping[int, Status] | None = None, **other: Any
) -> Reader:
    """A reader that knows these issuers and holds a fresh list of 1000 badges."""
    keys: dict[int, list[bytes]] = {}
    for issuer in issuers:
        keys.setdefault(issuer.kid, []).append(issuer.point)
    listed = StatusList(NOW_S - 60, NOW_S + 72 * 3600, 300, pack(statuses or {}, 1000))
    reader = Reader(NOW_S, keys, frozenset(), listed, b"", no_rules, Replays())
    return replace(reader, **other)


def altered(signature: bytes) -> bytes:
    """The other signature that verifies for the same message: s becomes n - s."""
    s = int.from_bytes(signature[32:], "big")
    return signature[:32] + (ORDER - s).to_bytes(32, "big")
