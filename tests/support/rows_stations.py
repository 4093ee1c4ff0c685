"""A row in every table of stations, their visits, counters and voices."""

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.counters.models import BrokenFacility, HandOver, Supply
from app.blueprints.insight.models import Demand, DemandCursor
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import (
    Report,
)
from app.blueprints.stations.models import (
    Station,
    StationEvent,
    StationFacility,
    StationPicture,
)
from app.blueprints.visits.models import CheckIn, VisitSum, VisitTotal
from app.blueprints.voices.models import Rating, Wish, WishEvent
from app.lib import clock

HASH = "ab" * 32


def rows(session: Session, user: User, home: Organisation, report: Report) -> None:
    """A station with everything that happens at one."""
    now = clock.now()
    place = Organisation(kind=Kind.STATION, path="/5/", name_zh="驿站", name_en="Station")
    session.add(place)
    session.flush()
    here, at = {"station_id": place.id}, {"latitude": 31.3, "longitude": 120.7}
    session.add(
        Station(
            organisation_id=place.id,
            number="S1",
            level=1,
            kind="filling",
            address_zh="x",
            operator_id=home.id,
            state_until=now,
            notice="x",
            notice_until=now,
            created_at=now,
            changed_at=now,
            ended_at=now,
            **at,
        )
    )
    session.flush()
    counted = {"day": now.date(), "value": 1, "check_ins": 1, "people": 1, "visits": 1}
    wish = Wish(
        key="w",
        rider_id=user.id,
        text="x",
        state="fulfilled",
        answer="x",
        at=now,
        moved_at=now,
        **here,
    )
    session.add(wish)
    session.flush()
    session.add_all(
        [
            StationFacility(facility="water", count=2, works=False, note="x", **here),
            StationPicture(position=1, sha256=HASH, width=1, height=1, created_at=now, **here),
            StationEvent(
                actor_id=user.id, step="change", data={"name": ["x", "y"]}, at=now, **here
            ),
            CheckIn(
                key="c",
                rider_id=user.id,
                company_id=home.id,
                way="poster",
                purpose="water",
                at=now,
                received_at=now,
                recorder_id=user.id,
                mark="too_far",
                distance_m=1,
                undone_at=now,
                undone_by_id=user.id,
                **here,
                **at,
            ),
            VisitSum(dimension="hour", **here, **counted),
            VisitTotal(dimension="hour", **here, **counted),
            Demand(month=now.date(), row=1, column=1, hour=1, reports=1, check_ins=1),
            DemandCursor(source="reports", last_id=1),
            Supply(name="x", level="low", changed_at=now, changed_by_id=user.id, **here),
            HandOver(author_id=user.id, text="x", at=now, done_at=now, done_by_id=user.id, **here),
            BrokenFacility(facility="water", report_id=report.id, at=now, **here),
            Rating(check_in_key="c", rider_id=user.id, score=3, words="x", at=now, **here),
            WishEvent(wish_id=wish.id, actor_id=user.id, step="answer", to_state="open", at=now),
        ]
    )
    session.flush()
