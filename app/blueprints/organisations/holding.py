"""Who holds a role."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Membership, Role


def holders(session: Session, *roles: Role) -> set[int]:
    """Everybody who holds one of these roles anywhere."""
    found = select(Membership.user_id).where(
        Membership.role.in_(roles), Membership.ended_at.is_(None)
    )
    return set(session.scalars(found))
