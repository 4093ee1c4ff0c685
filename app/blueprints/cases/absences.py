"""Departments that are away for a while, and who takes their cases meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.cases.models import DepartmentAbsence
from app.blueprints.organisations.models import Organisation

LONGEST_CHAIN = 5
"""So many substitutes one after the other are followed; past that nobody is there."""


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


def substitute(session: Session, department: Organisation, now: datetime) -> Substitution | None:
    """Who takes a department's cases at a moment; None when it is there itself."""
    away = {one.department_id: one.substitute for one in _present(session, now)}
    if department.id not in away:
        return None
    found = _follow(away, department.id)
    return Substitution(department, found or department, nobody=found is None)


def _follow(away: Mapping[int, Organisation], department_id: int) -> Organisation | None:
    """The first substitute in the chain who is there."""
    for _hop in range(LONGEST_CHAIN):
        one = away[department_id]
        if one.id not in away:
            return one
        department_id = one.id
    return None


def _present(session: Session, now: datetime) -> list[DepartmentAbsence]:
    """The absences of a moment, the one entered last at the end."""
    found = (
        select(DepartmentAbsence)
        .where(DepartmentAbsence.since <= now, DepartmentAbsence.until > now)
        .options(joinedload(DepartmentAbsence.substitute))
        .order_by(DepartmentAbsence.id)
    )
    return list(session.scalars(found))
