"""A station where the owner was, with a row of everything that can be named in a path."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.blueprints.counters.models import HandOver, Supply
from app.blueprints.stations.models import StationPicture
from app.blueprints.visits.models import CheckIn
from app.blueprints.voices.models import Rating, Wish
from app.extensions import db
from app.lib import clock
from tests.support.people import Person
from tests.support.station_rows import StationRows

BODIES: dict[str, dict[str, Any]] = {
    "POST /counter/<int:station_id>/state": {"state": "full", "reason": "x", "until": ""},
    "POST /counter/<int:station_id>/notice": {"text": "x", "until": "day"},
    "POST /counter/<int:station_id>/supplies/<int:supply_id>/level": {"level": "low"},
    "POST /counter/<int:station_id>/hand-overs": {"text": "x"},
    "POST /stations/desk/<int:station_id>/poster/withdraw": {"poster": "1"},
    "POST /visits/<int:check_in_id>/rating": {"score": "3"},
    "POST /stations/desk/<int:station_id>/voices/wishes/<int:wish_id>": {
        "step": "plan", "answer": "x", "seen": "open",
    },
    "POST /stations/desk/<int:station_id>/voices/wishes/<int:wish_id>/hide": {"reason": "x"},
    "POST /stations/desk/<int:station_id>/voices/ratings/<int:rating_id>/hide": {"reason": "x"},
}  # fmt: skip
"""What a form holds when everything about it is right, by "METHOD rule"."""


@dataclass(frozen=True)
class StationScene:
    """The host of the station, and the ids by the names that paths have."""

    host: Person
    ids: dict[str, object]


def build(app: Flask, owner: Person) -> StationScene:
    """Write it all."""
    with app.app_context():
        session, now = db.session(), clock.now()
        rows = StationRows(session)
        station_id = rows.station()
        here = {"station_id": station_id}
        check_in = CheckIn(
            key="c", rider_id=owner.id, way="poster", purpose="water", at=now, received_at=now,
            **here,
        )  # fmt: skip
        wish = Wish(key="w", rider_id=owner.id, text="x", at=now, moved_at=now, **here)
        rating = Rating(check_in_key="c", rider_id=owner.id, score=2, words="x", at=now, **here)
        picture = StationPicture(
            position=1, sha256="cd" * 32, width=1, height=1, created_at=now, **here
        )
        supply = Supply(name="水", changed_at=now, **here)
        note = HandOver(text="x", at=now, **here)
        made = {
            "check_in_id": check_in, "wish_id": wish, "rating_id": rating, "picture_id": picture,
            "supply_id": supply, "hand_over_id": note,
        }  # fmt: skip
        session.add_all(made.values())
        host = rows.host(station_id)
        ids: dict[str, object] = {name: row.id for name, row in made.items()}
        session.commit()
        return StationScene(host, ids | here | {"facility": "water"})
