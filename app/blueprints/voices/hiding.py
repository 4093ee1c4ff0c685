"""Abuse: words are taken from the sight of others, with a reason that their rider reads. The score
of a rating goes on counting, so that hiding makes no station look better."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import note_look
from app.blueprints.notifications.services import notify
from app.blueprints.stations.models import Station
from app.blueprints.voices import steps
from app.blueprints.voices.models import Rating, Wish
from app.blueprints.voices.queries import any_rating, any_wish, run_rating, run_wish
from app.blueprints.voices.saying import MAX_REASON, line, too_long
from app.errors import Conflict, Invalid


def hide_wish(
    session: Session, actor: User, station_id: int, wish_id: int, *, reason: str, now: datetime
) -> Wish:
    """Raises NotFound, Invalid without a reason, and Conflict for one that is hidden."""
    wish = run_wish(session, actor, station_id, wish_id)
    said = _reason(reason)
    steps.take(session, actor, wish, "hide", note=said, now=now)
    _tell(session, wish.rider_id, "wish_hidden", wish.station, said, "/wishes", now)
    return wish


def unhide_wish(
    session: Session, actor: User, station_id: int, wish_id: int, *, now: datetime
) -> Wish:
    """An administrator shows it again, in the state that it was in. Raises NotFound and
    Conflict."""
    wish = any_wish(session, actor, station_id, wish_id)
    steps.take(session, actor, wish, "unhide", now=now, target=steps.before_hidden(session, wish))
    return wish


def hide_rating(
    session: Session, actor: User, station_id: int, rating_id: int, *, reason: str, now: datetime
) -> Rating:
    """Hide a rating's words. Raises NotFound, Invalid without a reason, and Conflict for one that
    is hidden or has no words."""
    rating = run_rating(session, actor, station_id, rating_id)
    said = _reason(reason)
    if rating.hidden_at is not None or not rating.words:
        raise Conflict
    rating.hidden_at, rating.hidden_by_id, rating.hidden_reason = now, actor.id, said
    _note(session, actor, rating, "words_hidden", said, now)
    _tell(session, rating.rider_id, "rating_hidden", rating.station, said, "/visits", now)
    return rating


def unhide_rating(
    session: Session, actor: User, station_id: int, rating_id: int, *, now: datetime
) -> Rating:
    """An administrator shows the words again. Raises NotFound and Conflict."""
    rating = any_rating(session, actor, station_id, rating_id)
    if rating.hidden_at is None:
        raise Conflict
    before, rating.hidden_reason = rating.hidden_reason, ""
    rating.hidden_at, rating.hidden_by_id = None, None
    _note(session, actor, rating, "words_shown", before, now)
    return rating


def _reason(text: str) -> str:
    said = line(text)
    wrong = too_long(said, MAX_REASON) if said else [_("Say why; the rider reads it.")]
    if wrong:
        raise Invalid({"reason": wrong})
    return said


def _note(
    session: Session, actor: User, rating: Rating, what: str, reason: str, now: datetime
) -> None:
    """Ratings have no events of their own, and who hid what must be known."""
    note_look(session, actor, subject=f"rating:{rating.id}", what=what, reason=reason, now=now)


def _tell(
    session: Session, rider_id: int, kind: str, station: Station, reason: str, url: str,
    now: datetime,
) -> None:  # fmt: skip
    data = {"station": steps.name_of(station), "reason": reason}
    notify(session, [rider_id], kind=kind, data=data, url=url, now=now)
