"""Credentials made from rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.blueprints.badges.codec import ID_BYTES, credential_fields, to_text
from app.blueprints.badges.labels import badge_label
from app.blueprints.badges.models import Badge, Holder, Standing
from app.blueprints.badges.terms import Terms

ISSUED_BEFORE = timedelta(minutes=5)
"""A gate whose clock is a little behind must not find a fresh credential not yet valid."""


@dataclass(frozen=True)
class Printed:
    """A printed badge that was just issued: its row, and the text that its code carries."""

    badge: Badge
    text: str


def label_of(holder: Holder) -> str:
    """What the guard reads aloud of this rider."""
    return badge_label(holder.company.name_zh, holder.user.name)


def may_be_shown(holder: Holder, badge: Badge) -> bool:
    """Whether a credential is given out for this badge at present."""
    in_good_standing = holder.standing == badge.standing == Standing.ACTIVE
    return in_good_standing and holder.portrait is not None


def credential(holder: Holder, badge: Badge, *, terms: Terms, now: datetime) -> bytes:
    """A credential for a badge, valid for as long as its row says.

    Raises NoIssuerKey.
    """
    key = terms.keys.signing(now)
    fields = credential_fields(
        kid=key.kid,
        badge_id=bytes.fromhex(badge.badge_id),
        status_index=badge.status_index,
        issued_at=_minutes(badge.renewed_at - ISSUED_BEFORE),
        expires_at=_minutes(badge.expires_at),
        scope=holder.scope,
        label=label_of(holder),
        portrait=portrait_prefix(holder),
        device_key=badge.device_key,
    )
    return key.credential(fields)


def printed_text(holder: Holder, badge: Badge, *, terms: Terms, now: datetime) -> str:
    """The text of a printed badge's code."""
    return to_text(credential(holder, badge, terms=terms, now=now))


def portrait_prefix(holder: Holder) -> bytes:
    """The first 8 bytes of the hash of the portrait shown, zeros if there is none."""
    if holder.portrait is None:
        return bytes(ID_BYTES)
    return bytes.fromhex(holder.portrait.sha256)[:ID_BYTES]


def _minutes(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
