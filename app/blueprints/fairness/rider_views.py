"""What a rider is told of reviews, and may say to it once."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.fairness import queries, services
from app.blueprints.fairness.models import Review, ReviewState
from app.blueprints.fairness.page import taken_of
from app.blueprints.fairness.transitions import OBJECT_WITHIN
from app.blueprints.fairness.words import noticed, pattern_look, state_look
from app.blueprints.organisations.models import Role
from app.blueprints.voices.page import row_id
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("own_reviews", __name__, url_prefix="/points/reviews")


@bp.app_context_processor
def told() -> dict[str, object]:
    """The statement leads here once there is something to read."""
    return {"has_reviews": lambda: queries.has_reviews(db.session(), actor())}


@bp.get("")
@role_required(Role.RIDER)
def mine() -> str:
    """What was looked at and had a consequence, newest first."""
    return _page(row_id(request.args.get("after")))


@bp.post("/<int:own_review_id>")
@role_required(Role.RIDER)
def object_to(own_review_id: int) -> ResponseReturnValue:
    """Say why it was fair."""
    words = request.form.get("words", "")
    try:
        with transaction(db.session()):
            services.object_to(db.session(), actor(), own_review_id, words=words, now=clock.now())
    except (Invalid, Conflict) as error:
        errors = error.errors if isinstance(error, Invalid) else {"words": [str(error.message)]}
        return _page(own_review_id + 1, of=own_review_id, words=words, errors=errors), error.status
    flash(_("Somebody else looks at it again; you are told what comes of it."))
    return redirect(url_for(".mine"), 303)


def _page(after: int | None, **typed: object) -> str:
    session, now = db.session(), clock.now()
    found = queries.own_reviews(session, actor(), after=after)
    return render_template(
        "fairness/mine.html", reviews=found, taken=taken_of(session, found.items), typed=typed,
        first=after is None, noticed=noticed, look_of=pattern_look, state_of=state_look,
        may_object={one.id for one in found.items if _may_object(one, now)},
        until={one.id: one.decided_at + OBJECT_WITHIN for one in found.items if one.decided_at},
        most=services.MAX_OBJECTION,
    )  # fmt: skip


def _may_object(review: Review, now: datetime) -> bool:
    decided = review.decided_at
    return (
        review.state == ReviewState.UPHELD
        and decided is not None
        and now <= decided + OBJECT_WITHIN
    )
