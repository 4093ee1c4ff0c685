"""The desk of fairness: what looks odd is looked at, cleared or upheld, by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import actor, role_required
from app.blueprints.audit.services import note_look
from app.blueprints.fairness import queries, services
from app.blueprints.fairness.models import Pattern, Review, ReviewState
from app.blueprints.fairness.page import evidence_of, hashes_of
from app.blueprints.fairness.seen import version_of
from app.blueprints.fairness.words import (
    noticed,
    pattern_look,
    pattern_looks,
    state_look,
    step_word,
)
from app.blueprints.organisations.models import Role
from app.blueprints.photos.store import photo_storage, rendition_name
from app.blueprints.voices.page import row_id
from app.errors import Conflict, DomainError, Forbidden, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("fairness", __name__, url_prefix="/fairness")
SIZES = ("large", "thumb")
STEPS = ("clear", "uphold", "confirm", "overturn")


@dataclass(frozen=True)
class Typed:
    """What came back from a form that did not fit: reason, the deeds that were ticked, whether all
    of them were, what is wrong by field, and a word on top."""

    reason: str = ""
    taken: frozenset[int] = frozenset()
    all: bool = False
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    message: str = ""


@bp.get("")
@role_required(Role.ADMINISTRATOR)
def listed() -> str:
    """What waits for somebody to look, and what was decided."""
    session, person, args = db.session(), actor(), request.args
    shown = args.get("show", "")
    shown = shown if shown in queries.SHOWN else "waiting"
    pattern = args.get("pattern", "")
    chosen = Pattern(pattern) if pattern in tuple(Pattern) else None
    found = queries.desk(session, person, shown, pattern=chosen, after=row_id(args.get("after")))
    return render_template(
        "fairness/list.html", reviews=found, shown=shown, pattern=pattern if chosen else "",
        counts=queries.counts(session, person), patterns=pattern_looks(), look_of=pattern_look,
        state_of=state_look, noticed=noticed,
    )  # fmt: skip


@bp.get("/<int:review_id>")
@role_required(Role.ADMINISTRATOR)
def show(review_id: int) -> str:
    """One question, with all that speaks for and against."""
    session, person = db.session(), actor()
    with transaction(session):
        review = queries.review(session, person, review_id)
        subject = f"rider:{review.rider_id}"
        note_look(
            session, person, subject=subject, what="review", reason="fairness", now=clock.now()
        )
    return _page(review_id, Typed())


@bp.post("/<int:review_id>")
@role_required(Role.ADMINISTRATOR)
def decide(review_id: int) -> ResponseReturnValue:
    """Decide it, or answer the objection: `step`, `reason`, `seen` of what was shown, and for
    upholding `taken`, the deeds that do not count, or `all` of them."""
    try:
        with transaction(db.session()):
            review = _decide(db.session(), review_id)
    except (Invalid, Conflict, Forbidden) as error:
        return _again(review_id, error)
    flash(_said(review))
    return redirect(url_for(".listed"), 303)


@bp.get("/<int:review_id>/photos/<int:position>/<size>")
@role_required(Role.ADMINISTRATOR)
def photo(review_id: int, position: int, size: str) -> ResponseReturnValue:
    """A photo that a review shows, counted from 1: of each pair the later one first. A browser
    asks each time whether it is still that one, so that no other stands under a caption."""
    hashes = hashes_of(queries.review(db.session(), actor(), review_id))
    if size not in SIZES or not 0 < position <= len(hashes):
        abort(404)
    sha256 = hashes[position - 1]
    response = make_response(photo_storage().get(rendition_name(sha256, size)))
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(f"{sha256}-{size}")
    return response.make_conditional(request)


def _decide(session: Session, review_id: int) -> Review:
    person, now, reason = actor(), clock.now(), request.form.get("reason", "")
    seen = request.form.get("seen", "")
    match request.form.get("step"):
        case "clear":
            return services.clear(session, person, review_id, reason=reason, seen=seen, now=now)
        case "uphold":
            taken = _ticked(session, review_id)
            return services.uphold(
                session, person, review_id, reason=reason, taken=taken, seen=seen, now=now
            )
        case "confirm":
            return services.confirm(session, person, review_id, reason=reason, now=now)
        case "overturn":
            return services.overturn(session, person, review_id, reason=reason, now=now)
        case _:
            raise Invalid({"step": [_("Choose what becomes of it.")]})


def _ticked(session: Session, review_id: int) -> set[int]:
    if "all" in request.form:
        queries.review(session, actor(), review_id)
        return {deed.occurrence_id for deed in queries.deeds(session, [review_id])}
    return set(request.form.getlist("taken", type=int))


def _said(review: Review) -> str:
    words = {
        ReviewState.CLEARED: _("All is well; the rider does not hear of it."),
        ReviewState.UPHELD: _("The rider reads why, and may object."),
        ReviewState.CONFIRMED: _("It stays so; the rider reads why."),
        ReviewState.OVERTURNED: _("It counts again; the rider is told."),
    }
    return str(words[review.state])


def _again(review_id: int, error: DomainError) -> ResponseReturnValue:
    """The page once more, with what was typed."""
    errors = error.errors if isinstance(error, Invalid) else {}
    message = "" if isinstance(error, Invalid) else str(error.message)
    ticked = frozenset(request.form.getlist("taken", type=int))
    reason, all_of_them = request.form.get("reason", ""), "all" in request.form
    typed = Typed(reason, ticked, all_of_them, errors, message)
    return _page(review_id, typed), error.status


def _page(review_id: int, typed: Typed) -> str:
    session, person = db.session(), actor()
    review = queries.review(session, person, review_id)
    evidence = evidence_of(session, review)
    return render_template(
        "fairness/review.html", review=review, evidence=evidence,
        seen=version_of(review, [line.occurrence.id for line in evidence.lines]),
        events=queries.events(session, review.id), typed=typed, look=pattern_look(review.pattern),
        state=state_look(review.state), noticed=noticed(review), step_word=step_word,
        decided_it=review.decided_by_id == person.id, most_reason=services.MAX_REASON,
    )  # fmt: skip
