"""A rider rates a visit: as a plain form, and what the phone asks of what was said before."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.visits.models import CheckIn
from app.blueprints.voices import queries, ratings
from app.blueprints.voices.models import Rating
from app.blueprints.voices.page import BEST_FIRST
from app.blueprints.voices.saying import MAX_WORDS
from app.blueprints.voices.words import score_look
from app.errors import DomainError, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("ratings", __name__)
ASKED_FOR = timedelta(days=14)
"""How far back a phone is told what was said: further back than a visit can be rated."""


@bp.get("/ratings/mine.json")
@role_required(Role.RIDER)
def mine() -> Response:
    """What the rider said lately, by the key of each check-in of the visit."""
    since = clock.now() - ASKED_FOR
    said = queries.own_ratings(db.session(), actor(), since=since)
    visits = ratings.visits_of(queries.own_check_ins(db.session(), actor(), since=since))
    answer = jsonify(
        ratings={
            key: _wire(one)
            for one in said
            for key in visits.get(one.check_in_key, {one.check_in_key})
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/visits/<int:check_in_id>/rating")
@role_required(Role.RIDER)
def ask(check_in_id: int) -> str:
    """The form, for a browser without JavaScript."""
    return _form(ratings.own_check_in(db.session(), actor(), check_in_id), {}, {})


@bp.post("/visits/<int:check_in_id>/rating")
@role_required(Role.RIDER)
def rate(check_in_id: int) -> ResponseReturnValue:
    """Keep what was said."""
    check_in, now = ratings.own_check_in(db.session(), actor(), check_in_id), clock.now()
    form, key = request.form, check_in.key
    score = int(form["score"]) if form.get("score") in ("1", "2", "3") else None
    try:
        draft = ratings.draft_rating(
            actor(), check_in=key, score=score, words=form.get("words"), at=now
        )
        with transaction(db.session()):
            ratings.rate(db.session(), draft, now=now)
    except DomainError as error:
        wrong = error.errors if isinstance(error, Invalid) else {"item": [str(error.message)]}
        again = ratings.own_check_in(db.session(), actor(), check_in_id)
        return _form(again, form, wrong), error.status
    flash(_("Thank you. The station has it."))
    return redirect(url_for("visits.listed"), 303)


def _wire(rating: Rating) -> dict[str, object]:
    hidden = {"hidden": rating.hidden_reason} if rating.hidden_at else {}
    return {"score": rating.score, "words": rating.words, **hidden}


def _form(check_in: CheckIn, values: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> str:
    faces = [(score, score_look(score)) for score in reversed(BEST_FIRST)]
    return render_template(
        "voices/rate.html", check_in=check_in, values=values, errors=errors, faces=faces,
        most=MAX_WORDS,
    )  # fmt: skip
