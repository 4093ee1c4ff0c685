"""A row in every table of rewards, as full as its columns allow."""

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User


def rows(session: Session, user: User) -> None:
    """Add and flush them; `user` has a case, a station, a badge and points with the id 1."""
