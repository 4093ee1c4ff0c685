"""The page of the appraisal, and its file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import actor, role_required
from app.blueprints.cases.appraisal import GROUPINGS, Asked, Line, appraise
from app.blueprints.cases.appraisal_words import FIGURES, GROUPING_WORDS, Figure, most
from app.blueprints.cases.standing import homes
from app.blueprints.organisations.models import HANDLING, INTAKE, Kind, Organisation
from app.blueprints.reports.models import Category
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.periods import read_period
from app.lib.tables import FORMATS, Cell, table_file

bp = Blueprint("appraisal", __name__, url_prefix="/appraisal")
APPRAISES = (*INTAKE, *HANDLING)
_KINDS = {"department": Kind.DEPARTMENT, "street": Kind.STREET, "grid": Kind.GRID}


@dataclass(frozen=True)
class Page:
    """What is shown: the lines in order, the one of all, and the names of groups."""

    asked: Asked
    lines: Sequence[Line]
    total: Line
    names: Mapping[str, str]
    sort: str

    def name(self, line: Line) -> str:
        """What a group is called."""
        return self.names.get(line.key, line.key) or _("None")

    def args(self, **others: str) -> dict[str, str]:
        """The page as parts of an address."""
        period = self.asked.period
        return {"by": self.asked.by, "sort": self.sort} | period.args() | others


@bp.get("")
@role_required(*APPRAISES)
def page() -> str:
    """The figures of a period, by groups."""
    return render_template(
        "appraisal/page.html", page=_page(db.session()), figures=FIGURES, most=most,
        groupings=GROUPING_WORDS,
    )  # fmt: skip


@bp.post("/export")
@limiter.limit("20 per minute")
@role_required(*APPRAISES)
def export() -> ResponseReturnValue:
    """The same as a file."""
    kind = request.form.get("kind", "")
    if kind not in FORMATS:
        raise Invalid({"kind": [_("Choose a kind of file.")]})
    shown = _page(db.session())
    out = table_file(kind, _lines(shown), (24, *(12,) * len(FIGURES)))
    period = shown.asked.period
    name = f"appraisal-{shown.asked.by}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{kind}"
    return send_file(out, FORMATS[kind].media_type, as_attachment=True, download_name=name)


def _lines(shown: Page) -> Iterator[Sequence[Cell]]:
    yield [str(GROUPING_WORDS[shown.asked.by]), *(_head(figure) for figure in FIGURES)]
    for line in shown.lines:
        yield [shown.name(line), *(figure.cell(line) for figure in FIGURES)]
    yield [_("In all"), *(figure.cell(shown.total) for figure in FIGURES)]


def _head(figure: Figure) -> str:
    return f"{figure.words} (%)" if figure.unit == "share" else str(figure.words)


def _page(session: Session) -> Page:
    asked = _asked()
    found = appraise(session, asked)
    *lines, total = found or [Line("")]
    sort = request.args.get("sort", "")
    return Page(asked, _sorted(lines, sort), total, _names(session, asked.by), sort)


def _sorted(lines: Sequence[Line], sort: str) -> list[Line]:
    """By a figure, the greatest first, those without it last; else as they come."""
    figure = next((one for one in FIGURES if one.name == sort), None)
    if figure is None:
        return list(lines)
    return sorted(lines, key=lambda line: _at_least(figure.of(line)), reverse=True)


def _at_least(value: float | None) -> float:
    return -1 if value is None else value


def _asked() -> Asked:
    """What the address asks for; what makes no sense there is left out."""
    now, person = clock.now(), actor()
    by = request.args.get("by", "")
    departments = None
    if not person.has_role(*INTAKE):
        departments = [home.id for home in homes(person, *HANDLING)]
    by = by if by in GROUPINGS else "department"
    return Asked(read_period(request.args, clock.to_local(now).date()), by, departments, now)


def _names(session: Session, by: str) -> dict[str, str]:
    locale = str(get_locale())
    if by in _KINDS:
        named = session.scalars(select(Organisation).where(Organisation.kind == _KINDS[by]))
        return {str(one.id): one.name(locale) for one in named}
    if by in ("category", "group"):
        categories = session.scalars(select(Category)).all()
        if by == "group":
            return {one.code[:2]: one.group(locale) for one in categories}
        return {one.code: one.name(locale) for one in categories}
    return {}
