"""The keys that sign credentials and status lists: files outside the database.

A key is a file `<kid>-<created>.json` that its owner alone may read:
{"kid": 513, "signs_from": "2026-11-24T21:10:52+00:00", "private_key": PEM (PKCS8)}.

Rotation overlaps. A new key is published at once and signs only later, so that gates which were
offline know it before they meet it; the old one stays published until what it signed has expired.
"""

import json
import os
import secrets
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.blueprints.badges import signatures
from app.blueprints.badges.codec import CREDENTIAL_PREFIX

MAX_KID = 2**16 - 1


class NoIssuerKey(RuntimeError):
    """Nothing can be signed; the message says how to make a key."""


class BadKeyFile(RuntimeError):
    """A file in the folder holds no key; the message names it."""


@dataclass(frozen=True)
class IssuerKey:
    """One key, and from when on it signs."""

    kid: int
    signs_from: datetime
    private_key: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)
    path: Path

    @property
    def point(self) -> bytes:
        """The public key as a compressed point."""
        return signatures.compressed(self.private_key.public_key())

    def credential(self, fields: bytes) -> bytes:
        """The fields of a credential with the signature behind them."""
        return fields + signatures.sign(self.private_key, CREDENTIAL_PREFIX + fields)

    def jwk(self) -> dict[str, str]:
        """The public key as RFC 7517 and RFC 7518, 6.2 have it."""
        numbers = self.private_key.public_key().public_numbers()
        x, y = (urlsafe_b64encode(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": x.decode().rstrip("="),
            "y": y.decode().rstrip("="),
            "kid": str(self.kid),
            "use": "sig",
            "alg": "ES256",
        }


@dataclass(frozen=True)
class IssuerKeys:
    """All keys of a folder, in the order in which they sign."""

    keys: tuple[IssuerKey, ...]

    def signing(self, now: datetime) -> IssuerKey:
        """The key that signs now: the newest whose time has come. Raises NoIssuerKey."""
        begun = [key for key in self.keys if key.signs_from <= now]
        if not begun:
            raise NoIssuerKey("No issuer key signs now: `flask badges make-key` makes one.")
        return begun[-1]

    def published(self) -> dict[int, list[bytes]]:
        """The points that readers know, by kid: of every key, whether or not it signs now."""
        found: dict[int, list[bytes]] = {}
        for key in self.keys:
            found.setdefault(key.kid, []).append(key.point)
        return found

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The same as a JSON Web Key Set (RFC 7517, 5)."""
        return {"keys": [key.jwk() for key in self.keys]}

    def may_go(self, key: IssuerKey, longest: timedelta) -> datetime | None:
        """From when on nothing that the key signed can still be valid, if what it signs lives at
        most `longest`. None while no other key follows."""
        later = self.keys[self.keys.index(key) + 1 :]
        return later[0].signs_from + longest if later else None


_loaded: dict[Path, tuple[Mapping[str, int], IssuerKeys]] = {}


def load(folder: Path) -> IssuerKeys:
    """The keys of a folder; read again only when its files are others. Raises BadKeyFile."""
    files = _files(folder)
    held = _loaded.get(folder)
    if held is None or held[0] != files:
        keys = sorted((_read(folder / name) for name in files), key=_order)
        held = _loaded[folder] = (files, IssuerKeys(tuple(keys)))
    return held[1]


def _order(key: IssuerKey) -> tuple[datetime, str]:
    return key.signs_from, key.path.name


def _files(folder: Path) -> dict[str, int]:
    """The names of the key files with the times of their last change."""
    if not folder.is_dir():
        return {}
    return {path.name: path.stat().st_mtime_ns for path in sorted(folder.glob("*.json"))}


def _read(path: Path) -> IssuerKey:
    try:
        raw = json.loads(path.read_bytes())
        kid, signs_from = raw["kid"], datetime.fromisoformat(raw["signs_from"])
        private_key = load_pem_private_key(raw["private_key"].encode(), None)
    except OSError as error:
        raise BadKeyFile(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadKeyFile(f"{path} holds no issuer key.") from error
    fits = isinstance(kid, int) and 0 <= kid <= MAX_KID and signs_from.tzinfo is not None
    if not fits or not isinstance(private_key, ec.EllipticCurvePrivateKey):
        raise BadKeyFile(f"{path} holds no issuer key.")
    if not isinstance(private_key.curve, ec.SECP256R1):
        raise BadKeyFile(f"{path} holds a key of another curve than P-256.")
    return IssuerKey(kid, signs_from, private_key, path)


def make(folder: Path, *, signs_from: datetime, now: datetime) -> IssuerKey:
    """Make a key with a kid that no other key of the folder has, and write its file."""
    taken = {key.kid for key in load(folder).keys}
    kid = secrets.choice([kid for kid in range(1, MAX_KID + 1) if kid not in taken])
    private_key = ec.generate_private_key(ec.SECP256R1())
    pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{kid}-{now:%Y%m%dT%H%M%SZ}.json"
    content = {"kid": kid, "signs_from": signs_from.isoformat(), "private_key": pem.decode()}
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _write(path, content)
    return IssuerKey(kid, signs_from, private_key, path)


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write a file that only its owner may read; it appears whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class MayNotGo(RuntimeError):
    """A key is still needed; the message says why, and until when."""


def drop(
    folder: Path, kid: int, *, longest: timedelta, compromised: bool, now: datetime
) -> list[IssuerKey]:
    """Delete the keys of a kid, so that nothing they signed is valid any more.

    Raises MayNotGo while something that they signed may be valid, unless the key is known to
    others; and whenever no key would be left that signs now.
    """
    keys = load(folder)
    going = [key for key in keys.keys if key.kid == kid]
    if not going:
        raise MayNotGo(f"There is no key {kid}.")
    if not compromised:
        _refuse_if_needed(keys, going, longest, now)
    if not any(key.kid != kid and key.signs_from <= now for key in keys.keys):
        raise MayNotGo(
            "No key would be left that signs now: make one with "
            "`flask badges make-key --signs-after 0`."
        )
    for key in going:
        key.path.unlink()
    return going


def _refuse_if_needed(
    keys: IssuerKeys, going: list[IssuerKey], longest: timedelta, now: datetime
) -> None:
    for key in going:
        may_go = keys.may_go(key, longest)
        if key.signs_from <= now and (may_go is None or now < may_go):
            until = f" until {may_go:%Y-%m-%d %H:%M} UTC" if may_go else ""
            raise MayNotGo(
                f"What key {key.kid} signed may still be valid{until}. "
                "Give --compromised if others may know the key: then all of it ends at once."
            )
