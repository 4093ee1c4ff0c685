"""Signing in by phone number and one-time code; devices.

Whether a number is known changes nothing that a caller can see: a row is written and counted for
either, and the message is sent later, by the worker.
"""

import secrets as random_secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.codes import Secrets
from app.blueprints.accounts.models import Device, SignInCode, User
from app.errors import NotFound, TooMany
from app.lib import jobs
from app.lib.database import alone

CODE_LIFE = timedelta(minutes=5)
WRONG_TRIES_PER_CODE = 5
WRONG_TRIES_PER_NUMBER_A_DAY = 20
WRONG_TRIES_PER_ADDRESS_AN_HOUR = 100
RESEND_AFTER = timedelta(seconds=60)
DEVICE_LIFE = timedelta(days=90)
SEEN_EVERY = timedelta(hours=1)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class NewSession:
    """What the browser keeps: the device's id, and its secret, said this once."""

    user: User
    device_id: int
    secret: str


def request_code(
    session: Session, *, secrets: Secrets, number: str, address: str, now: datetime
) -> SignInCode:
    """Write a code for a number in E.164 and have it sent if somebody has that number.

    Raises TooMany over a limit: per number one in 60 s, 5 an hour, 10 a day; per address 30 an
    hour.
    """
    number_hash, address_hash = secrets.index(number), secrets.index(address)
    alone(session, number_hash, address_hash)
    by_number, by_address = (
        SignInCode.number_hash == number_hash,
        SignInCode.address_hash == address_hash,
    )
    for condition, span, most in (
        (by_number, RESEND_AFTER, 1),
        (by_number, HOUR, 5),
        (by_number, DAY, 10),
        (by_address, HOUR, 30),
    ):
        if _count(session, condition, since=now - span) >= most:
            raise TooMany(retry_after_s=int(span.total_seconds()))
    user = session.scalar(select(User).where(User.phone == number, User.disabled_at.is_(None)))
    code = SignInCode(
        user_id=user.id if user else None,
        number_hash=number_hash,
        address_hash=address_hash,
        nonce=random_secrets.token_hex(16),
        created_at=now,
        expires_at=now + CODE_LIFE,
        work_state="pending",
    )
    session.add(code)
    session.flush()
    jobs.wake(session, "sms")
    return code


def verify_code(
    session: Session, *, secrets: Secrets, number: str, address: str, code: str, now: datetime
) -> User | None:
    """The person of that number if the code is right, else None; the try is counted.

    The caller commits either way. Raises TooMany after too many wrong tries.
    """
    number_hash = secrets.index(number)
    _refuse_guessing(session, number_hash, secrets.index(address), now)
    row = session.scalar(
        select(SignInCode)
        .where(SignInCode.number_hash == number_hash)
        .order_by(SignInCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    if row is None or row.used_at or row.expires_at <= now:
        return None
    if row.wrong_tries >= WRONG_TRIES_PER_CODE:
        return None
    if not secrets.matches(row.nonce, code) or row.user_id is None:
        row.wrong_tries += 1
        return None
    row.used_at = now
    return row.user


def _refuse_guessing(session: Session, number_hash: str, address_hash: str, now: datetime) -> None:
    for condition, span, most in (
        (SignInCode.number_hash == number_hash, DAY, WRONG_TRIES_PER_NUMBER_A_DAY),
        (SignInCode.address_hash == address_hash, HOUR, WRONG_TRIES_PER_ADDRESS_AN_HOUR),
    ):
        wrong = select(func.coalesce(func.sum(SignInCode.wrong_tries), 0)).where(
            condition, SignInCode.created_at > now - span
        )
        if session.scalar(wrong) >= most:  # type: ignore[operator]
            raise TooMany(retry_after_s=int(span.total_seconds()))


def _count(session: Session, condition: ColumnElement[bool], *, since: datetime) -> int:
    counted = select(func.count()).where(condition, SignInCode.created_at > since)
    return session.scalar(counted) or 0


def start_session(session: Session, user: User, *, label: str, now: datetime) -> NewSession:
    """Sign a person in on a new device for 90 days."""
    secret = random_secrets.token_urlsafe(32)
    device = Device(
        user=user,
        secret_hash=hash_secret(secret),
        label=label[:80],
        created_at=now,
        last_seen_at=now,
        expires_at=now + DEVICE_LIFE,
    )
    session.add(device)
    session.flush()
    return NewSession(user, device.id, secret)


def hash_secret(secret: str) -> str:
    """A device's secret as it is kept. It is 256 random bits, so one plain hash is enough."""
    return sha256(secret.encode()).hexdigest()


def note_seen(session: Session, device_id: int, *, now: datetime) -> None:
    """The device was used now: its 90 days begin anew."""
    session.execute(
        update(Device)
        .where(Device.id == device_id, Device.ended_at.is_(None))
        .values(last_seen_at=now, expires_at=now + DEVICE_LIFE)
    )


def end_session(session: Session, actor: User, *, device_id: int, now: datetime) -> None:
    """Sign one of the actor's own devices out. Raises NotFound for any other."""
    ended = session.execute(
        update(Device)
        .where(Device.id == device_id, Device.user_id == actor.id, Device.ended_at.is_(None))
        .values(ended_at=now, ended_by_id=actor.id)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
