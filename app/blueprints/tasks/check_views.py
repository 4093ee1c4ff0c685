"""Checking: what riders handed in, one after another, and their appeals."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import actor, role_required
from app.blueprints.organisations.models import TASKS
from app.blueprints.photos.serving import kept_picture
from app.blueprints.photos.store import rendition_name
from app.blueprints.tasks import checking, queries, reporting
from app.blueprints.tasks.choices import categories
from app.blueprints.tasks.desk_page import claim_view, rider_name
from app.blueprints.tasks.forms import row_id
from app.blueprints.tasks.models import Claim
from app.blueprints.tasks.words import claim_look, mark_words
from app.errors import Conflict, DomainError, Forbidden, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("tasks_checking", __name__, url_prefix="/tasks/desk")
SIZES = ("large", "thumb")
Act = Callable[[Session], Claim]


@bp.get("/check")
@role_required(*TASKS)
def waiting() -> str:
    """What waits to be checked, or with `show=appeals` appeals, the oldest first."""
    session, person, part = db.session(), actor(), _part()
    found = queries.waiting(session, person, part, after=row_id(request.args.get("after")))
    return render_template(
        "tasks_desk/waiting.html", page=found, part=part, look_of=claim_look,
        counts=queries.waiting_counts(session, person), mark_words=mark_words,
        name_of=lambda rider: rider_name(person, rider),
    )  # fmt: skip


@bp.get("/claims/<int:claim_id>")
@role_required(*TASKS)
def show(claim_id: int) -> str:
    """One claim, its photos large."""
    return _show(claim_id, {})


@bp.post("/claims/<int:claim_id>/check")
@role_required(*TASKS)
def check(claim_id: int) -> ResponseReturnValue:
    """Accept, send back or refuse; then the next one."""
    form = request.form
    return _judged(claim_id, lambda session: checking.check(
        session, actor(), claim_id, form.get("verdict", ""), form.get("reason", ""),
        seen=_seen(), now=clock.now(),
    ), then="check")  # fmt: skip


@bp.post("/claims/<int:claim_id>/appeal")
@role_required(*TASKS)
def answer_appeal(claim_id: int) -> ResponseReturnValue:
    """Grant an appeal, or uphold the refusal; then the next one."""
    form = request.form
    return _judged(claim_id, lambda session: checking.answer_appeal(
        session, actor(), claim_id, form.get("verdict", ""), form.get("reason", ""),
        seen=_seen(), now=clock.now(),
    ), then="appeals")  # fmt: skip


@bp.post("/claims/<int:claim_id>/take-back")
@role_required(*TASKS)
def take_back(claim_id: int) -> ResponseReturnValue:
    """Take an acceptance back."""
    return _judged(claim_id, lambda session: checking.take_back(
        session, actor(), claim_id, request.form.get("reason", ""), seen=_seen(), now=clock.now()
    ), then="")  # fmt: skip


@bp.post("/claims/<int:claim_id>/report")
@role_required(*TASKS)
def report(claim_id: int) -> ResponseReturnValue:
    """Make a report of what the photos show."""
    form = request.form
    try:
        with transaction(db.session()):
            filed = reporting.report(
                db.session(), actor(), claim_id, category_code=form.get("category", ""),
                description=form.get("description", ""), now=clock.now(),
            )  # fmt: skip
    except (Invalid, Conflict) as error:
        return _again(claim_id, error)
    flash(_("Report %(number)s is made of it.", number=filed.number))
    return redirect(url_for(".show", claim_id=claim_id), 303)


@bp.get("/claims/<int:claim_id>/photos/<int:attempt>/<int:position>/<size>")
@role_required(*TASKS)
def photo(claim_id: int, attempt: int, position: int, size: str) -> ResponseReturnValue:
    """A photo that was handed in, re-encoded."""
    if size not in SIZES:
        abort(404)
    found = queries.claim_photo(db.session(), actor(), claim_id, attempt, position)
    return kept_picture(rendition_name(found.sha256, size), etag=f"{found.sha256}-{size}")


def _part() -> str:
    part = request.args.get("show", "")
    return part if part in queries.WAITING else "check"


def _seen() -> int:
    return row_id(request.form.get("seen")) or 0


def _judged(claim_id: int, act: Act, *, then: str) -> ResponseReturnValue:
    """Do it, and go on with what waits next of that part; with "" stay."""
    session = db.session()
    try:
        with transaction(session):
            act(session)
    except (Invalid, Conflict, Forbidden) as error:
        return _again(claim_id, error)
    flash(_("The rider is told."))
    following = queries.next_waiting(session, actor(), then) if then else claim_id
    if following is None:
        return redirect(url_for(".waiting", show=then), 303)
    return redirect(url_for(".show", claim_id=following), 303)


def _again(claim_id: int, error: DomainError) -> ResponseReturnValue:
    """The page once more, with what was typed and what is wrong."""
    wrong = error.errors if isinstance(error, Invalid) else {"": [str(error.message)]}
    return _show(claim_id, wrong), error.status


def _show(claim_id: int, wrong: Mapping[str, list[str]]) -> str:
    session, person = db.session(), actor()
    claim = queries.run_claim(session, person, claim_id)
    view = claim_view(session, person, claim, now=clock.now())
    return render_template(
        "tasks_desk/claim.html", view=view, claim=claim, task=claim.task, wrong=wrong,
        look=claim_look(claim.state), marks=mark_words(claim.marks), typed=request.form,
        counts=queries.waiting_counts(session, person), most=checking.MAX_REASON,
        categories=categories(session) if claim.state == "accepted" else [],
    )  # fmt: skip
