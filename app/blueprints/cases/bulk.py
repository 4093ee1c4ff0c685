"""One step for many cases at once, each judged by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases import meanwhile, routing
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.standing import visible_cases
from app.blueprints.reports.models import Report
from app.errors import Conflict, DomainError, Invalid, NotFound

MOST = 100
ACTS = ("accept", "dispatch", "reject", "close", "note")
Act = Callable[[Session, User, Report, Details, datetime], object]


@dataclass(frozen=True)
class Marked:
    """A case that is marked, as the person saw it."""

    case_id: int
    version: int | None


@dataclass(frozen=True)
class Outcome:
    """What came of one case. `why` is empty when the step was taken."""

    case_id: int
    number: str
    why: str = ""


def take_all(
    session: Session, actor: User, marked: Sequence[Marked], step: str, details: Details, *,
    now: datetime,
) -> list[Outcome]:  # fmt: skip
    """Take a step of each case, in their order; what is refused leaves no trace of its own, and
    does not keep the others back. Raises Invalid for none, more than a hundred or a step that is
    not taken of many."""
    if not 1 <= len(marked) <= MOST:
        raise Invalid({"case": [_("Mark 1 to %(most)s cases.", most=MOST)]})
    if step not in ACTS:
        raise Invalid({"act": [_("Choose what to do.")]})
    cases = _cases(session, actor, [one.case_id for one in marked])
    return [
        _take(session, actor, cases.get(one.case_id), one, step, details, now) for one in marked
    ]


def _cases(session: Session, actor: User, ids: Sequence[int]) -> Mapping[int, Report]:
    """The cases that the actor may see, nobody else's hand on them until this ends."""
    seen = visible_cases(actor).where(Report.id.in_(ids)).order_by(Report.id)
    return {one.id: one for one in session.scalars(seen.with_for_update(of=Report))}


def _take(
    session: Session, actor: User, case: Report | None, marked: Marked, step: str,
    details: Details, now: datetime,
) -> Outcome:  # fmt: skip
    if case is None:
        return Outcome(marked.case_id, str(marked.case_id), str(NotFound.message))
    number = case.number
    if marked.version is not None and marked.version != case.version:
        return Outcome(case.id, number, str(meanwhile.moved_on(session, actor, case).message))
    try:
        with session.begin_nested():
            _ACTS.get(step, _plainly(step))(
                session, actor, case, replace(details, version=marked.version), now
            )
    except DomainError as error:
        return Outcome(marked.case_id, number, _why(error))
    return Outcome(case.id, number)


def _plainly(step: str) -> Act:
    def act(session: Session, actor: User, case: Report, details: Details, now: datetime) -> object:
        return take_step(session, actor, case, step, details, now=now)

    return act


_ACTS: Mapping[str, Act] = {"accept": routing.accept_and_route}


def _why(error: DomainError) -> str:
    if isinstance(error, Invalid):
        return " ".join(text for texts in error.errors.values() for text in texts)
    if isinstance(error, Conflict) and error.message is Conflict.message:
        return str(_("As the case stands now, that step is not possible."))
    return str(error.message)
