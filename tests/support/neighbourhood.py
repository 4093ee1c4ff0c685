"""A rider with a badge, a compound with a gate that the rider passed, and who works there."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import Badge, Holder, Portrait
from app.blueprints.badges.portraits import portrait_name
from app.blueprints.gates.maps import map_name
from app.blueprints.gates.models import (
    Barrier,
    Building,
    Compound,
    CompoundGroup,
    Gate,
    Pass,
    PassConflict,
    Presence,
    Scanner,
)
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.photos.store import photo_storage
from app.extensions import db
from app.lib import clock
from tests.support.people import Person
from tests.support.pictures import picture, sha256

PLACE_CODE = "PLACEPLACEPLACE1"
KEY = b"\2" * 33


@dataclass(frozen=True)
class Neighbourhood:
    """The people, and the ids of what stands in the compound."""

    company_manager: Person
    property_manager: Person
    gate_phone: Person
    ids: dict[str, object]
    """Values for the parts of paths, by their names."""


def build(app: Flask, owner: Person) -> Neighbourhood:
    """Write it all, and answer who and what there is."""
    with app.app_context():
        session = db.session()
        company = session.scalars(
            select(Membership.organisation_id).where(Membership.user_id == owner.id)
        ).one()
        estate = _organisation(session, Kind.PROPERTY_COMPANY, None)
        compound = _organisation(session, Kind.COMPOUND, estate)
        door = _organisation(session, Kind.GATE, compound)
        phone = _person(session, None, Role.GUARD, door.id)
        people = (
            _person(session, "+8613700000001", Role.COMPANY_MANAGER, company),
            _person(session, "+8613700000002", Role.PROPERTY_MANAGER, estate.id),
            phone,
        )
        ids = _badge(session, owner, company) | _compound(session, owner, compound, door, phone)
        session.commit()
        return Neighbourhood(*people, ids)


def _organisation(session: Session, kind: Kind, parent: Organisation | None) -> Organisation:
    made = Organisation(
        kind=kind, path="", name_zh=f"{kind}甲", name_en=f"A {kind}",
        parent_id=parent.id if parent else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    return made


def _person(session: Session, phone: str | None, role: Role, home: int) -> Person:
    now = clock.now()
    user = User(phone=phone, name=f"{role}甲", created_at=now)
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, organisation_id=home, role=role, created_at=now))
    return Person(user.id, user.phone or "", user.name)


def _badge(session: Session, owner: Person, company: int) -> dict[str, object]:
    now, content = clock.now(), picture(90_001)
    photo_storage().put(portrait_name(sha256(content)), content)
    portrait = Portrait(user_id=owner.id, sha256=sha256(content), state="approved", created_at=now)
    session.add(portrait)
    session.flush()
    # The worker may have entered the rider before.
    session.merge(
        Holder(
            user_id=owner.id, company_id=company, stars=1, scope=0, standing="active",
            portrait_id=portrait.id, created_at=now,
        )
    )  # fmt: skip
    session.add(
        Badge(
            user_id=owner.id, badge_id="ab" * 8, kind="live", device_key=KEY, created_at=now,
            renewed_at=now, expires_at=now + timedelta(hours=72),
        )
    )  # fmt: skip
    message = Notification(
        user_id=owner.id, kind="case_accept", data={}, url="/reports", created_at=now
    )
    session.add(message)
    session.flush()
    return {
        "notification_id": message.id,
        "user_id": owner.id, "rider_id": owner.id, "portrait_id": portrait.id,
        "portrait_sha256": portrait.sha256, "prefix": portrait.sha256[:16],
    }  # fmt: skip


def _compound(
    session: Session, owner: Person, compound: Organisation, door: Organisation, phone: Person
) -> dict[str, object]:
    now, plan = clock.now(), picture(90_002)
    photo_storage().put(map_name(sha256(plan)), plan)
    session.add_all([
        Compound(
            organisation_id=compound.id, call="0512-1", map_sha256=sha256(plan), map_width=64,
            map_height=48, map_at=now,
        ),
        CompoundGroup(number=7, owner_id=compound.parent_id, name="一片"),
    ])  # fmt: skip
    session.flush()
    session.add(
        Gate(
            organisation_id=door.id, compound_id=compound.id, place_code=PLACE_CODE,
            latitude=31.3, longitude=120.7,
        )
    )  # fmt: skip
    session.flush()
    made = {"created_by_id": owner.id, "created_at": now}
    scanner = Scanner(
        gate_id=door.id, user_id=phone.id, device_key=KEY, label="x", last_seen_at=now,
        last_hash="0" * 64, **made,
    )  # fmt: skip
    barrier = Barrier(gate_id=door.id, label="x", token_hash="0" * 64, **made)
    building = Building(compound_id=compound.id, name="1幢", x=0.5, y=0.5)
    session.add_all([scanner, barrier, building])
    session.flush()
    passed = Pass(
        key="p", compound_id=compound.id, gate_id=door.id, scanner_id=scanner.id,
        rider_id=owner.id, method="live", direction="entry", at=now, received_at=now,
        phone_level="green", phone_reason="ok", server_level="green", server_reason="ok",
        outcome="entered",
    )  # fmt: skip
    session.add(passed)
    session.flush()
    conflict = PassConflict(
        compound_id=compound.id, pass_id=passed.id, scanner_id=scanner.id, kind="clock",
        created_at=now,
    )  # fmt: skip
    session.add_all([
        conflict,
        Presence(compound_id=compound.id, rider_id=owner.id, pass_id=passed.id, entered_at=now),
    ])  # fmt: skip
    session.flush()
    return {
        "compound_id": compound.id, "gate_id": door.id, "scanner_id": scanner.id,
        "barrier_id": barrier.id, "building_id": building.id, "pass_id": passed.id,
        "conflict_id": conflict.id, "number": 7, "place_code": PLACE_CODE,
        "map_sha256": sha256(plan), "plan": plan,
    }  # fmt: skip
