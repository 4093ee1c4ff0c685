"""Cases as rows of a file: of exactly what the filter shows, in the order of the list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.cases import paging
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.queues import Sight
from app.blueprints.cases.standing import visible_cases
from app.blueprints.cases.words import state_word
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import Report
from app.lib.tables import Cell, cut, moment

MOST_ROWS = 50_000
CHUNK = 500
WIDTHS = (14, 14, 10, 22, 30, 40, 16, 22, 18, 11, 11, *(20,) * 6, *(12,) * 8)
NAMED = (Kind.STREET, Kind.GRID, Kind.DEPARTMENT)


@dataclass(frozen=True)
class Wanted:
    """What an export is of. `reporters`: with who reported, for the centre alone."""

    filter: CaseFilter
    sight: Sight
    locale: str
    reporters: bool = False


def lines(session: Session, actor: User, wanted: Wanted) -> Iterator[Sequence[Cell]]:
    """The head, the rows, and a word when not all of them fitted."""
    yield [*heads(), *(_reporter_heads() if wanted.reporters else ())]
    names = _names(session, wanted.locale)
    rows = (
        [*cells(case, names, wanted), *(_reporter_cells(case) if wanted.reporters else ())]
        for case in found(session, actor, wanted)
    )
    word = _("Cut after %(count)s rows. Narrow the filter.", count=MOST_ROWS)
    yield from cut(rows, MOST_ROWS, word)


def found(session: Session, actor: User, wanted: Wanted) -> Iterator[Report]:
    """The cases of the filter, page after page: one statement for each five hundred."""
    cases = wanted.filter.apply(visible_cases(actor), wanted.sight)
    if wanted.reporters:
        cases = cases.options(joinedload(Report.reporter))
    sort, leads, after = wanted.filter.sort, wanted.filter.leads, None
    while True:
        page = paging.page(session, cases, sort, after=after, limit=CHUNK, leads=leads)
        yield from page.cases
        after = page.after
        if after is None:
            return


def heads() -> list[str]:
    """The names of the columns, in the person's language."""
    return [
        _("Case number"), _("State"), _("Category code"), _("Category"), _("Place"),
        _("Description"), _("Street"), _("Grid"), _("Department"), _("Latitude"), _("Longitude"),
        _("Received at"), _("Filed at"), _("Dispatched at"), _("Handled at"), _("Closed at"),
        _("Deadline"), _("Overdue"), _("On time"), _("Returns"), _("Reworks"), _("Reopenings"),
        _("Supervised"), _("Satisfied"), _("Merged into"),
    ]  # fmt: skip


def cells(case: Report, names: Mapping[int, str], wanted: Wanted) -> list[Cell]:
    """One case as a row, in the order of `heads`."""
    return [
        case.number,
        state_word(case.state),
        case.category_code,
        case.category.name(wanted.locale),
        case.place,
        case.description,
        *(names.get(one or 0, "") for one in (case.street_id, case.grid_id, case.department_id)),
        *("" if one is None else one for one in (case.latitude, case.longitude)),
        *_moments(case),
        *_judged(case, wanted.sight.now),
        case.merged_into_id or "",
    ]


def _moments(case: Report) -> Iterator[str]:
    steps = (case.received_at, case.filed_at, case.dispatched_at, case.handled_at, case.closed_at)
    yield from (moment(at) for at in (*steps, case.due_at))


def _judged(case: Report, now: datetime) -> Iterator[Cell]:
    yield _yes(case.due_at is not None and case.due_at <= now)
    yield _yes(None if case.late is None else not case.late)
    yield from (case.returns, case.reworks, case.reopenings)
    yield _yes(case.supervised_at is not None)
    yield _yes(case.satisfied)


def _yes(said: bool | None) -> str:
    return "" if said is None else _("Yes") if said else _("No")


def _reporter_heads() -> list[str]:
    return [_("Reporter"), _("Mobile number")]


def _reporter_cells(case: Report) -> list[str]:
    return [case.reporter.name, case.reporter.phone or ""]


def _names(session: Session, locale: str) -> dict[int, str]:
    """The names of streets, grids and departments, by their ids."""
    named = session.scalars(select(Organisation).where(Organisation.kind.in_(NAMED)))
    return {one.id: one.name(locale) for one in named}
