"""Reading compounds, gates and passes. Who may see them is part of the query."""

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates.models import Compound, Gate, Scanner
from app.blueprints.organisations.models import Organisation, Role


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
