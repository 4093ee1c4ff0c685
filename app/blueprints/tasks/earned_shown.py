"""The tasks that points are for, as a statement shows them: by title, with a link."""

from collections.abc import Collection, Mapping

from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points.sources import Shown, shows
from app.blueprints.tasks.models import Claim, Task


@shows("task")
def tasks_shown(session: Session, ids: Collection[int]) -> Mapping[int, Shown]:
    """Tasks by the ids of the claims that earned."""
    locale = str(get_locale())
    found = session.execute(
        select(Claim.id, Task).join(Task, Task.id == Claim.task_id).where(Claim.id.in_(ids))
    )
    return {row[0]: Shown(row[1].title(locale), f"/tasks#t={row[1].id}") for row in found}
