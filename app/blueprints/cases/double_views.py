"""What the centre says of doubles and flags: merged, not the same, looked at."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from app.access import actor, role_required
from app.blueprints.cases import doubles, flags, merging
from app.blueprints.cases.standing import visible_cases
from app.blueprints.organisations.models import INTAKE
from app.blueprints.reports.models import Report
from app.errors import Invalid, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.links import local_path

bp = Blueprint("doubles", __name__, url_prefix="/cases")


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
    flash(
        ngettext(
            "%(num)s case went into No. %(number)s.",
            "%(num)s cases went into No. %(number)s.",
            count, number=number,
        )
    )  # fmt: skip
    return _back(stayed)


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
