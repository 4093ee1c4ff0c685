"""The page of where stations are missing."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import role_required
from app.blueprints.insight import coverage, coverage_queries
from app.blueprints.insight.charts import Chart, Layer, hours
from app.blueprints.insight.coverage_queries import Asked, Bounds
from app.blueprints.insight.coverage_report import (
    EARTH,
    LISTED_GAPS,
    Coverage,
    bounds_of,
    report,
)
from app.blueprints.insight.demand import CELLS_A_DEGREE
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock

bp = Blueprint("coverage", __name__, url_prefix="/stations/coverage")
MONTHS, USUAL_MONTHS = (1, 3, 6, 12), 3
DISTRICT = Bounds(31.26, 120.66, 31.38, 120.85)
"""What the map shows where there is neither area nor station."""


@bp.get("")
@role_required(Role.ADMINISTRATOR)
def page() -> str:
    """Shares, the map of what is not covered, and what would help."""
    session, locale = db.session(), str(get_locale())
    stations = coverage_queries.stations(session)
    bounds, months = bounds_of(session, stations), _months()
    today = clock.to_local(clock.now()).date()
    found = report(session, Asked(_first(today, months), today, bounds, today), stations, locale)
    return render_template(
        "insight/coverage.html", found=found, months=months, all_months=MONTHS,
        listed=found.gaps[:LISTED_GAPS], by_hour=_by_hour(found), drawn=_drawn(found),
        bounds=DISTRICT if bounds == EARTH else bounds, ride_min=coverage.RIDE_MIN,
    )  # fmt: skip


def _months() -> int:
    """So many months as the address asks for, the present one among them."""
    asked = request.args.get("months", "")
    return next((one for one in MONTHS if str(one) == asked), USUAL_MONTHS)


def _first(today: date, months: int) -> date:
    first = today.replace(day=1)
    for _month in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def _by_hour(found: Coverage) -> Chart:
    layers = (
        Layer("near", _("covered"), [one.near for one in found.by_hour]),
        Layer("shut", _("closed then"), [one.shut for one in found.by_hour]),
        Layer("missing", _("no station near"), [one.missing for one in found.by_hour]),
    )
    return Chart(_("Reports and check-ins by hour of the day"), _("Hour"), hours(), layers)


def _drawn(found: Coverage) -> dict[str, Any]:
    """What the map draws: [latitude, longitude, ...] of everything, and how large things are."""
    return {
        "side": 1 / CELLS_A_DEGREE, "reach_m": round(coverage.REACH_M),
        "gaps": [[*_at(one), one.missing, one.shut] for one in found.gaps],
        "next": [[*_at(one), one.gain] for one in found.next_ones],
        "stations": [_at(one) for one in found.stations],
    }  # fmt: skip


def _at(place: Any) -> list[float]:
    return [round(place.latitude, 5), round(place.longitude, 5)]
