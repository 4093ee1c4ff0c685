"""The visits that points are for, as a statement shows them: by the name of the station."""

from collections.abc import Collection, Mapping

from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Organisation
from app.blueprints.points.sources import Shown, shows
from app.blueprints.visits.models import CheckIn


@shows("visit")
def visits_shown(session: Session, ids: Collection[int]) -> Mapping[int, Shown]:
    """Visits by the ids of the check-ins that lead them."""
    locale = str(get_locale())
    found = session.execute(
        select(CheckIn.id, Organisation)
        .join(Organisation, Organisation.id == CheckIn.station_id)
        .where(CheckIn.id.in_(ids))
    )
    return {row[0]: Shown(row[1].name(locale), "/visits") for row in found}
