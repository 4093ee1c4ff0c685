"""What the filter of the desk lets choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.finding import departments
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import Category
from app.blueprints.reports.queries import categories


@dataclass(frozen=True)
class Choices:
    """Categories in groups, departments, streets, and the grids of the street that is chosen."""

    categories: Sequence[Category]
    departments: Sequence[Organisation]
    streets: Sequence[Organisation]
    grids: Sequence[Organisation]

    def groups(self, locale: str) -> dict[str, str]:
        """The names of groups by the two digits that their categories begin with."""
        return {one.code[:2]: one.group(locale) for one in self.categories}


def choices(session: Session, *, street_id: int | None) -> Choices:
    """All that can be chosen; four statements at most."""
    streets = session.scalars(
        select(Organisation).where(Organisation.kind == Kind.STREET).order_by(Organisation.id)
    ).all()
    street = next((one for one in streets if one.id == street_id), None)
    return Choices(
        categories=categories(session),
        departments=departments(session),
        streets=streets,
        grids=grids_below(session, street) if street else (),
    )


def grids_below(session: Session, area: Organisation) -> Sequence[Organisation]:
    """The grids of a street or another area, in the order of the tree."""
    below = Organisation.path.startswith(area.path, autoescape=True)
    found = select(Organisation).where(Organisation.kind == Kind.GRID, below)
    return session.scalars(found.order_by(Organisation.path)).all()
