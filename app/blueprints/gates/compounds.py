"""What property managers set: a compound's times and number, its groups, the rules of its gates.

Each change is written down with who made it. Rows of compounds and gates are made when something
is set for the first time.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import note_look
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates.models import (
    Compound,
    CompoundGroup,
    CompoundGroupMember,
    Directions,
    Gate,
    Vehicles,
)
from app.blueprints.organisations.models import Organisation
from app.errors import Conflict, NotFound
from app.lib.database import alone

LAST_GROUP = 65_535
GROUPS_OF_ONE_OWNER = 50
_PLACE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PLACE_LENGTH = 16
"""80 bits: nobody guesses the code of a gate."""


@dataclass(frozen=True)
class CompoundSettings:
    """What is set for a compound: the minute of the local day at which it closes, and the number
    to call."""

    closes_min: int
    call: str


@dataclass(frozen=True)
class GateSettings:
    """What is set for a gate, as the columns of Gate."""

    opens_min: int
    closes_min: int
    weekdays: int
    live_only: bool
    printed_cap: int | None
    vehicles: Vehicles
    direction: Directions
    latitude: float | None
    longitude: float | None
    radius_m: int


def ensure_compound(session: Session, compound: Organisation) -> Compound:
    """The row of a compound, made unless it is there; safe when two do it at once."""
    _insert_once(session, Compound, {"organisation_id": compound.id, "closes_min": 0, "call": ""})
    return session.get_one(Compound, compound.id)


def ensure_gate(session: Session, gate: Organisation) -> Gate:
    """The row of a gate with a random place code, and that of its compound, made unless they are
    there. Raises NotFound for a gate that is below no compound."""
    compound = session.get(Organisation, gate.parent_id) if gate.parent_id else None
    if compound is None:
        raise NotFound
    ensure_compound(session, compound)
    code = "".join(secrets.choice(_PLACE_LETTERS) for _letter in range(_PLACE_LENGTH))
    _insert_once(
        session,
        Gate,
        {"organisation_id": gate.id, "compound_id": compound.id, "place_code": code},
    )
    return session.get_one(Gate, gate.id)


def _insert_once(
    session: Session, model: type[Compound] | type[Gate], values: Mapping[str, object]
) -> None:
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    statement = insert(model).values(**values)
    session.execute(statement.on_conflict_do_nothing(index_elements=["organisation_id"]))


def set_compound(
    session: Session, actor: User, compound_id: int, *, to: CompoundSettings, now: datetime
) -> Compound:
    """Set a compound's closing time and number. Raises NotFound for who does not manage it."""
    compound = queries.compound_of(session, actor, compound_id)
    row = ensure_compound(session, compound)
    _change(session, actor, compound_id, "", row, asdict(to), now)
    return row


def set_rules(
    session: Session,
    actor: User,
    compound_id: int,
    gate_id: int,
    *,
    to: GateSettings,
    now: datetime,
) -> Gate:
    """Set the rules and the place of a gate. Raises NotFound for who does not manage it."""
    gate = queries.gate_of(session, actor, compound_id, gate_id)
    row = ensure_gate(session, gate)
    _change(session, actor, compound_id, f"gate {gate_id}", row, asdict(to), now)
    return row


def _change(
    session: Session,
    actor: User,
    compound_id: int,
    about: str,
    row: Compound | Gate,
    values: Mapping[str, object],
    now: datetime,
) -> None:
    """Set what differs, and write it down: "gate 7 opens_min=360"."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    text = " ".join([about, *(f"{name}={value}" for name, value in changed.items())])
    record(session, actor, compound_id, text, now)


def record(session: Session, actor: User, compound_id: int, text: str, now: datetime) -> None:
    """Write down a change to what is set for a compound."""
    note_look(session, actor, subject=f"compound:{compound_id}", what="rules", reason=text, now=now)


def make_group(
    session: Session, actor: User, compound_id: int, *, name: str, now: datetime
) -> CompoundGroup:
    """A group of the compound's owner, with a number that no group had, and the compound in it.

    Raises NotFound for who does not manage the compound, Conflict past 50 groups of one owner.
    """
    compound = queries.compound_of(session, actor, compound_id)
    alone(session, "compound groups")
    parent = session.get(Organisation, compound.parent_id) if compound.parent_id else None
    owner = queries.owner_of(compound, parent)
    count = select(func.count()).where(CompoundGroup.owner_id == owner)
    last = session.scalar(select(func.max(CompoundGroup.number))) or 0
    if (session.scalar(count) or 0) >= GROUPS_OF_ONE_OWNER or last >= LAST_GROUP:
        raise Conflict(_("There are no more groups to be had. Use one that there is."))
    group = CompoundGroup(number=last + 1, owner_id=owner, name=name)
    session.add(group)
    session.flush()
    session.add(CompoundGroupMember(compound_id=compound.id, number=group.number))
    record(session, actor, compound_id, f"group {group.number} made", now)
    return group


def put_in_group(
    session: Session, actor: User, compound_id: int, number: int, *, inside: bool, now: datetime
) -> None:
    """Put a compound into a group of its owner, or take it out. Doing it twice changes nothing.

    Raises NotFound for who does not manage the compound, and for a group of somebody else's.
    """
    compound = queries.compound_of(session, actor, compound_id)
    alone(session, "compound groups")
    known = {line.group.number: line for line in queries.groups_of(session, compound)}
    if number not in known:
        raise NotFound
    if known[number].is_in == inside:
        return
    if inside:
        session.add(CompoundGroupMember(compound_id=compound.id, number=number))
    else:
        member = CompoundGroupMember
        session.execute(
            delete(member).where(member.compound_id == compound.id, member.number == number)
        )
    record(session, actor, compound_id, f"group {number} {'in' if inside else 'out'}", now)
