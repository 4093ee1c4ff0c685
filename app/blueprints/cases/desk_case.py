"""What the desk shows of one case, put together from queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.cases import doubles, flags, merging, routing
from app.blueprints.cases.doubles import Proposed
from app.blueprints.cases.models import CaseFlag, CasePart
from app.blueprints.cases.offers import Offers, Typed, offers
from app.blueprints.cases.routing import Proposal
from app.blueprints.cases.standing import visible_cases, who_is
from app.blueprints.cases.timeline import LOADS, Entry, Picture, steps_for_desk
from app.blueprints.cases.transitions import Who
from app.blueprints.organisations.finding import departments
from app.blueprints.organisations.models import Organisation
from app.blueprints.reports.models import Report, State
from app.errors import NotFound

AFTER = (State.HANDLED, State.VERIFIED, State.CLOSED, State.REOPENED, State.REWORK)
"""In these states the last proof is shown beside what was reported."""


@dataclass(frozen=True)
class CaseView:
    """A case as the desk shows it. What is for the centre alone is empty for anybody else."""

    case: Report
    who: frozenset[Who]
    offers: Offers
    entries: Sequence[Entry]
    after: Sequence[Picture]
    """The photos of the last proof, in the states in which they show how it is now."""
    parts: Sequence[CasePart]
    departments: Sequence[Organisation]
    proposal: Proposal | None
    flags: Sequence[CaseFlag]
    proposals: Sequence[Proposed]
    merged: Sequence[Report]
    main_case: Report | None

    @property
    def of_centre(self) -> bool:
        """Whether it is shown to somebody of the centre."""
        return Who.CENTRE in self.who

    @property
    def last(self) -> Entry | None:
        """What happened last."""
        return self.entries[-1] if self.entries else None


def desk_case(session: Session, actor: User, case_id: int) -> Report:
    """A case that the actor may see, with what its page shows. Raises NotFound."""
    found = session.scalar(
        visible_cases(actor)
        .where(Report.id == case_id)
        .options(
            *LOADS,
            joinedload(Report.department), joinedload(Report.grid), joinedload(Report.street),
        )
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


def case_view(
    session: Session, actor: User, case_id: int, *, locale: str, now: datetime,
    typed: Typed | None = None,
) -> CaseView:  # fmt: skip
    """The page of a case. Raises NotFound."""
    case = desk_case(session, actor, case_id)
    who = who_is(session, actor, case)
    parts = _parts(session, case)
    offered = offers(session, actor, case, who, parts, locale=locale, typed=typed)
    entries = steps_for_desk(session, case, who)
    of_centre = Who.CENTRE in who
    return CaseView(
        case=case, who=who, offers=offered, entries=entries, after=_after(case, entries),
        parts=parts,
        departments=departments(session) if of_centre else (),
        proposal=_proposal(session, case, now) if of_centre else None,
        flags=flags.of(session, case) if of_centre else (),
        proposals=doubles.proposals(session, case) if of_centre else (),
        merged=merging.merged_into(session, case) if of_centre else (),
        main_case=session.get(Report, case.merged_into_id) if case.merged_into_id else None,
    )  # fmt: skip


def _parts(session: Session, case: Report) -> Sequence[CasePart]:
    found = select(CasePart).where(CasePart.report_id == case.id).order_by(CasePart.department_id)
    return session.scalars(found).all()


def _proposal(session: Session, case: Report, now: datetime) -> Proposal | None:
    """To which department it would go; asked only while one is to be chosen."""
    if case.department_id is not None or case.state in (State.MERGED, State.CLOSED):
        return None
    return routing.propose(session, case.category_code, case.grid, now)


def _after(case: Report, entries: Sequence[Entry]) -> Sequence[Picture]:
    if case.state not in AFTER:
        return ()
    proofs = [entry for entry in entries if entry.step in ("finish", "verify", "fail")]
    return next((entry.pictures for entry in reversed(proofs) if entry.pictures), ())
