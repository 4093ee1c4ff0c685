"""What a rider sees of tasks on plain pages: those to claim, the own claims, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.photos.models import Photo
from app.blueprints.tasks.models import AT_RIDER, Claim, ClaimPhoto, ClaimState, Task, TaskState
from app.blueprints.tasks.who_may import meant_for, standing_of
from app.errors import NotFound

PAGE = 20
MOST_AT_HAND = 3


@dataclass(frozen=True)
class Page:
    """Tasks that are open; `after` is the last of them if there are more."""

    tasks: Sequence[Task]
    after: int | None


def offered(session: Session, rider: User, *, after: int | None, now: datetime) -> Page:
    """Tasks that take riders and that this one has not, those first that end first. `after` is
    the last of the page before."""
    mine = exists().where(
        Claim.task_id == Task.id, Claim.rider_id == rider.id, Claim.state != ClaimState.RELEASED
    )
    wanted = select(Task).where(
        Task.state == TaskState.OPEN, Task.ends_at > now, ~mine,
        meant_for(standing_of(session, rider).companies),
    )  # fmt: skip
    last = session.scalar(select(Task.ends_at).where(Task.id == after)) if after else None
    if last is not None:
        wanted = wanted.where(tuple_(Task.ends_at, Task.id) > (last, after))
    wanted = wanted.options(joinedload(Task.area)).order_by(Task.ends_at, Task.id)
    found = session.scalars(wanted.limit(PAGE + 1)).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def own_task(session: Session, rider: User, task_id: int) -> tuple[Task, Claim | None]:
    """A task that the rider may see, and the own claim of it. Raises NotFound."""
    claim = session.scalar(
        select(Claim)
        .where(Claim.task_id == task_id, Claim.rider_id == rider.id)
        .options(selectinload(Claim.photos), selectinload(Claim.answers))
    )
    wanted = select(Task).where(Task.id == task_id, Task.state != TaskState.DRAFT)
    if claim is None:  # who has a claim sees its task whatever became of it
        wanted = wanted.where(meant_for(standing_of(session, rider).companies))
    task = session.scalar(wanted.options(joinedload(Task.area)))
    if task is None:
        raise NotFound
    return task, claim


def to_do(session: Session, rider: User, *, now: datetime) -> Sequence[Claim]:
    """What a rider has claimed and is still to do, the earliest due first: a few at most."""
    wanted = (
        select(Claim)
        .where(Claim.rider_id == rider.id, Claim.state.in_(AT_RIDER), Claim.due_at > now)
        .options(joinedload(Claim.task))
        .order_by(Claim.due_at, Claim.id)
        .limit(MOST_AT_HAND)
    )
    return session.scalars(wanted).all()


def own_claim(session: Session, rider: User, claim_id: int) -> Claim:
    """A rider's own claim. Raises NotFound."""
    found = session.scalar(select(Claim).where(Claim.id == claim_id, Claim.rider_id == rider.id))
    if found is None:
        raise NotFound
    return found


def own_photo(session: Session, rider: User, claim_id: int, attempt: int, position: int) -> Photo:
    """A photo that the rider handed in, re-encoded. Raises NotFound."""
    found = session.scalar(
        select(Photo)
        .join(ClaimPhoto, ClaimPhoto.sha256 == Photo.sha256)
        .join(Claim, Claim.id == ClaimPhoto.claim_id)
        .where(
            Claim.id == claim_id, Claim.rider_id == rider.id, ClaimPhoto.attempt == attempt,
            ClaimPhoto.position == position, Photo.work_state == "done",
        )
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found
