"""What the centre says of doubles and flags: merged, not the same, looked at."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from app.access import actor, role_required
from app.blueprints.cases import doubles, flags, merging
from app.blueprints.cases.desk_page import Shown, kept, render, wanted_filter
from app.blueprints.cases.filters import number_in
from app.blueprints.cases.standing import visible_cases
from app.blueprints.organisations.models import INTAKE
from app.blueprints.reports.models import Report
from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.links import local_path

bp = Blueprint("doubles", __name__, url_prefix="/cases")
MAX_NUMBER = 20


@bp.app_context_processor
def tools() -> dict[str, object]:
    """What the macros of cases/doubles.html ask."""
    return {
        "may_merge": merging.may_merge,
        "stays_of": merging.stays,
        "span_words": format_timedelta,
        "flag_words": flags.words,
        "flag_icons": flags.ICONS,
    }


@bp.get("/<int:case_id>/doubles")
@role_required(*INTAKE)
def compare(case_id: int) -> str:
    """A case and what it may be a double of, side by side."""
    session, case = db.session(), _case(case_id)
    return render_template(
        "cases/doubles_page.html",
        case=case,
        proposals=doubles.proposals(session, case),
        merged=merging.merged_into(session, case),
        found_flags=flags.of(session, case),
    )


@bp.post("/<int:case_id>/merge")
@role_required(*INTAKE)
def merge(case_id: int) -> ResponseReturnValue:
    """Merge this case and those named `with` into `into_id`, or into whichever is best."""
    into_id = _whole(request.form.get("into_id"))
    others = [_whole(text) for text in request.form.getlist("with")]
    if None in others or len(others) > merging.MOST or (into_id is None and not others):
        raise Invalid({"into_id": [_("Choose the case that stays.")]})
    ids = {case_id, *(other for other in others if other is not None)}
    with transaction(db.session()):
        into, count = merging.merge(
            db.session(), actor(), ids, into_id=into_id,
            versions=_seen(), now=clock.now(),
        )  # fmt: skip
        number, stayed = into.number, into.id
    _say_merged(count, number)
    return _back(stayed)


@bp.post("/<int:case_id>/merge-into")
@role_required(*INTAKE)
def merge_into(case_id: int) -> ResponseReturnValue:
    """Merge this case into the one of a number that somebody typed."""
    typed = request.form.get("number", "").strip()[:MAX_NUMBER]
    try:
        into_id = _other_case(typed, case_id)
        with transaction(db.session()):
            into, count = merging.merge(
                db.session(), actor(), {case_id}, into_id=into_id,
                versions=_seen(), now=clock.now(),
            )  # fmt: skip
            number = into.number
    except (NotFound, Conflict) as error:
        said = _("There is no such case.") if isinstance(error, NotFound) else error.message
        shown = Shown(errors={"merge": [str(said)]}, typed_number=typed)
        return render(case_id, shown), error.status
    _say_merged(count, number)
    return redirect(url_for("cases.show", case_id=into_id, **kept(wanted_filter())))


def _other_case(typed: str, case_id: int) -> int:
    """The id that a number means. Raises NotFound for none, Conflict for the case's own."""
    into_id = number_in(typed)
    if into_id is None:
        raise NotFound
    if into_id == case_id:
        raise Conflict(_("That is this case."))
    return into_id


def _say_merged(count: int, number: str) -> None:
    flash(
        ngettext(
            "%(num)s case went into No. %(number)s.",
            "%(num)s cases went into No. %(number)s.",
            count, number=number,
        )
    )  # fmt: skip


@bp.post("/<int:case_id>/doubles/<int:other_id>/dismiss")
@role_required(*INTAKE)
def dismiss(case_id: int, other_id: int) -> ResponseReturnValue:
    """Not the same problem: this pair is never proposed again."""
    with transaction(db.session()):
        doubles.dismiss(db.session(), actor(), _case(case_id), other_id, now=clock.now())
    flash(_("Not the same: they stay apart."))
    return _back(case_id)


@bp.post("/<int:case_id>/flags/<kind>/looked")
@role_required(*INTAKE)
def looked(case_id: int, kind: str) -> ResponseReturnValue:
    """Somebody has looked at a flag."""
    with transaction(db.session()):
        flags.look(db.session(), actor(), _case(case_id), kind, now=clock.now())
    return _back(case_id)


def _case(case_id: int) -> Report:
    """A case with its photos. Raises NotFound."""
    found = visible_cases(actor()).where(Report.id == case_id)
    case = db.session().scalar(found.options(selectinload(Report.photos)))
    if case is None:
        raise NotFound
    return case


def _whole(text: str | None) -> int | None:
    """A row's id, or None for anything else."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 10:
        return None
    return int(text) if int(text) <= MAX_ROW_ID else None


def _seen() -> dict[int, int]:
    """The versions of cases as the page showed them: `seen` is "id:version" of each."""
    pairs = [text.partition(":") for text in request.form.getlist("seen")[: 2 * merging.MOST]]
    return {
        case_id: version
        for case_id, version in ((_whole(one[0]), _whole(one[2])) for one in pairs)
        if case_id is not None and version is not None
    }


def _back(case_id: int) -> ResponseReturnValue:
    """To where the form stood if it says so, else to the case."""
    return redirect(local_path(request.form.get("back"), f"/cases/{case_id}"))
