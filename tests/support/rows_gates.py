"""A row in every table of badges and gates."""

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.models import AuditEntry
from app.blueprints.badges.models import Badge, BadgeEvent, Holder, Portrait
from app.blueprints.gates.models import (
    Barrier,
    Building,
    Compound,
    CompoundGroup,
    CompoundGroupMember,
    Gate,
    Pass,
    PassConflict,
    Presence,
    Scanner,
    ScannerCode,
    Undo,
)
from app.blueprints.organisations.models import Kind, Organisation
from app.lib import clock

HASH = "ab" * 32


def rows(session: Session, user: User, home: Organisation) -> None:
    """A rider's badge, and a compound with one gate that the rider passed."""
    now, key, signature = clock.now(), b"\2" * 33, b"\0" * 64
    phone = User(phone=None, name="门岗手机", created_at=now)
    place = Organisation(kind=Kind.COMPOUND, path="/2/", name_zh="小区", name_en="Compound")
    door = Organisation(kind=Kind.GATE, path="/2/3/", name_zh="东门", name_en="East gate")
    portrait = Portrait(user_id=user.id, sha256=HASH, state="approved", created_at=now)
    badge = Badge(
        user_id=user.id, badge_id="ab" * 8, kind="live", device_key=key, standing="active",
        created_at=now, renewed_at=now, expires_at=now,
    )  # fmt: skip
    session.add_all([phone, place, door, portrait, badge])
    session.flush()
    session.add_all(
        [
            Compound(organisation_id=place.id, call="0512-0000"),
            CompoundGroup(number=7, owner_id=place.id, name="一片"),
        ]
    )
    session.flush()
    session.add(Gate(organisation_id=door.id, compound_id=place.id, place_code="c" * 16))
    session.flush()
    made = {"created_by_id": user.id, "created_at": now}
    scanner = Scanner(
        gate_id=door.id, user_id=phone.id, device_key=key, label="x", last_seen_at=now,
        last_hash=HASH, **made,
    )  # fmt: skip
    barrier = Barrier(gate_id=door.id, label="x", token_hash=HASH, **made)
    session.add_all([scanner, barrier])
    session.flush()
    link = {
        "seq": 1, "prev_hash": HASH, "statement_hash": HASH, "statement": "{}",
        "signature": signature, "chain": "ok", "scanner_id": scanner.id, "at": now,
        "received_at": now,
    }  # fmt: skip
    passed = Pass(
        key="p", compound_id=place.id, gate_id=door.id, barrier_id=barrier.id, rider_id=user.id,
        badge_id=badge.id, method="live", direction="entry", phone_level="green",
        phone_reason="ok", server_level="green", server_reason="ok", outcome="entered", **link,
    )  # fmt: skip
    session.add(passed)
    session.flush()
    session.add_all(
        [
            Holder(
                user_id=user.id, company_id=home.id, portrait_id=portrait.id, created_at=now
            ),
            BadgeEvent(
                user_id=user.id, badge_id=badge.id, actor_id=user.id, what="enrolled", at=now
            ),
            CompoundGroupMember(compound_id=place.id, number=7),
            Building(compound_id=place.id, name="1幢", x=0.5, y=0.5),
            ScannerCode(gate_id=door.id, code_hash=HASH, expires_at=now, **made),
            Undo(key="u", pass_key="p", **link),
            PassConflict(
                compound_id=place.id, pass_id=passed.id, scanner_id=scanner.id, kind="clock",
                created_at=now,
            ),
            Presence(
                compound_id=place.id, rider_id=user.id, pass_id=passed.id, entered_at=now
            ),
            AuditEntry(actor_id=user.id, subject="rider:1", what="log", reason="x", at=now),
        ]
    )  # fmt: skip
