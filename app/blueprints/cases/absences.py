"""Departments that are away for a while, and who takes their cases meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import note_look
from app.blueprints.cases.models import DepartmentAbsence
from app.blueprints.organisations.models import INTAKE, Kind, Organisation
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib.database import alone

LONGEST_CHAIN = 5
"""So many substitutes one after the other are followed; past that nobody is there."""
LONGEST = timedelta(days=366)
ENDED_SHOWN = 20
_WITH_NAMES = select(DepartmentAbsence).options(
    joinedload(DepartmentAbsence.department), joinedload(DepartmentAbsence.substitute)
)


@dataclass(frozen=True)
class Substitution:
    """Who takes the cases of a department that is away. `nobody`: its substitutes are away too,
    or each other's, so that `by` is the department itself."""

    away: Organisation
    by: Organisation
    nobody: bool = False

    @property
    def words(self) -> str:
        """The reason in words, in the person's language."""
        locale = str(get_locale() or "zh_Hans")
        away = self.away.name(locale)
        if self.nobody:
            said = _("%(department)s is away, and so are its substitutes", department=away)
        else:
            said = _(
                "%(department)s is away, %(substitute)s stands in",
                department=away, substitute=self.by.name(locale),
            )  # fmt: skip
        return str(said)


@dataclass(frozen=True)
class AbsenceDraft:
    """An absence as it is entered: from `since` until before `until`."""

    department_id: int
    substitute_id: int
    since: datetime
    until: datetime
    reason: str


def substitute(session: Session, department: Organisation, now: datetime) -> Substitution | None:
    """Who takes a department's cases at a moment; None when it is there itself."""
    present = (DepartmentAbsence.since <= now, DepartmentAbsence.until > now)
    found = session.scalars(_WITH_NAMES.where(*present).order_by(DepartmentAbsence.id))
    away = {one.department_id: one.substitute for one in found}
    if department.id not in away:
        return None
    by = _follow(away, department.id)
    return Substitution(department, by or department, nobody=by is None)


def _follow(away: Mapping[int, Organisation], department_id: int) -> Organisation | None:
    """The first substitute in the chain who is there."""
    for _hop in range(LONGEST_CHAIN):
        one = away[department_id]
        if one.id not in away:
            return one
        department_id = one.id
    return None


def make_absence(
    session: Session, actor: User, draft: AbsenceDraft, *, now: datetime
) -> DepartmentAbsence:
    """Write down that a department is away. Raises Forbidden for anybody but the centre, Invalid
    at `department_id`, `substitute_id` and `until`."""
    if not actor.has_role(*INTAKE):
        raise Forbidden
    alone(session, "absences")
    if wrong := _wrong(session, draft, now):
        raise Invalid(wrong)
    absence = DepartmentAbsence(
        department_id=draft.department_id,
        substitute_id=draft.substitute_id,
        since=draft.since,
        until=draft.until,
        reason=draft.reason,
        created_by_id=actor.id,
    )
    session.add(absence)
    session.flush()
    said = Substitution(absence.department, absence.substitute).words
    _note(session, actor, absence, said, now)
    return absence


def _wrong(session: Session, draft: AbsenceDraft, now: datetime) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    ids = (draft.department_id, draft.substitute_id)
    known = set(
        session.scalars(
            select(Organisation.id).where(
                Organisation.id.in_(ids), Organisation.kind == Kind.DEPARTMENT
            )
        )
    )
    for name, value in zip(("department_id", "substitute_id"), ids, strict=True):
        if value not in known:
            wrong[name] = [_("There is no such department.")]
    if draft.department_id == draft.substitute_id:
        wrong["substitute_id"] = [_("Choose another department than the one that is away.")]
    if draft.until <= max(draft.since, now):
        wrong["until"] = [_("The end must be later than the beginning and than now.")]
    elif draft.until - draft.since > LONGEST:
        wrong["until"] = [_("A year at most.")]
    elif _overlapping(session, draft):
        wrong["department_id"] = [_("It is away in that time already; end that absence first.")]
    return wrong


def _overlapping(session: Session, draft: AbsenceDraft) -> bool:
    same = select(DepartmentAbsence.id).where(
        DepartmentAbsence.department_id == draft.department_id,
        DepartmentAbsence.since < draft.until,
        DepartmentAbsence.until > draft.since,
    )
    return session.scalar(same.limit(1)) is not None


def end_absence(
    session: Session, actor: User, absence_id: int, *, now: datetime
) -> DepartmentAbsence:
    """The department is back: the absence ends now. Raises Forbidden, NotFound, and Conflict when
    it is over."""
    if not actor.has_role(*INTAKE):
        raise Forbidden
    absence = session.get(DepartmentAbsence, absence_id, with_for_update=True)
    if absence is None:
        raise NotFound
    if absence.until <= now:
        raise Conflict(_("That absence is over already."))
    absence.since, absence.until = min(absence.since, now), now
    session.flush()
    _note(session, actor, absence, _("back"), now)
    return absence


def _note(
    session: Session, actor: User, absence: DepartmentAbsence, said: str, now: datetime
) -> None:
    note_look(
        session, actor, subject=f"{Kind.DEPARTMENT}:{absence.department_id}", what="absence",
        reason=f"{said} · {absence.reason}", now=now,
    )  # fmt: skip


@dataclass(frozen=True)
class Absences:
    """Those that last or come, by their beginning, and the ones that ended last."""

    present: Sequence[DepartmentAbsence]
    ended: Sequence[DepartmentAbsence]


def all_absences(session: Session, actor: User, now: datetime) -> Absences:
    """What the centre sees of absences. Raises Forbidden for anybody else."""
    if not actor.has_role(*INTAKE):
        raise Forbidden
    present = _WITH_NAMES.where(DepartmentAbsence.until > now).order_by(
        DepartmentAbsence.since, DepartmentAbsence.id
    )
    ended = _WITH_NAMES.where(DepartmentAbsence.until <= now).order_by(
        DepartmentAbsence.until.desc(), DepartmentAbsence.id.desc()
    )
    return Absences(session.scalars(present).all(), session.scalars(ended.limit(ENDED_SHOWN)).all())
