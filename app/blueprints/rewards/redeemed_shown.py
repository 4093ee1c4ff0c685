"""The redemptions that points went to, as a statement shows them."""

from collections.abc import Collection, Mapping

from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.points.sources import Shown, shows
from app.blueprints.rewards import steps
from app.blueprints.rewards.models import Redemption
from app.blueprints.rewards.redeeming import SOURCE


@shows(SOURCE)
def redemptions_shown(session: Session, ids: Collection[int]) -> Mapping[int, Shown]:
    """Redemptions by their ids, by the name of the reward."""
    wanted = select(Redemption).where(Redemption.id.in_(ids))
    rows = session.scalars(wanted.options(joinedload(Redemption.reward)))
    language = str(get_locale())
    return {
        row.id: Shown(row.reward.name(language), steps.url_of(row) if row.code else "")
        for row in rows
    }
