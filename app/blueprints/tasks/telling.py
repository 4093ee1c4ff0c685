"""Whom the steps of tasks are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.notifications.services import Notice, notify, notify_all
from app.blueprints.tasks.models import Claim, Task
from app.blueprints.tasks.publishers import people_of

RIDERS_URL, DESK_URL = "/tasks#t={}", "/tasks/desk/{}"


def names_of(task: Task) -> dict[str, str]:
    """A task's title, as notifications carry it."""
    return {"zh": task.title_zh, "en": task.title_en or task.title_zh}


def notice_of(claim: Claim, kind: str, reason: str = "") -> Notice:
    """What the rider of a claim is told."""
    data = {"task": names_of(claim.task), "reason": reason}
    return Notice(claim.rider_id, kind, data, RIDERS_URL.format(claim.task_id))


def tell_rider(
    session: Session, claim: Claim, kind: str, *, now: datetime, reason: str = ""
) -> None:
    """Tell the rider of a claim."""
    notify_all(session, [notice_of(claim, kind, reason)], now=now)


def tell_publisher(session: Session, claim: Claim, kind: str, *, now: datetime) -> None:
    """Tell those who check a task, but for the rider if one of them."""
    people = people_of(session, claim.task.organisation_id) - {claim.rider_id}
    _tell(session, people, claim.task, kind, now)


def tell_author(session: Session, task: Task, kind: str, *, now: datetime) -> None:
    """Tell who wrote a task, or where nobody is known all who check it."""
    people = {task.author_id} if task.author_id else people_of(session, task.organisation_id)
    _tell(session, people, task, kind, now)


def _tell(session: Session, people: set[int], task: Task, kind: str, now: datetime) -> None:
    url = DESK_URL.format(task.id)
    notify(session, people, kind=kind, data={"task": names_of(task)}, url=url, now=now)
