"""Rows of fairness that can be named in a path, and what its forms hold when all is right."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from app.blueprints.fairness.models import Pattern, Review, ReviewDeed, ReviewState
from app.blueprints.fairness.seen import version_of
from app.blueprints.points.models import Occasion, Occurrence
from app.blueprints.reports.models import Report, ReportPhoto
from app.extensions import db
from app.lib import clock
from tests.support.people import Person
from tests.support.station_scene import StationScene

BODIES: dict[str, dict[str, Any]] = {
    "POST /fairness/<int:review_id>": {"step": "uphold", "reason": "两张照片是同一张", "all": "1"},
    "POST /points/reviews/<int:own_review_id>": {"words": "那是两个路灯"},
}
"""By "METHOD rule"."""


def build(app: Flask, owner: Person, station: StationScene) -> dict[str, object]:
    """A question about a photo of the owner's, and one that was decided; ids by the names that
    paths have."""
    with app.app_context():
        session, now = db.session(), clock.now()
        sha256 = session.scalar(
            select(ReportPhoto.sha256)
            .join(Report, Report.id == ReportPhoto.report_id)
            .where(Report.reporter_id == owner.id)
            .limit(1)
        )
        deed = Occurrence(
            occasion=Occasion.CASE, source_id=10**6, rider_id=owner.id, at=now, received_at=now
        )
        asked = Review(
            pattern=Pattern.SAME_PHOTOS, rider_id=owner.id, about="asked", opened_at=now,
            moved_at=now,
        )  # fmt: skip
        decided = Review(
            pattern=Pattern.VELOCITY, rider_id=owner.id, about="decided", opened_at=now,
            moved_at=now, state=ReviewState.UPHELD, reason="不可能", decided_at=now,
            evidence={"hour": 30, "day": 30},
        )  # fmt: skip
        session.add_all([deed, asked, decided])
        session.flush()
        asked.evidence = {"photos": [[deed.id, sha256, deed.id, sha256, 0]]}
        session.add(ReviewDeed(review_id=asked.id, occurrence_id=deed.id))
        BODIES["POST /fairness/<int:review_id>"]["seen"] = version_of(asked, [deed.id])
        ids: dict[str, object] = {"review_id": asked.id, "own_review_id": decided.id}
        session.commit()
        db.session.remove()
        return ids
