"""How stations were rated lately, for whoever shows stations."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.blueprints.stations.readings import Rated, ratings_from
from app.blueprints.voices.models import Rating
from app.blueprints.voices.queries import counting
from app.lib import clock

GOOD = 3


@ratings_from
def rated(session: Session, station_ids: Collection[int]) -> dict[int, Rated]:
    """The share of good ratings in the last 90 days, of those stations that have any."""
    wanted = counting(clock.now()).where(Rating.station_id.in_(station_ids))
    counted: dict[int, dict[int, int]] = {}
    for station_id, score, count in session.execute(wanted):
        counted.setdefault(station_id, {})[score] = count
    return {
        station_id: Rated(scores.get(GOOD, 0) / sum(scores.values()), sum(scores.values()))
        for station_id, scores in counted.items()
    }
