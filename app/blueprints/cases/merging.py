"""Making one case of several, in one act."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.cases import doubles
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.models import LinkState
from app.blueprints.cases.standing import visible_cases
from app.blueprints.cases.transitions import MERGEABLE
from app.blueprints.reports.models import ENDED, Report, State
from app.errors import Conflict, NotFound
from app.lib.database import alone

MOST = 50
"""How many cases are merged in one act at most."""
_S = State
_PROGRESS = (
    (_S.RECEIVED, _S.APPEALED, _S.REJECTED, _S.WITHDRAWN, _S.MERGED),
    (_S.ACCEPTED, _S.RETURNED, _S.REOPENED, _S.WAITING),
    (_S.DISPATCHED,),
    (_S.HANDLING, _S.EXTENSION_ASKED, _S.REWORK),
    (_S.HANDLED,),
    (_S.VERIFIED,),
    (_S.CLOSED,),
)
"""How far along a case is, by its state."""
_RANK = {state: rank for rank, states in enumerate(_PROGRESS) for state in states}


def may_merge(case: Report, into: Report) -> bool:
    """Whether a case may be merged into another, as both stand now."""
    takes_in = into.state not in ENDED or into.state == State.CLOSED
    return case.id != into.id and case.state in MERGEABLE and takes_in


def stays(*cases: Report) -> Report | None:
    """The case that others are best merged into: the one that is furthest along, of equals the
    oldest. None when it cannot take in the others."""
    by_worth = sorted(cases, key=lambda case: (-_RANK[case.state], case.id))
    for into in by_worth:
        if all(may_merge(case, into) for case in cases if case.id != into.id):
            return into
    return None


def merge(
    session: Session, actor: User, ids: Iterable[int], *, into_id: int | None = None,
    versions: Mapping[int, int] | None = None, now: datetime,
) -> tuple[Report, int]:  # fmt: skip
    """Merge cases into one of them, or into `into_id`; answers the one that stays and how many
    went into it. All of it happens, or none.

    `versions` are those of cases as the person saw them. Raises NotFound, Conflict when one has
    moved on or cannot be merged, Forbidden for who is not of the centre.
    """
    # Two merges that go opposite ways would each see the other's case as it was.
    alone(session, "merging")
    wanted = {*ids, into_id} if into_id is not None else set(ids)
    cases = _locked(session, actor, wanted)
    into = _chosen(cases, into_id)
    seen = versions or {}
    others = [case for case in cases if case.id != into.id]
    for case in others:
        details = Details(into_id=into.id, version=seen.get(case.id))
        take_step(session, actor, case, "merge", details, now=now)
        doubles.settle(session, case.id, into.id, LinkState.MERGED, now=now)
    return into, len(others)


def _locked(session: Session, actor: User, ids: set[int]) -> Sequence[Report]:
    """The cases, which nobody moves until this ends, in the order of their ids."""
    chosen = visible_cases(actor).where(Report.id.in_(ids)).order_by(Report.id)
    cases = session.scalars(
        chosen.with_for_update(of=Report).execution_options(populate_existing=True)
    ).all()
    if len(cases) != len(ids):
        raise NotFound
    if len(cases) < 2:
        raise Conflict(_("Choose two cases at least."))
    return cases


def _chosen(cases: Sequence[Report], into_id: int | None) -> Report:
    if into_id is not None:
        return next(case for case in cases if case.id == into_id)
    into = stays(*cases)
    if into is None:
        raise Conflict(_("These cannot be merged as they stand now."))
    return into


def merged_into(session: Session, case: Report) -> Sequence[Report]:
    """The cases that went into this one, oldest first, with their photos."""
    return session.scalars(
        select(Report)
        .where(Report.merged_into_id == case.id)
        .options(selectinload(Report.photos))
        .order_by(Report.id)
        .limit(MOST)
    ).all()
