"""The desk of compounds: which there are, how one stands now, and its numbers."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import actor, role_required
from app.blueprints.audit.services import note_look
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates import looking, pass_words, statistics
from app.blueprints.gates.compound_forms import WhyForm
from app.blueprints.gates.gate_lines import gate_lines
from app.blueprints.organisations.models import COMPOUNDS
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.links import local_path
from app.lib.text import clean

bp = Blueprint("compounds", __name__)
MAX_TEXT = 40


@bp.get("/compounds")
@role_required(*COMPOUNDS)
def desk() -> ResponseReturnValue:
    """The compounds that the person looks after."""
    text = clean(request.args.get("q", ""))[:MAX_TEXT]
    after = request.args.get("after", type=int)
    page = queries.compounds(db.session(), actor(), text=text, after=after, now=clock.now())
    return render_template("compounds/list.html", page=page, text=text, after=after)


@bp.get("/compounds/<int:compound_id>")
@role_required(*COMPOUNDS)
def show(compound_id: int) -> str:
    """How a compound stands now."""
    session, now = db.session(), clock.now()
    compound = queries.compound_of(session, actor(), compound_id)
    hidden = looking.needs_reason(compound, now=now)
    return render_template(
        "compounds/show.html",
        compound=compound,
        line=queries.line_of(session, compound, now=now),
        hours=statistics.hours_of_today(session, compound_id, now=now),
        gates=gate_lines(session, compound_id),
        settings=queries.settings_of(session, compound),
        inside=None if hidden else queries.inside_now(session, compound_id),
        now=now,
        words=pass_words,
    )


@bp.get("/compounds/<int:compound_id>/statistics")
@role_required(*COMPOUNDS)
def numbers(compound_id: int) -> str:
    """The passes of the last 30 days, by hour, day, gate and company."""
    session = db.session()
    compound = queries.compound_of(session, actor(), compound_id)
    return render_template(
        "compounds/statistics.html",
        compound=compound,
        open_conflicts=queries.open_conflicts(session, compound_id),
        found=statistics.statistics(session, compound_id, now=clock.now()),
        gates=queries.gates_of(session, compound_id),
    )


@bp.get("/compounds/<int:compound_id>/why")
@role_required(*COMPOUNDS)
def why(compound_id: int) -> str:
    """Asks an administrator for the reason of a look."""
    return _why_page(compound_id, WhyForm())


def _why_page(compound_id: int, form: WhyForm) -> str:
    compound = queries.compound_of(db.session(), actor(), compound_id)
    return render_template(
        "compounds/why.html",
        compound=compound,
        open_conflicts=queries.open_conflicts(db.session(), compound_id),
        form=form,
        back=_back(compound_id),
    )


def _back(compound_id: int) -> str:
    return local_path(request.args.get("back"), url_for("compounds.show", compound_id=compound_id))


@bp.post("/compounds/<int:compound_id>/why")
@role_required(*COMPOUNDS)
def say_why(compound_id: int) -> ResponseReturnValue:
    """Write the reason down, and go on to what was asked for."""
    form, now = WhyForm(request.form), clock.now()
    if not form.validate():
        return _why_page(compound_id, form), 422
    reason = form.reason.data or ""
    with transaction(db.session()):
        compound = queries.compound_of(db.session(), actor(), compound_id)
        note_look(
            db.session(), actor(), subject=f"compound:{compound_id}", what="log", reason=reason,
            now=now,
        )  # fmt: skip
        looking.keep_reason(compound, reason, now=now)
    return redirect(_back(compound_id))
