"""The desk's page, put together from address and query: list, case, and what came of an act."""

from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from flask_babel import get_locale
from sqlalchemy.orm import Session

from app.access import actor
from app.blueprints.accounts.models import User
from app.blueprints.cases.bulk import Outcome
from app.blueprints.cases.deadline_view import calendar_of_request
from app.blueprints.cases.desk_case import case_view
from app.blueprints.cases.desk_choices import Choices, choices
from app.blueprints.cases.desk_queries import case_list
from app.blueprints.cases.filter_words import narrowing_words
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.offers import DANGEROUS, Typed
from app.blueprints.cases.queues import Sight, queues_for, sight_of
from app.blueprints.cases.saved_filters import saved_by
from app.blueprints.cases.step_forms import MOST_PARTS
from app.blueprints.cases.words import step_word
from app.blueprints.organisations.models import HANDLING, INTAKE, VERIFYING
from app.extensions import db
from app.lib import clock

DESK = (*INTAKE, *HANDLING, *VERIFYING)
"""Who works at the desk: the centre with all cases, the others with theirs."""


@dataclass(frozen=True)
class Shown:
    """What a page shows beside list and case. `trouble`: why what was asked for was not done;
    `errors`: of forms that are no step, by name of the form."""

    typed: Typed | None = None
    trouble: str = ""
    reporter: User | None = None
    outcomes: tuple[Outcome, ...] = ()
    errors: dict[str, list[str]] = field(default_factory=dict)
    typed_grid: str = ""
    typed_number: str = ""


def wanted_filter() -> CaseFilter:
    """The filter of the address, with words on the place if they were posted."""
    queues = queues_for(actor())
    found = CaseFilter.from_args(
        request.args, text=request.form.get("text", ""), default=queues[0].name
    )
    if found.queue in {queue.name for queue in queues}:
        return found
    return CaseFilter.from_args({**request.args, "queue": ""}, default=queues[0].name)


def kept(wanted: CaseFilter) -> dict[str, Any]:
    """Where in the list the person is, to be carried along from page to page."""
    places = {name: request.args.get(name, "")[:40] for name in ("after", "before")}
    return {**wanted.args(), **{name: token for name, token in places.items() if token}}


def render(case_id: int | None = None, shown: Shown | None = None) -> str:
    """The page; for htmx, which asks for the case alone, that part of it."""
    shown = shown or Shown()
    wanted = wanted_filter()
    page: dict[str, Any] = {
        "wanted": wanted, "kept": kept(wanted), "shown": shown, "view": None, "now": clock.now(),
        "step_word": step_word, "dangerous_steps": DANGEROUS, "most_parts": MOST_PARTS,
        "narrowing_words": narrowing_words,
    }  # fmt: skip
    if case_id is not None:
        page["view"] = case_view(
            db.session(), actor(), case_id, locale=str(get_locale()), now=page["now"],
            typed=shown.typed,
        )  # fmt: skip
    if request.headers.get("HX-Target") == "case":
        return render_template("cases/case_alone.html", **page)
    return render_template("cases/desk.html", **page, **_list(db.session(), wanted))


def sight_now() -> Sight:
    """From where the actor looks at the queues in this request."""
    return sight_of(actor(), clock.now(), calendar_of_request())


def _list(session: Session, wanted: CaseFilter) -> dict[str, Any]:
    listed = case_list(
        session, actor(), wanted, sight_now(),
        after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    return {
        "listed": listed, "choices": _choices(session, wanted), "saved": saved_by(session, actor())
    }  # fmt: skip


def _choices(session: Session, wanted: CaseFilter) -> Choices:
    return choices(session, street_id=wanted.street_id)
