"""Periodic work that is done once, however many workers there are."""

from datetime import datetime, timedelta

from sqlalchemy import String, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.lib.database import Base, UtcDateTime


class Turn(Base):
    """When a piece of periodic work was last begun."""

    __tablename__ = "turns"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


def take_turn(session: Session, name: str, *, every: timedelta, now: datetime) -> bool:
    """Whether the caller, inside a transaction of its own, is the one to do it now. A clock that
    was set back does not hold the work up: a turn that lies ahead counts as none."""
    mine = (
        update(Turn)
        .where(Turn.name == name, (Turn.taken_at <= now - every) | (Turn.taken_at > now))
        .values(taken_at=now)
    )
    if session.execute(mine).rowcount:  # type: ignore[attr-defined]
        return True
    if session.get(Turn, name) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(Turn(name=name, taken_at=now))
    except IntegrityError:  # another worker was first
        return False
    return True
