"""What the desk asks for every few seconds."""

from typing import Any

from flask import Blueprint, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from werkzeug.http import quote_etag

from app.access import actor, role_required
from app.blueprints.cases import meanwhile, news
from app.blueprints.cases.desk_page import DESK, sight_now, wanted_filter
from app.blueprints.cases.standing import visible_cases
from app.blueprints.reports.models import Report
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID

bp = Blueprint("case_news", __name__, url_prefix="/cases")
MAX_TEXT = 2000


@bp.get("/news.json")
@role_required(*DESK)
def since() -> ResponseReturnValue:
    """What moved since the page was made: 304 as long as nothing did."""
    tag = quote_etag(f"{news.pulse(db.session(), clock.now())}.{get_locale()}")
    unchanged = request.headers.get("If-None-Match") == tag
    response = make_response("", 304) if unchanged else jsonify(_news())
    response.headers["ETag"] = tag
    return response


def _news() -> dict[str, Any]:
    """`rows` holds what a row's cell shows now, by id, of those that moved; `case` what is said
    of the case that is open, "" while it stands as it was seen."""
    now, seen = clock.now(), _versions(request.args.get("rows", ""))
    found = news.news(
        db.session(), actor(), wanted_filter(), sight_now(), seen=seen,
        since=clock.from_ms(_number(request.args.get("since", "")) or clock.to_ms(now)),
    )  # fmt: skip
    rows = {
        one.id: {
            "version": one.version, "cell": render_template("cases/cell_alone.html", case=one)
        }
        for one in found.rows
    }  # fmt: skip
    return {"counts": found.counts, "new": found.new, "rows": rows, "case": _case()}


def _case() -> str:
    """Who moved the open case, if somebody did."""
    session, opened = db.session(), _versions(request.args.get("case", ""))
    for case_id, version in opened.items():
        case = session.scalar(visible_cases(actor()).where(Report.id == case_id))
        if case is not None and case.version != version:
            return str(meanwhile.moved_on(session, actor(), case).message)
    return ""


def _versions(text: str) -> dict[int, int]:
    """Cases as the page saw them: "12.3-15.7" are versions 3 and 7 of cases 12 and 15."""
    pairs = [one.partition(".") for one in text[:MAX_TEXT].split("-")]
    numbers = [(_number(one[0]), _number(one[2])) for one in pairs]
    return {
        case_id: version
        for case_id, version in numbers[: news.MOST_ROWS]
        if case_id is not None and version is not None and max(case_id, version) <= MAX_ROW_ID
    }


def _number(text: str) -> int | None:
    fits = text.isascii() and text.isdecimal() and len(text) <= 14
    return int(text) if fits else None
