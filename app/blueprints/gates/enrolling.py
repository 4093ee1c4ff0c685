"""How a phone becomes a gate's: by a code from the property manager, once, with a key of its own.

The code has 8 characters that nobody takes for each other, and is kept as a keyed hash. The phone
proves that it has its key by signing "SK1-scanner" 0x00, the key and the time.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.accounts.services import NewSession, start_session
from app.blueprints.badges import signatures
from app.blueprints.gates.models import Gate, Scanner, ScannerCode
from app.blueprints.gates.statements import first_hash
from app.blueprints.organisations.models import Membership, Role
from app.errors import Invalid

PREFIX = b"SK1-scanner\0"
WITHIN_S = 86_400
"""How far the time that a phone signed may be off: it may not know the right time yet."""
MAX_NAME = 60
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Enrolment:
    """What a phone sends to become a gate's. `device_key` is a compressed point, `time_s` in
    seconds since 1970; the signature is over both."""

    code: str
    device_key: bytes
    time_s: int
    signature: bytes

    def message(self) -> bytes:
        """What the phone signs."""
        return PREFIX + self.device_key + self.time_s.to_bytes(4, "big")


@dataclass(frozen=True)
class Enrolled:
    """A phone that is a gate's now, and the session that its browser keeps."""

    scanner: Scanner
    session: NewSession


def code_hash(secret_key: str, code: str) -> str:
    """A code as it is kept: a keyed hash, hex; it is read as people type it."""
    key = hmac.digest(secret_key.encode(), b"scanner code", "sha256")
    read = "".join(code.split()).replace("-", "").upper()
    return hmac.new(key, read.encode(), sha256).hexdigest()


def enrol(
    session: Session, asked: Enrolment, *, secret_key: str, label: str, now: datetime
) -> Enrolled:
    """Make a phone the gate's whose code it brings; the account that it is from now on is nobody's.

    Whoever made the code is the one who acts. The same phone with the same code, whose answer got
    lost, is let in again while it has written nothing down. Raises Invalid.
    """
    _check(asked, now)
    hashed = code_hash(secret_key, asked.code)
    # One statement: of two phones with one code the second finds it used.
    taken = session.execute(
        update(ScannerCode)
        .where(
            ScannerCode.code_hash == hashed,
            ScannerCode.used_at.is_(None),
            ScannerCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(ScannerCode.gate_id, ScannerCode.created_by_id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        scanner = _answered_before(session, hashed, asked, now)
    else:
        scanner = _make(session, asked, taken.gate_id, taken.created_by_id, label, now)
    return Enrolled(scanner, start_session(session, scanner.user, label=label, now=now))


def _check(asked: Enrolment, now: datetime) -> None:
    if not signatures.is_point(asked.device_key):
        raise Invalid({"device_key": [_("That is no key.")]})
    if abs(asked.time_s - now.timestamp()) > WITHIN_S:
        raise Invalid({"time": [_("The clock of this phone is wrong by more than a day.")]})
    if not signatures.verify(asked.device_key, asked.signature, asked.message()):
        raise Invalid({"signature": [_("The phone could not show that it has the key.")]})


def _answered_before(session: Session, hashed: str, asked: Enrolment, now: datetime) -> Scanner:
    scanner = session.scalar(
        select(Scanner)
        .join(ScannerCode, ScannerCode.gate_id == Scanner.gate_id)
        .where(
            ScannerCode.code_hash == hashed,
            ScannerCode.expires_at > now,
            Scanner.created_at == ScannerCode.used_at,
            Scanner.device_key == asked.device_key,
            Scanner.ended_at.is_(None),
            Scanner.last_seq == 0,
        )
    )
    if scanner is None:
        raise Invalid({"code": [_("That code is wrong, used, or has expired. Ask for a new one.")]})
    return scanner


def _make(
    session: Session,
    asked: Enrolment,
    gate_id: int,
    manager_id: int,
    label: str,
    now: datetime,
) -> Scanner:
    gate = session.get_one(Gate, gate_id)
    name = f"{gate.organisation.name_zh} · {label}"[:MAX_NAME]
    user = User(phone=None, name=name, created_at=now)
    session.add(user)
    session.flush()
    session.add(
        Membership(user_id=user.id, organisation_id=gate_id, role=Role.GUARD, created_at=now)
    )
    scanner = Scanner(
        gate_id=gate_id,
        user_id=user.id,
        device_key=asked.device_key,
        label=label[:80],
        created_by_id=manager_id,
        created_at=now,
        last_seen_at=now,
        last_hash=first_hash(asked.device_key),
    )
    session.add(scanner)
    session.flush()
    return scanner


def note_seen(session: Session, scanner_id: int, *, now: datetime) -> None:
    """The phone asked for something now; written down at most once an hour."""
    session.execute(
        update(Scanner)
        .where(Scanner.id == scanner_id, Scanner.ended_at.is_(None))
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )
