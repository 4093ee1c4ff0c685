"""A compound's log, its export, and the conflicts that wait for somebody to look."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.audit.services import note_look
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates import (
    conflict_queries,
    conflict_words,
    exports,
    looking,
    pass_log,
    pass_words,
)
from app.blueprints.gates.compound_forms import ResolveForm
from app.blueprints.gates.log_form import LogForm
from app.blueprints.gates.pass_log import Cursor, LogFilter, LogPage
from app.blueprints.gates.resolving import resolve_conflict
from app.blueprints.organisations.models import COMPOUNDS, Organisation
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction
from app.lib.tables import FORMATS, table_file

bp = Blueprint("compound_log", __name__)
FILTERS = ("first", "last", "gate", "direction", "outcome", "method", "text")


def _locale() -> str:
    return str(get_locale() or "zh_Hans")


def _form(compound: Organisation) -> LogForm:
    gates = queries.gates_of(db.session(), compound.id)
    return LogForm(request.args, gates=[(one.id, one.name(_locale())) for one in gates])


def _kept_filters() -> dict[str, str]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


@bp.get("/compounds/<int:compound_id>/log")
@role_required(*COMPOUNDS)
def log(compound_id: int) -> ResponseReturnValue:
    """Who passed, newest first."""
    session = db.session()
    compound = queries.compound_of(session, actor(), compound_id)
    if looking.needs_reason(compound, now=clock.now()):
        return looking.ask_why(compound)
    form = _form(compound)
    before = Cursor.read(request.args.get("before", ""))
    fits = form.validate()
    page = LogPage([], None)
    if fits:
        page = pass_log.log_page(session, compound_id, form.wanted(), before=before)
    content = render_template(
        "compounds/log.html",
        compound=compound,
        open_conflicts=queries.open_conflicts(session, compound_id),
        form=form,
        page=page,
        fits=fits,
        before=before,
        filters=_kept_filters(),
        words=pass_words,
    )
    return content, 200 if fits else 422


@bp.post("/compounds/<int:compound_id>/log/export")
@limiter.limit("20 per minute")
@role_required(*COMPOUNDS)
def export(compound_id: int) -> ResponseReturnValue:
    """What the filter shows, as a file; written down before it is read."""
    session, now = db.session(), clock.now()
    compound = queries.compound_of(session, actor(), compound_id)
    if looking.needs_reason(compound, now=now):
        return looking.ask_why(compound)
    kind, form = request.form.get("kind", ""), _form(compound)
    if kind not in FORMATS or not form.validate():
        raise Invalid({"kind": [_("Choose a kind of file.")]})
    said = looking.given_reason(compound, now=now) or ""
    with transaction(session):
        note_look(
            session, actor(), subject=f"compound:{compound_id}", what="export",
            reason=" ".join([kind, *_kept_filters().values(), said]), now=now,
        )  # fmt: skip
    return _file(compound_id, kind, form.wanted())


def _file(compound_id: int, kind: str, wanted: LogFilter) -> ResponseReturnValue:
    rows = pass_log.all_rows(
        db.session(), compound_id, wanted, limit=exports.MOST_ROWS + 1
    )  # one more, so that it shows when the file is cut
    out = table_file(kind, exports.lines(rows, _locale()), exports.WIDTHS)
    day = f"{clock.to_local(clock.now()):%Y%m%d-%H%M}"
    return send_file(
        out, FORMATS[kind].media_type, as_attachment=True,
        download_name=f"passes-{compound_id}-{day}.{kind}",
    )  # fmt: skip


@bp.get("/compounds/<int:compound_id>/conflicts")
@role_required(*COMPOUNDS)
def conflicts(compound_id: int) -> ResponseReturnValue:
    """What somebody must look at, or what came of it."""
    return _conflicts_page(compound_id, ResolveForm(), None)


def _conflicts_page(compound_id: int, form: ResolveForm, at: int | None) -> ResponseReturnValue:
    session = db.session()
    compound = queries.compound_of(session, actor(), compound_id)
    if looking.needs_reason(compound, now=clock.now()):
        return looking.ask_why(compound)
    is_open = request.args.get("state") != "resolved"
    before = request.args.get("before", type=int)
    page = conflict_queries.conflicts(session, compound_id, is_open=is_open, before=before)
    people = {one.resolved_by_id for one in page.conflicts if one.resolved_by_id}
    return render_template(
        "compounds/conflicts.html",
        compound=compound,
        open_conflicts=queries.open_conflicts(session, compound_id),
        page=page,
        told={one.id: conflict_words.told(one) for one in page.conflicts},
        scanners=conflict_queries.scanners_by_id(
            session, {one.scanner_id for one in page.conflicts if one.scanner_id}
        ),
        people=conflict_queries.names_by_id(session, people),
        is_open=is_open,
        form=form,
        at=at,
        words=pass_words,
    )


@bp.post("/compounds/<int:compound_id>/conflicts/<int:conflict_id>/resolve")
@role_required(*COMPOUNDS)
def resolve(compound_id: int, conflict_id: int) -> ResponseReturnValue:
    """Close a conflict with a note."""
    compound = queries.compound_of(db.session(), actor(), compound_id)
    if looking.needs_reason(compound, now=clock.now()):
        return looking.ask_why(compound)
    form = ResolveForm(request.form)
    if not form.validate():
        answer = _conflicts_page(compound_id, form, conflict_id)
        return (answer, 422) if isinstance(answer, str) else answer
    with transaction(db.session()):
        resolve_conflict(
            db.session(), actor(), compound_id, conflict_id, note=form.note.data or "",
            now=clock.now(),
        )  # fmt: skip
    flash(_("Closed, with your note."))
    return redirect(url_for("compound_log.conflicts", compound_id=compound_id))
