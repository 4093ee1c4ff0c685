"""The page for who works on cases outside, with or without network, and what it takes along."""

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.access import actor, role_required
from app.blueprints.cases.deadlines import working_calendar
from app.blueprints.cases.field_queries import field_work
from app.blueprints.cases.field_wire import tag_of, work_as_json
from app.blueprints.cases.transitions import RESUMES, SHORT_OF_STATE, STEPS, Step, Who
from app.blueprints.cases.words import LOOKS, STEP_WORDS, state_look
from app.blueprints.organisations.models import HANDLING, VERIFYING
from app.blueprints.reports.models import State
from app.extensions import db, limiter
from app.lib import clock
from app.lib.shells import shell

bp = Blueprint("field", __name__)
OUTSIDE = (Who.DEPARTMENT, Who.ASSISTANT, Who.VERIFIER)


@shell("/field")
def render_field() -> str:
    """The page, the same for everybody."""
    table = {
        "looks": {state.value: state_look(state) for state in LOOKS},
        "words": {name: str(word) for name, word in STEP_WORDS.items()},
        "steps": [_row(step) for step in STEPS if step.who in OUTSIDE],
    }
    return render_template("field/page.html", table=table)


def _row(step: Step) -> dict[str, object]:
    """A row of the table of transitions, by which the phone shows what it has saved as done."""
    target = State.HANDLING if step.name in RESUMES else step.target
    return {
        "name": step.name, "who": step.who, "sources": step.sources, "needs": step.needs,
        "target": None if step.name in SHORT_OF_STATE else target,
    }  # fmt: skip


@bp.get("/field")
def page() -> Response:
    """The field page. It knows nobody; the phone fills it in, with or without network."""
    response = make_response(render_field())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/field/cases.json")
@role_required(*HANDLING, *VERIFYING)
@limiter.limit("60 per minute")
def cases() -> ResponseReturnValue:
    """What the person takes along; 304 while nothing in it is new."""
    session, now, locale = db.session(), clock.now(), str(get_locale())
    work = field_work(session, actor(), locale=locale, now=now)
    calendar = working_calendar(session)
    content = work_as_json(session, work, actor().id, calendar=calendar, locale=locale, now=now)
    response = jsonify(content)
    response.set_etag(tag_of(content), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)
