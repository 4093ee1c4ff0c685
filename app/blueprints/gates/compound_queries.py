"""Reading compounds, as who looks after them sees them. Which ones those are is in the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates.models import (
    Compound,
    CompoundGroup,
    CompoundGroupMember,
    Outcome,
    Pass,
    PassConflict,
    Presence,
)
from app.blueprints.organisations.models import Kind, Organisation, Role
from app.errors import NotFound
from app.lib import clock
from app.lib.database import MAX_ROW_ID
from app.lib.text import masked_name

PAGE = 50
INSIDE_SHOWN = 200


@dataclass(frozen=True)
class CompoundLine:
    """A compound in the list: riders inside, passes of today, open conflicts."""

    organisation: Organisation
    inside: int
    today: int
    conflicts: int


@dataclass(frozen=True)
class CompoundPage:
    """Some compounds by id, and after which id the next page begins if there is one."""

    lines: Sequence[CompoundLine]
    after: int | None


@dataclass(frozen=True)
class Inside:
    """A rider inside: the label that a guard reads, since when, by which gate."""

    label: str
    since: datetime
    gate: Organisation | None


def is_manager_of(actor: User, compound: Organisation) -> bool:
    """Whether the actor manages this compound, or the company above it."""
    return any(compound.path.startswith(path) for path in _managed_paths(actor))


def _managed_paths(actor: User) -> list[str]:
    return [
        membership.organisation.path
        for membership in actor.memberships
        if membership.role == Role.PROPERTY_MANAGER
    ]


def managed(actor: User) -> Select[Organisation]:
    """The compounds that this person looks after: property managers those at or below their
    organisation, administrators all, anybody else none."""
    found = select(Organisation).where(Organisation.kind == Kind.COMPOUND)
    if actor.has_role(Role.ADMINISTRATOR):
        return found
    below = [Organisation.path.startswith(path) for path in _managed_paths(actor)]
    return found.where(or_(*below) if below else Organisation.id < 0)


def compound_of(session: Session, actor: User, compound_id: int) -> Organisation:
    """A compound that the actor looks after. Raises NotFound."""
    found = session.scalar(managed(actor).where(Organisation.id == compound_id))
    if found is None:
        raise NotFound
    return found


def gate_of(session: Session, actor: User, compound_id: int, gate_id: int) -> Organisation:
    """A gate of a compound that the actor looks after. Raises NotFound."""
    compound_of(session, actor, compound_id)
    found = session.scalar(_gates(compound_id).where(Organisation.id == gate_id))
    if found is None:
        raise NotFound
    return found


def _gates(compound_id: int) -> Select[Organisation]:
    return select(Organisation).where(
        Organisation.parent_id == compound_id, Organisation.kind == Kind.GATE
    )


def gates_of(session: Session, compound_id: int) -> Sequence[Organisation]:
    """The gates of a compound that the caller may see."""
    return session.scalars(_gates(compound_id).order_by(Organisation.id)).all()


def compounds(
    session: Session, actor: User, *, text: str = "", after: int | None = None, now: datetime
) -> CompoundPage:
    """The actor's compounds, by name if one is given."""
    found = managed(actor).where(Organisation.id > min(max(after or 0, 0), MAX_ROW_ID))
    if text:
        named = (Organisation.name_zh, Organisation.name_en)
        found = found.where(or_(*(name.icontains(text, autoescape=True) for name in named)))
    rows = session.scalars(found.order_by(Organisation.id).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    ids = [one.id for one in shown]
    inside, today, open_ones = _inside(session, ids), _today(session, ids, now), _open(session, ids)
    lines = [
        CompoundLine(one, inside.get(one.id, 0), today.get(one.id, 0), open_ones.get(one.id, 0))
        for one in shown
    ]
    return CompoundPage(lines, shown[-1].id if len(rows) > PAGE else None)


def _inside(session: Session, ids: Sequence[int]) -> dict[int, int]:
    counted = (
        select(Presence.compound_id, func.count())
        .where(Presence.compound_id.in_(ids), Presence.left_at.is_(None))
        .group_by(Presence.compound_id)
    )
    return dict(session.execute(counted).all())


def _today(session: Session, ids: Sequence[int], now: datetime) -> dict[int, int]:
    counted = (
        select(Pass.compound_id, func.count())
        .where(
            Pass.compound_id.in_(ids),
            Pass.at >= clock.start_of_day(now),
            Pass.outcome == Outcome.ENTERED,
            Pass.undone_at.is_(None),
        )
        .group_by(Pass.compound_id)
    )
    return dict(session.execute(counted).all())


def _open(session: Session, ids: Sequence[int]) -> dict[int, int]:
    counted = (
        select(PassConflict.compound_id, func.count())
        .where(PassConflict.compound_id.in_(ids), PassConflict.resolved_at.is_(None))
        .group_by(PassConflict.compound_id)
    )
    return dict(session.execute(counted).all())


def line_of(session: Session, compound: Organisation, *, now: datetime) -> CompoundLine:
    """A compound's numbers of the moment."""
    ids = [compound.id]
    inside, today, open_ones = _inside(session, ids), _today(session, ids, now), _open(session, ids)
    return CompoundLine(
        compound, *(found.get(compound.id, 0) for found in (inside, today, open_ones))
    )


def open_conflicts(session: Session, compound_id: int) -> int:
    """How many conflicts of a compound wait."""
    return _open(session, [compound_id]).get(compound_id, 0)


def inside_now(session: Session, compound_id: int) -> Sequence[Inside]:
    """Who is inside, who came last first; at most 200."""
    rows = session.execute(
        select(Presence.entered_at, Pass.label, User.name, Organisation)
        .join(User, User.id == Presence.rider_id)
        .outerjoin(Pass, Pass.id == Presence.pass_id)
        .outerjoin(Organisation, Organisation.id == Pass.gate_id)
        .where(Presence.compound_id == compound_id, Presence.left_at.is_(None))
        .order_by(Presence.entered_at.desc(), Presence.id.desc())
        .limit(INSIDE_SHOWN)
    )
    return [Inside(label or masked_name(name), since, gate) for since, label, name, gate in rows]


def settings_of(session: Session, compound: Organisation) -> Compound:
    """What is set for a compound; what there is before anything was set is not in the session."""
    return session.get(Compound, compound.id) or Compound(
        organisation_id=compound.id, closes_min=0, call=""
    )


def owner_of(compound: Organisation, parent: Organisation | None) -> int:
    """Who owns a compound's groups: the property company above it, else the compound itself."""
    above = parent is not None and parent.kind == Kind.PROPERTY_COMPANY
    return parent.id if above and parent else compound.id


@dataclass(frozen=True)
class GroupLine:
    """A group of a compound's owner: the compounds in it that the actor looks after, how many
    there are in all, and whether this compound is one."""

    group: CompoundGroup
    compounds: int
    is_in: bool


def groups_of(session: Session, compound: Organisation) -> Sequence[GroupLine]:
    """The groups of a compound's owner, by number."""
    parent = session.get(Organisation, compound.parent_id) if compound.parent_id else None
    member = CompoundGroupMember
    mine = select(member.number).where(member.compound_id == compound.id)
    rows = session.execute(
        select(CompoundGroup, func.count(member.compound_id), CompoundGroup.number.in_(mine))
        .outerjoin(member, member.number == CompoundGroup.number)
        .where(
            or_(
                CompoundGroup.owner_id == owner_of(compound, parent), CompoundGroup.number.in_(mine)
            )
        )
        .group_by(CompoundGroup.number)
        .order_by(CompoundGroup.number)
    )
    return [GroupLine(group, count, bool(is_in)) for group, count, is_in in rows]
