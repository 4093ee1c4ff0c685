"""A gate phone as the server sees it: it signs and chains what it writes down, as the page does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.badges.signatures import compressed, sign
from app.blueprints.gates.enrolling import code_hash
from app.blueprints.gates.models import ScannerCode
from app.lib import clock
from tests.support.badges import JSON, Desk, base64url
from tests.support.outbox import Item, new_key, send
from tests.support.sk1 import new_key as new_p256

CODE = "QRST2345"
PASS_PREFIX, CHAIN_PREFIX, SCANNER_PREFIX = b"SK1-pass\0", b"SK1-chain\0", b"SK1-scanner\0"
GREEN = {"level": "green", "reason": "ok", "detail": None}


def make_code(desk: Desk, gate_id: int, code: str = CODE, *, minutes: float = 15) -> str:
    """A code for a phone of this gate, as the property manager gets one."""
    with desk.acting() as (session, actor):
        keep_code(session, actor.id, gate_id, code, desk.app.config["SECRET_KEY"], minutes)
    return code


def keep_code(
    session: Session, actor_id: int, gate_id: int, code: str, secret: str, minutes: float
) -> None:
    now = clock.now()
    session.add(
        ScannerCode(
            gate_id=gate_id, code_hash=code_hash(secret, code), created_by_id=actor_id,
            created_at=now, expires_at=clock.from_ms(clock.to_ms(now) + int(minutes * 60_000)),
        )
    )  # fmt: skip


@dataclass
class GatePhone:
    """A phone with a key; after `enrol` with a chain."""

    client: FlaskClient
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_p256)
    scanner_id: int = 0
    gate_id: int = 0
    seq: int = 0
    prev: str = ""

    @property
    def point(self) -> bytes:
        return compressed(self.key.public_key())

    def enrolment(self, code: str = CODE, *, time_s: int | None = None) -> dict[str, Any]:
        """What the phone sends to become a gate's."""
        at = int(clock.now().timestamp()) if time_s is None else time_s
        message = SCANNER_PREFIX + self.point + at.to_bytes(4, "big")
        return {
            "code": code,
            "device_key": base64url(self.point),
            "time": at,
            "signature": base64url(sign(self.key, message)),
        }

    def enrol(self, code: str = CODE) -> TestResponse:
        """Become a gate's."""
        answer = self.client.post("/gate/enrol", json=self.enrolment(code), headers=JSON)
        if answer.status_code == 201:
            self.scanner_id = answer.get_json()["scanner"]
            self.gate_id = answer.get_json()["gate"]["id"]
            self.seq, self.prev = 0, sha256(CHAIN_PREFIX + self.point).hexdigest()
        return answer

    def bundle(self, etag: str | None = None) -> TestResponse:
        """Ask for the bundle."""
        headers = JSON | ({"If-None-Match": etag} if etag else {})
        return self.client.get("/gate/bundle", headers=headers)

    def saw(self, code: str | None = None, *, at_ms: int | None = None, **about: Any) -> Item:
        """Write a pass down: the item that waits to be sent."""
        fields = {
            "direction": "entry", "vehicle": "foot", "method": "live", "code": code, "short": None,
            "rider": None, "verdict": GREEN, "outcome": "entered",
            "list_iat": int(clock.now().timestamp()), "challenge": None,
        }  # fmt: skip
        return self.write("pass", fields | about, at_ms)

    def undo(self, item: Item, *, at_ms: int | None = None) -> Item:
        """Take a pass back."""
        return self.write("undo", {"undo": item["key"]}, at_ms)

    def write(self, kind: str, about: Mapping[str, Any], at_ms: int | None = None) -> Item:
        """The next statement of the chain."""
        at = clock.to_ms(clock.now()) if at_ms is None else at_ms
        self.seq += 1
        raw = {
            "v": 1, "kind": kind, "scanner": self.scanner_id, "seq": self.seq, "prev": self.prev,
            "at": at, "gate": self.gate_id, "guard": "张卫东",
        } | dict(about)  # fmt: skip
        statement = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
        self.prev = sha256(statement.encode()).hexdigest()
        return self.item(statement)

    def item(self, statement: str, *, key: str | None = None) -> Item:
        """An item around a statement, signed."""
        signature = base64url(sign(self.key, PASS_PREFIX + statement.encode()))
        now = clock.to_ms(clock.now())
        return {
            "key": key or new_key(), "kind": "pass", "schema": 1,
            "fields": {"statement": statement, "signature": signature}, "photos": [],
            "captured_at": now, "server_offset": 0, "sent_at": now,
        }  # fmt: skip

    def send(self, *items: Item) -> list[Item]:
        """Send items; the verdicts."""
        return send(self.client, *items)


def statement_of(item: Item) -> dict[str, Any]:
    """What a statement says."""
    read: dict[str, Any] = json.loads(item["fields"]["statement"])
    return read


def altered(item: Item, **changes: Any) -> Item:
    """The same item with something in its statement changed, as somebody with the phone's storage
    in hand could, who has not its key."""
    raw = statement_of(item) | changes
    statement = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    return item | {"fields": item["fields"] | {"statement": statement}}
