"""Reading compounds, gates and passes. Who may see them is part of the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.gates.models import Compound, Gate, Pass, Scanner
from app.blueprints.organisations.models import Organisation, Role
from app.errors import Forbidden
from app.lib.clock import start_of_day
from app.lib.database import MAX_ROW_ID

PAGE = 50


@dataclass(frozen=True)
class TodayPage:
    """The passes of a day at the gates of a guard, newest first; and before which id the next
    page begins, if there is one."""

    gates: Sequence[Gate]
    passes: Sequence[Pass]
    before: int | None


def visible_compounds(actor: User) -> Select[Compound]:
    """The compounds that this person may see: administrators all, property managers those at or
    below their organisation, guards and gate phones that of their gate, anybody else none."""
    return select(Compound).where(_compounds_of(actor))


def visible_gates(actor: User) -> Select[Gate]:
    """The gates that this person may see: administrators all, property managers those of their
    compounds, guards and gate phones their own, anybody else none."""
    if actor.has_role(Role.ADMINISTRATOR):
        return select(Gate).where(true())
    own = Gate.organisation_id.in_(_guarded(actor))
    managed = Gate.compound_id.in_(select(Organisation.id).where(_at_or_below(_managed(actor))))
    return select(Gate).where(or_(own, managed))


def scanner_of(session: Session, actor: User, *, ended: bool = False) -> Scanner | None:
    """The phone at a gate that this account is, with its gate, or None; one that was ended only
    if asked for."""
    found = select(Scanner).where(Scanner.user_id == actor.id)
    return session.scalar(found if ended else found.where(Scanner.ended_at.is_(None)))


def today(session: Session, actor: User, *, before: int | None, now: datetime) -> TodayPage:
    """Who passed today at the gates where the actor is a guard, or which the phone is of. Raises
    Forbidden for who is at no gate."""
    gates = session.scalars(select(Gate).where(Gate.organisation_id.in_(_guarded(actor)))).all()
    if not gates:
        raise Forbidden
    begin = start_of_day(now)
    found = select(Pass).where(
        Pass.gate_id.in_([gate.organisation_id for gate in gates]),
        Pass.at >= begin,
        Pass.at < begin + timedelta(days=1),
        *_below(before),
    )
    rows = session.scalars(
        found.order_by(Pass.at.desc(), Pass.id.desc())
        .options(selectinload(Pass.gate))
        .limit(PAGE + 1)
    ).all()
    more = len(rows) > PAGE
    return TodayPage(gates, rows[:PAGE], rows[PAGE - 1].id if more else None)


def _below(before: int | None) -> list[ColumnElement[bool]]:
    """What stands below a pass in a list of the newest first."""
    if before is None:
        return []
    anchor = select(Pass.at).where(Pass.id == min(max(before, 0), MAX_ROW_ID)).scalar_subquery()
    return [or_(Pass.at < anchor, and_(Pass.at == anchor, Pass.id < before))]


def _compounds_of(actor: User) -> ColumnElement[bool]:
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    managed = select(Organisation.id).where(_at_or_below(_managed(actor)))
    at_gate = select(Gate.compound_id).where(Gate.organisation_id.in_(_guarded(actor)))
    return or_(Compound.organisation_id.in_(managed), Compound.organisation_id.in_(at_gate))


def _guarded(actor: User) -> list[int]:
    return [one.organisation_id for one in actor.memberships if one.role == Role.GUARD]


def _managed(actor: User) -> list[str]:
    """The paths of the organisations whose property manager the actor is."""
    found = (one for one in actor.memberships if one.role == Role.PROPERTY_MANAGER)
    return [one.organisation.path for one in found]


def _at_or_below(paths: list[str]) -> ColumnElement[bool]:
    """A path ends with a slash, so that a prefix is never half a number."""
    if not paths:
        return false()
    return or_(*(Organisation.path.startswith(path, autoescape=True) for path in paths))
