"""Saying in which grid a case lies: by hand, or of what was filed before there were areas."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.standing import who_is
from app.blueprints.cases.transitions import Who
from app.blueprints.organisations.areas import locate_all
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import Report, ReportEvent
from app.errors import Forbidden, Invalid
from app.lib.database import table_of

BATCH = 500


def set_grid(
    session: Session, actor: User, case: Report, grid_id: int | None, now: datetime
) -> ReportEvent:
    """Put a case into a grid, or with None into no grid, and note that internally.

    Raises Invalid at `grid_id`, and Forbidden for anybody but the centre.
    """
    if Who.CENTRE not in who_is(session, actor, case):
        raise Forbidden
    grid = None if grid_id is None else session.get(Organisation, grid_id)
    if grid_id is not None and (grid is None or grid.kind != Kind.GRID):
        raise Invalid({"grid_id": [_("There is no such grid.")]})
    said = (
        _("Placed in the grid %(grid)s by hand.", grid=grid.name_zh)
        if grid
        else _("Taken out of its grid by hand.")
    )
    data = {"grid": grid_id, "was": case.grid_id}
    event = take_step(session, actor, case, "note", Details(note=said, data=data), now=now)
    case.grid_id, case.street_id = grid_id, _street_id(session, grid) if grid else None
    session.flush()
    return event


def _street_id(session: Session, grid: Organisation) -> int | None:
    above = [int(part) for part in grid.path.strip("/").split("/")]
    street = select(Organisation.id).where(
        Organisation.id.in_(above), Organisation.kind == Kind.STREET
    )
    return session.scalar(street)


def place_some(session: Session, after: int) -> tuple[int, int | None]:
    """Give the next 500 reports that have a place and no grid the grid that they lie in; answers
    how many got one, and after which id to go on, None at the end."""
    rows = session.execute(
        select(Report.id, Report.latitude, Report.longitude)
        .where(Report.id > after, Report.grid_id.is_(None), Report.latitude.is_not(None))
        .order_by(Report.id)
        .limit(BATCH)
    ).all()
    places = locate_all(session, [(row.latitude, row.longitude) for row in rows])
    found = [
        {"of": row.id, "grid": place.grid_id, "street": place.street_id}
        for row, place in zip(rows, places, strict=True)
        if place is not None
    ]
    if found:
        table = table_of(Report)
        changed = update(table).where(table.c.id == bindparam("of"))
        session.connection().execute(
            changed.values(grid_id=bindparam("grid"), street_id=bindparam("street")), found
        )
    return len(found), rows[-1].id if len(rows) == BATCH else None
