"""The groups of compounds, for the register: a rider's badge can be bound to one."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges.scopes import groups_from
from app.blueprints.gates.models import CompoundGroup

MOST_GROUPS = 1000


@groups_from
def group_names(session: Session) -> Mapping[int, str]:
    """The names of groups, by number."""
    rows = session.execute(
        select(CompoundGroup.number, CompoundGroup.name)
        .order_by(CompoundGroup.number)
        .limit(MOST_GROUPS)
    )
    return {row.number: row.name for row in rows}
