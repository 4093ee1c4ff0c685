"""The desk of a station's voices: wishes are answered, ratings read, abuse is hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.stations.queries import run_station
from app.blueprints.voices import hiding, queries, wishes
from app.blueprints.voices.models import Wish
from app.blueprints.voices.page import row_id, said, summary
from app.blueprints.voices.saying import MAX_ANSWER, MAX_REASON
from app.blueprints.voices.transitions import Who, offered
from app.blueprints.voices.words import answer_choices, wish_look
from app.errors import Conflict, DomainError, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("voices_desk", __name__, url_prefix="/stations/desk")
RATINGS, HIDDEN_WORDS = "ratings", "hidden_words"


@dataclass(frozen=True)
class Typed:
    """What came back from a form that did not fit: of which wish or rating ("wish-7"), what was
    typed, what is wrong by field, and a word on top."""

    of: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    message: str = ""


@bp.get("/wishes")
@role_required(*STATIONS)
def wishes_of_all() -> str:
    """The wishes to all stations where one works, together."""
    session, person, shown = db.session(), actor(), _part(*queries.SHOWN)
    found = queries.desk_wishes(session, person, shown, after=_after())
    return render_template(
        "voices/desk_wishes.html", wishes=found, shown=shown, typed=Typed(), **_looks(found),
        counts=queries.counts(session, person),
    )  # fmt: skip


@bp.get("/<int:station_id>/voices")
@role_required(*STATIONS)
def page(station_id: int) -> str:
    """One station: how it is rated, what riders wish."""
    return _page(station_id, Typed(), _after())


@bp.post("/<int:station_id>/voices/wishes/<int:wish_id>")
@role_required(*STATIONS)
def answer(station_id: int, wish_id: int) -> ResponseReturnValue:
    """Answer a wish."""
    form = request.form
    try:
        with transaction(db.session()):
            wishes.answer(
                db.session(), actor(), station_id, wish_id, step=form.get("step", ""),
                text=form.get("answer", ""), seen=form.get("seen", ""), now=clock.now(),
            )  # fmt: skip
    except (Invalid, Conflict) as error:
        return _again(station_id, f"wish-{wish_id}", error, _just_before(wish_id))
    flash(_("The rider reads your answer."))
    return _back(station_id)


@bp.post("/<int:station_id>/voices/wishes/<int:wish_id>/hide")
@role_required(*STATIONS)
def hide_wish(station_id: int, wish_id: int) -> ResponseReturnValue:
    """Take a wish from the sight of others."""
    reason = request.form.get("reason", "")
    try:
        with transaction(db.session()):
            hiding.hide_wish(
                db.session(), actor(), station_id, wish_id, reason=reason, now=clock.now()
            )
    except (Invalid, Conflict) as error:
        return _again(station_id, f"wish-{wish_id}", error, _just_before(wish_id))
    flash(_("It is hidden; the rider reads why."))
    return _back(station_id)


@bp.post("/<int:station_id>/voices/wishes/<int:wish_id>/unhide")
@role_required(Role.ADMINISTRATOR)
def unhide_wish(station_id: int, wish_id: int) -> ResponseReturnValue:
    """Show a wish again."""
    with transaction(db.session()):
        hiding.unhide_wish(db.session(), actor(), station_id, wish_id, now=clock.now())
    flash(_("It is shown again."))
    return _back(station_id)


@bp.post("/<int:station_id>/voices/ratings/<int:rating_id>/hide")
@role_required(*STATIONS)
def hide_rating(station_id: int, rating_id: int) -> ResponseReturnValue:
    """Take the words of a rating from the sight of others."""
    reason = request.form.get("reason", "")
    try:
        with transaction(db.session()):
            hiding.hide_rating(
                db.session(), actor(), station_id, rating_id, reason=reason, now=clock.now()
            )
    except (Invalid, Conflict) as error:
        return _again(station_id, f"rating-{rating_id}", error, _after())
    flash(_("It is hidden; the rider reads why."))
    return _back(station_id)


@bp.post("/<int:station_id>/voices/ratings/<int:rating_id>/unhide")
@role_required(Role.ADMINISTRATOR)
def unhide_rating(station_id: int, rating_id: int) -> ResponseReturnValue:
    """Show the words of a rating again."""
    with transaction(db.session()):
        hiding.unhide_rating(db.session(), actor(), station_id, rating_id, now=clock.now())
    flash(_("It is shown again."))
    return _back(station_id)


def _after() -> int | None:
    return row_id(request.args.get("after"))


def _part(*known: str) -> str:
    """Which part of the desk is asked for; what was hidden is for administrators alone."""
    shown = request.values.get("show", "")
    secret = shown.startswith("hidden") and not queries.may_see_hidden(actor())
    return shown if shown in known and not secret else "waiting"


def _back(station_id: int) -> ResponseReturnValue:
    """To the page from which the form was sent."""
    shown = _part(*queries.SHOWN, RATINGS, HIDDEN_WORDS)
    if request.form.get("all"):
        return redirect(url_for(".wishes_of_all", show=shown), 303)
    return redirect(url_for(".page", station_id=station_id, show=shown), 303)


def _just_before(wish_id: int) -> int:
    """After which id the page begins that has a wish on top, whichever way it is ordered."""
    return wish_id - 1 if _part(*queries.SHOWN) == "waiting" else wish_id + 1


def _again(station_id: int, of: str, error: DomainError, after: int | None) -> ResponseReturnValue:
    """The page once more, with what was typed."""
    errors = error.errors if isinstance(error, Invalid) else {}
    message = "" if isinstance(error, Invalid) else str(error.message)
    return _page(station_id, Typed(of, request.form, errors, message), after), error.status


def _page(station_id: int, typed: Typed, after: int | None) -> str:
    session, person, now = db.session(), actor(), clock.now()
    station = run_station(session, person, station_id)
    shown = _part(*queries.SHOWN, RATINGS, HIDDEN_WORDS)
    found = ratings = None
    if shown in queries.SHOWN:
        found = queries.desk_wishes(session, person, shown, station_id=station_id, after=after)
    else:
        hidden = shown == HIDDEN_WORDS
        ratings = queries.desk_ratings(session, station_id, hidden=hidden, after=after)
    return render_template(
        "voices/desk.html", station=station, shown=shown, wishes=found, ratings=ratings,
        said=said(ratings.items, hidden_too=queries.may_see_hidden(person)) if ratings else [],
        summary=summary(queries.scores(session, station_id, now=now)), typed=typed,
        counts=queries.counts(session, person, station_id=station_id), **_looks(found),
    )  # fmt: skip


def _looks(found: queries.Page[Wish] | None) -> dict[str, object]:
    return {
        "reasons": queries.hidden_reasons(db.session(), found.items) if found else {},
        "look_of": wish_look,
        "answers": answer_choices(),
        "offered": lambda state: offered(state, Who.HOST),
        "most_answer": MAX_ANSWER,
        "most_reason": MAX_REASON,
    }
