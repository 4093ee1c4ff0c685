"""Tasks that come again: a series makes the next day's task, once a day."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.tasks import telling
from app.blueprints.tasks.entering import wrong_with
from app.blueprints.tasks.models import Task, TaskSeries
from app.blueprints.tasks.publishers import series_run_by
from app.blueprints.tasks.services import for_own_riders, open_draft, write_draft
from app.blueprints.tasks.terms import TaskDraft
from app.errors import Invalid, NotFound
from app.lib.clock import LOCAL, to_local

BATCH = 50
AHEAD_DAYS = 1
"""Tasks are made so many days before theirs."""
LEAST_MINUTES, MOST_MINUTES = 30, 1440
LONGEST_DAYS = 366
EVERY_DAY = tuple(range(7))


def begin(
    session: Session, actor: User, draft: TaskDraft, *,
    weekdays: tuple[int, ...], until: date, now: datetime,
) -> TaskSeries:  # fmt: skip
    """Let a task come again on these weekdays (0 Monday to 6 Sunday), from the day of the draft,
    at its hours. Raises Invalid as `make` does, and at `weekdays`, `until` and `ends_at`."""
    draft = for_own_riders(session, draft)
    wrong = wrong_with(session, actor, draft, now=now)
    wrong |= _wrong_days(draft, weekdays, until, to_local(now).date())
    if wrong:
        raise Invalid(wrong)
    first = to_local(draft.starts_at)
    series = TaskSeries(
        organisation_id=draft.organisation_id, author_id=actor.id, terms=draft.stored(),
        weekdays=sorted(set(weekdays)), minute=first.hour * 60 + first.minute,
        minutes=_minutes(draft), next_day=first.date(), until=until, created_at=now,
    )  # fmt: skip
    session.add(series)
    session.flush()
    make_due(session, series, now=now)
    return series


def _minutes(draft: TaskDraft) -> int:
    return int((draft.ends_at - draft.starts_at).total_seconds() // 60)


def _wrong_days(
    draft: TaskDraft, weekdays: tuple[int, ...], until: date, today: date
) -> dict[str, list[str]]:
    wrong = {}
    first = to_local(draft.starts_at).date()
    if not weekdays or not set(weekdays) <= set(EVERY_DAY):
        wrong["weekdays"] = [_("Choose at least one day of the week.")]
    if not first <= until <= first + timedelta(days=LONGEST_DAYS):
        wrong["until"] = [_("The last day is within a year of the first.")]
    elif not wrong and not _days(weekdays, max(first, today), until):
        wrong["weekdays"] = [_("None of these days lies before the series ends.")]
    if not LEAST_MINUTES <= _minutes(draft) <= MOST_MINUTES:
        wrong["ends_at"] = [_("What comes again lasts half an hour to a day.")]
    return wrong


def end_series(session: Session, actor: User, series_id: int, *, now: datetime) -> TaskSeries:
    """Make no more tasks; those that were made stay. Raises NotFound."""
    wanted = select(TaskSeries).where(
        TaskSeries.id == series_id, series_run_by(actor), TaskSeries.ended_at.is_(None)
    )
    series = session.scalar(wanted.with_for_update())
    if series is None:
        raise NotFound
    series.ended_at = now
    session.flush()
    return series


def repeat(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Make what is due of a batch of series; answers of how many."""
    due = (TaskSeries.ended_at.is_(None), TaskSeries.next_day <= last_day(now))
    wanted = select(TaskSeries).where(*due).order_by(TaskSeries.id).limit(limit)
    found = session.scalars(
        wanted.with_for_update(skip_locked=True, key_share=True).execution_options(
            populate_existing=True
        )
    ).all()
    for series in found:
        make_due(session, series, now=now)
    return len(found)


def last_day(now: datetime) -> date:
    """The last day whose tasks are made now."""
    return to_local(now).date() + timedelta(days=AHEAD_DAYS)


def make_due(session: Session, series: TaskSeries, *, now: datetime) -> None:
    """Make a series' tasks of the days that are due, each once; what has passed is left out. The
    series is locked."""
    last = min(series.until, last_day(now))
    for day in _days(series.weekdays, max(series.next_day, to_local(now).date()), last):
        _make(session, series, day, now)
    series.next_day = max(series.next_day, last + timedelta(days=1))
    if series.next_day > series.until:
        series.ended_at = now
    session.flush()


def _days(weekdays: Collection[int], first: date, last: date) -> list[date]:
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in span if day.weekday() in weekdays]


def _make(session: Session, series: TaskSeries, day: date, now: datetime) -> None:
    starts_at = datetime.combine(day, time(), LOCAL) + timedelta(minutes=series.minute)
    ends_at = starts_at + timedelta(minutes=series.minutes)
    if ends_at <= now:
        return
    draft = TaskDraft.of(series.terms, starts_at, ends_at)
    author = session.get(User, series.author_id) if series.author_id else None
    task = write_draft(session, author, draft, now=now)
    task.series_id, task.series_day = series.id, day
    session.flush()
    _open(session, author, task, now)


def _open(session: Session, author: User | None, task: Task, now: datetime) -> None:
    """Open it; what the budget does not suffice for stays a draft, and its author is told."""
    try:
        open_draft(session, author, task, now=now)
    except Invalid:
        telling.tell_author(session, task, "task_short", now=now)
