"""Reading tasks and claims for the desk. Who may see which is part of the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.photos.models import Photo
from app.blueprints.tasks.models import (
    IS_WAITING,
    Claim,
    ClaimEvent,
    ClaimPhoto,
    ClaimState,
    Task,
    TaskEvent,
    TaskSeries,
    TaskState,
)
from app.blueprints.tasks.publishers import run_by, series_run_by, waits_for
from app.errors import NotFound

PAGE = 20
MOST_EVENTS = 100
MOST_COUNTED = 100
"""What waits is counted so far."""
SHOWN: dict[str, tuple[TaskState, ...]] = {
    "open": (TaskState.OPEN,),
    "draft": (TaskState.DRAFT,),
    "closed": (TaskState.CLOSED, TaskState.CANCELLED),
}
WAITING: dict[str, ClaimState] = {"check": ClaimState.HANDED_IN, "appeals": ClaimState.APPEALED}
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows; `after` is the id with which the next page begins."""

    items: Sequence[Row]
    after: int | None


def run_task(session: Session, actor: User, task_id: int) -> Task:
    """A task that the actor works at. Raises NotFound."""
    wanted = select(Task).where(Task.id == task_id, run_by(actor))
    found = session.scalar(wanted.options(joinedload(Task.area), joinedload(Task.author)))
    if found is None:
        raise NotFound
    return found


def desk_tasks(
    session: Session, actor: User, shown: str, *, after: int | None = None
) -> Page[Task]:
    """Tasks of the actor's organisations in some states, the newest first."""
    wanted = select(Task).where(run_by(actor), Task.state.in_(SHOWN[shown]))
    if after is not None:
        wanted = wanted.where(Task.id < after)
    wanted = wanted.options(joinedload(Task.area)).order_by(Task.id.desc()).limit(PAGE + 1)
    return _cut(session.scalars(wanted).all())


def waiting_counts(session: Session, actor: User) -> dict[str, int]:
    """How many claims wait to be checked, and how many appeals; at most a hundred are counted."""
    return {part: _count_waiting(session, actor, state) for part, state in WAITING.items()}


def _count_waiting(session: Session, actor: User, state: ClaimState) -> int:
    some = _waiting(actor, state).with_only_columns(Claim.id).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _waiting(actor: User, state: ClaimState) -> Select[Claim]:
    """Claims that wait for the actor: none of the own, no appeal against the own refusal."""
    theirs = (waits_for(actor), IS_WAITING, Claim.state == state, Claim.rider_id != actor.id)
    wanted = select(Claim).join(Claim.task).where(*theirs)
    if state == ClaimState.APPEALED:
        wanted = wanted.where(or_(Claim.checker_id.is_(None), Claim.checker_id != actor.id))
    return wanted


def waiting(session: Session, actor: User, part: str, *, after: int | None = None) -> Page[Claim]:
    """What waits for the actor, the oldest first."""
    wanted = _waiting(actor, WAITING[part])
    if after is not None:
        last = session.scalar(select(Claim.moved_at).where(Claim.id == after))
        if last is None:
            raise NotFound
        later = or_(Claim.moved_at > last, and_(Claim.moved_at == last, Claim.id > after))
        wanted = wanted.where(later)
    wanted = wanted.options(contains_eager(Claim.task), joinedload(Claim.rider))
    return _cut(session.scalars(wanted.order_by(Claim.moved_at, Claim.id).limit(PAGE + 1)).all())


def next_waiting(session: Session, actor: User, part: str) -> int | None:
    """The id of the claim that waits longest for the actor."""
    wanted = _waiting(actor, WAITING[part]).with_only_columns(Claim.id)
    return session.scalar(wanted.order_by(Claim.moved_at, Claim.id).limit(1))


def run_claim(session: Session, actor: User, claim_id: int) -> Claim:
    """A claim of a task that the actor works at, with all that was handed in. Raises NotFound."""
    wanted = (
        select(Claim)
        .join(Claim.task)
        .where(Claim.id == claim_id, run_by(actor))
        .options(
            contains_eager(Claim.task), joinedload(Claim.rider), joinedload(Claim.checker),
            selectinload(Claim.photos), selectinload(Claim.answers),
        )
    )  # fmt: skip
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def claims_of(session: Session, task_id: int, *, after: int | None = None) -> Page[Claim]:
    """The claims of a task, the newest first. The caller knows that the actor works at it."""
    wanted = select(Claim).where(Claim.task_id == task_id).options(joinedload(Claim.rider))
    if after is not None:
        wanted = wanted.where(Claim.id < after)
    return _cut(session.scalars(wanted.order_by(Claim.id.desc()).limit(PAGE + 1)).all())


def claim_events(session: Session, claim_id: int) -> Sequence[ClaimEvent]:
    """What happened to a claim, in order."""
    wanted = select(ClaimEvent).where(ClaimEvent.claim_id == claim_id)
    wanted = wanted.options(joinedload(ClaimEvent.actor)).order_by(ClaimEvent.id)
    return session.scalars(wanted.limit(MOST_EVENTS)).all()


def task_events(session: Session, task_id: int) -> Sequence[TaskEvent]:
    """What happened to a task, the newest first."""
    wanted = select(TaskEvent).where(TaskEvent.task_id == task_id)
    wanted = wanted.options(joinedload(TaskEvent.actor)).order_by(TaskEvent.id.desc())
    return session.scalars(wanted.limit(MOST_EVENTS)).all()


def claim_photo(session: Session, actor: User, claim_id: int, attempt: int, position: int) -> Photo:
    """A photo of a claim, for who checks it. Raises NotFound."""
    wanted = (
        select(Photo)
        .join(ClaimPhoto, ClaimPhoto.sha256 == Photo.sha256)
        .join(Claim, Claim.id == ClaimPhoto.claim_id)
        .join(Task, Task.id == Claim.task_id)
        .where(
            ClaimPhoto.claim_id == claim_id, ClaimPhoto.attempt == attempt,
            ClaimPhoto.position == position, run_by(actor),
        )
    )  # fmt: skip
    photo = session.scalar(wanted)
    if photo is None or photo.work_state != "done":
        raise NotFound
    return photo


def series_of(session: Session, actor: User, *, after: int | None = None) -> Page[TaskSeries]:
    """Series of the actor's organisations that still make tasks, the newest first."""
    wanted = select(TaskSeries).where(series_run_by(actor), TaskSeries.ended_at.is_(None))
    if after is not None:
        wanted = wanted.where(TaskSeries.id < after)
    return _cut(session.scalars(wanted.order_by(TaskSeries.id.desc()).limit(PAGE + 1)).all())


def _cut(found: Sequence[Row]) -> Page[Row]:
    last: object = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], getattr(last, "id", None))
