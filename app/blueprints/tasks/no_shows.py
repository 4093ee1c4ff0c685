"""Riders who claimed and did not come: counted, said, and paused for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.blueprints.tasks.models import Claim, ClaimState


@dataclass(frozen=True)
class Patience:
    """So many no-shows within a time, and for how long no new claims are taken after the last."""

    most: int
    within: timedelta
    pause: timedelta


PATIENCE = Patience(most=3, within=timedelta(days=30), pause=timedelta(days=7))


@dataclass(frozen=True)
class NoShows:
    """How often a rider did not come lately, and until when that rider may claim nothing."""

    count: int
    paused_until: datetime | None


def no_show() -> ColumnElement[bool]:
    """Claims that ran out and of which nothing was ever handed in."""
    return (Claim.state == ClaimState.EXPIRED) & (Claim.attempts == 0)


def no_shows_of(session: Session, rider_id: int, *, now: datetime) -> NoShows:
    """A rider's no-shows of the last 30 days."""
    counted = select(func.count(), func.max(Claim.due_at)).where(
        Claim.rider_id == rider_id, no_show(), Claim.due_at > now - PATIENCE.within
    )
    count, last = session.execute(counted).one()
    if count < PATIENCE.most:
        return NoShows(count, None)
    until = last + PATIENCE.pause
    return NoShows(count, until if until > now else None)
