"""The demo's riders as the register knows them: companies, stars, portraits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.badges.models import Holder, Portrait, PortraitState, Standing
from app.blueprints.demo.people import People
from app.blueprints.organisations.models import Membership, Role

WAITING, WITHOUT = 12, 30
"""So many riders' portraits wait to be looked at; so many have sent none."""


def build_badges(
    session: Session, people: People, faces: Sequence[str], now: datetime
) -> Sequence[int]:
    """Write holders and portraits; answers the riders who are in good standing."""
    riding = select(Membership.user_id, Membership.organisation_id).where(
        Membership.role == Role.RIDER
    )
    companies: dict[int, int] = {row[0]: row[1] for row in session.execute(riding)}
    sent = people.riders[: len(people.riders) - WITHOUT]
    waiting = set(sent[1 : 1 + WAITING])
    portraits = _portraits(session, sent, waiting, faces, now)
    session.execute(insert(Holder), [
        {"user_id": rider, "company_id": companies[rider], "stars": 1,
         "scope": 0, "standing": Standing.ACTIVE, "created_at": now - timedelta(days=90),
         "portrait_id": None if rider in waiting else portraits.get(rider)}
        for rider in people.riders
    ])  # fmt: skip
    return [rider for rider in sent if rider not in waiting]


def _portraits(
    session: Session, riders: Sequence[int], waiting: set[int], faces: Sequence[str], now: datetime
) -> dict[int, int]:
    """The id of each rider's portrait."""
    session.execute(insert(Portrait), [
        {"user_id": rider, "sha256": faces[index % len(faces)],
         "state": PortraitState.PENDING if rider in waiting else PortraitState.APPROVED,
         "created_at": now - timedelta(hours=3 if rider in waiting else 2000)}
        for index, rider in enumerate(riders)
    ])  # fmt: skip
    return {row[0]: row[1] for row in session.execute(select(Portrait.user_id, Portrait.id))}
