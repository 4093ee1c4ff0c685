"""Named background jobs, woken after a commit.

A job looks in the database for what is due, so waking one too often does no harm, and a wake-up
that is lost costs only the time until the next sweep.
"""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session

Job = Callable[[], bool]
"""Does a bounded batch; answers whether more is left."""

_jobs: dict[str, Job] = {}
_PENDING = "jobs_to_wake"


def job(name: str) -> Callable[[Job], Job]:
    """Register a function as the job of that name."""

    def register(function: Job) -> Job:
        _jobs[name] = function
        return function

    return register


def names() -> list[str]:
    """All jobs, in the order in which they were registered."""
    return list(_jobs)


def run(name: str) -> bool:
    """Run one batch of a job; answers whether more is left. Raises KeyError if unknown."""
    return _jobs[name]()


def wake(session: Session, name: str) -> None:
    """Wake the job once this session has committed."""
    session.info.setdefault(_PENDING, set()).add(name)


def deliver_wakes(session_class: type[Session] | object, send: Callable[[str], None]) -> None:
    """Call `send(name)` for each job woken by a session, after its commit."""

    @event.listens_for(session_class, "after_commit")
    def on_commit(session: Session) -> None:
        for name in session.info.pop(_PENDING, ()):
            send(name)

    @event.listens_for(session_class, "after_rollback")
    def on_rollback(session: Session) -> None:
        session.info.pop(_PENDING, None)
