"""The page of how much stations are used, and its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import actor, person_or_address, role_required
from app.blueprints.insight import figure_files
from app.blueprints.insight.charts import Chart, Layer, hours
from app.blueprints.insight.figure_words import FIGURES, figures_for, most
from app.blueprints.insight.figures import (
    Asked,
    Figures,
    Line,
    figures,
    places_of,
    sights,
    streets_of,
)
from app.blueprints.insight.sums import Counted
from app.blueprints.organisations.models import STATIONS, Organisation, Role
from app.blueprints.visits.words import PURPOSES
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.periods import read_period
from app.lib.tables import FORMATS, table_file

bp = Blueprint("figures", __name__, url_prefix="/stations/figures")
READERS = (*STATIONS, Role.COMPANY_MANAGER)
PAGE_LINES = 25
MOST_UNUSED = 200
MOST_COMPANIES = 15


@dataclass(frozen=True)
class Page:
    """What is shown: a page of the lines in the order asked for, and what is around them."""

    asked: Asked
    found: Figures
    lines: Sequence[Line]
    after: int | None
    """The station behind which the next page begins."""
    sort: str
    streets: Sequence[Organisation]
    companies: Mapping[int, str]

    def args(self, **others: object) -> dict[str, object]:
        """The page as parts of an address."""
        street = {"street": self.asked.street.id} if self.asked.street else {}
        shown = {"of": self.asked.of, "sort": self.sort} | self.asked.period.args() | street
        return shown | others


@bp.get("")
@role_required(*READERS)
def page() -> str:
    """The figures of a period."""
    shown = _page(db.session())
    found, of = shown.found, shown.asked.of
    return render_template(
        "insight/figures.html", page=shown, found=found, figures=figures_for(of),
        most={one.name: most(found.lines, one) for one in figures_for(of)},
        sights=sights(actor()), files=figure_files.files_for(of), most_unused=MOST_UNUSED,
        hours=_by_hour(found), companies=_first(found, shown.companies),
        purposes=[(PURPOSES[one].text, counted) for one, counted in found.purposes],
    )  # fmt: skip


def _by_hour(found: Figures) -> Chart | None:
    if not found.hours:
        return None
    visits = Layer("used", _("Visits"), [one.visits for one in found.hours])
    return Chart(_("Visits by hour of the day"), _("Hour"), hours(), [visits])


def _first(found: Figures, names: Mapping[int, str]) -> list[tuple[str, Counted]]:
    """The companies with the most visits, and what is left of the others as one."""
    named = [(names.get(one, str(one)), counted) for one, counted in found.companies]
    rest = [counted for _name, counted in named[MOST_COMPANIES:]]
    others = [(_("Other companies"), sum(rest, Counted()))] if rest else []
    return named[:MOST_COMPANIES] + others


@bp.post("/export")
@limiter.limit("20 per minute", key_func=person_or_address)
@role_required(*READERS)
def export() -> ResponseReturnValue:
    """One of the page's tables, whole, as a file."""
    kind = request.form.get("kind", "")
    if kind not in FORMATS:
        raise Invalid({"kind": [_("Choose a kind of file.")]})
    shown = _page(db.session())
    by = request.form.get("by", "station")
    if by not in figure_files.files_for(shown.asked.of):
        raise Invalid({"by": [_("There is no such table.")]})
    content = figure_files.Content(
        shown.asked, shown.found, _sorted(shown.found.lines, shown.sort), shown.companies,
        str(get_locale()),
    )  # fmt: skip
    out = table_file(kind, figure_files.lines(by, content), figure_files.WIDTHS)
    period = shown.asked.period
    name = f"stations-{by}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{kind}"
    return send_file(out, FORMATS[kind].media_type, as_attachment=True, download_name=name)


def _page(session: Session) -> Page:
    asked = _asked()
    places = places_of(session, asked.actor, asked.of)
    streets = streets_of(session, places)
    wanted = request.args.get("street", "")
    street = next((one for one in streets if str(one.id) == wanted), None)
    asked = replace(asked, street=street)
    found = figures(session, asked, places)
    sort = request.args.get("sort", "")
    lines = _sorted(found.lines, sort)
    start = _start(lines)
    shown = lines[start : start + PAGE_LINES]
    after = shown[-1].place.id if len(lines) > start + PAGE_LINES else None
    return Page(asked, found, shown, after, sort, streets, _names(session, found))


def _asked() -> Asked:
    """What the address asks for, but for the street; what makes no sense there is left out."""
    person, today = actor(), clock.to_local(clock.now()).date()
    may = sights(person)
    of = request.args.get("of", "")
    return Asked(person, of if of in may else may[0], read_period(request.args, today), None)


def _sorted(lines: Sequence[Line], sort: str) -> Sequence[Line]:
    """By a figure, the greatest first, those without it last; else as they come."""
    figure = next((one for one in FIGURES if one.name == sort), None)
    if sort == "number":
        return sorted(lines, key=lambda line: line.place.number)
    if figure is None:
        return lines
    return sorted(lines, key=lambda line: -_at_least(figure.of(line.numbers)))


def _at_least(value: float | None) -> float:
    return -1 if value is None else value


def _start(lines: Sequence[Line]) -> int:
    """Behind the station that the address names; at the beginning without one."""
    after = request.args.get("after", "")
    places = (place for place, line in enumerate(lines, 1) if str(line.place.id) == after)
    return next(places, 0)


def _names(session: Session, found: Figures) -> dict[int, str]:
    """What companies are called, by their ids."""
    locale, ids = str(get_locale()), [company for company, _counted in found.companies]
    named = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {0: _("No company")} | {one.id: one.name(locale) for one in named}
