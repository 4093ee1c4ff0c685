"""The cases that points are for, as a statement shows them: by number, with a link."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points.sources import Shown, shows
from app.blueprints.reports.models import Report, report_number


@shows("case")
def cases_shown(session: Session, ids: Collection[int]) -> Mapping[int, Shown]:
    """Cases by their ids."""
    found = session.execute(select(Report.id, Report.received_at).where(Report.id.in_(ids)))
    return {
        row.id: Shown(
            _("No. %(number)s", number=report_number(row.id, row.received_at)),
            f"/reports/{row.id}",
        )
        for row in found
    }
