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
_followers: dict[str, list[str]] = {}
_PENDING = "jobs_to_wake"


def job(name: str, *, after: str | None = None) -> Callable[[Job], Job]:
    """Register a function as the job of that name; it is run too when the job `after`, of a
    feature below, has done its work."""

    def register(function: Job) -> Job:
        _jobs[name] = function
        if after is not None and name not in _followers.setdefault(after, []):
            _followers[after].append(name)
        return function

    return register


def names() -> list[str]:
    """All jobs, in the order in which they were registered."""
    return list(_jobs)


def followers(name: str) -> list[str]:
    """The jobs that are run when this one has done its work."""
    return list(_followers.get(name, ()))


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
