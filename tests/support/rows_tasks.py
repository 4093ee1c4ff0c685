"""A row in every table of tasks, as full as its columns allow."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.tasks.models import (
    Claim,
    ClaimAnswer,
    ClaimEvent,
    ClaimPhoto,
    Task,
    TaskCompany,
    TaskEvent,
    TaskSeries,
)
from app.lib import clock

HASH = "ab" * 32
PROOF = {"photos": 1, "place": True, "check_in": None, "questions": []}


def rows(session: Session, user: User) -> None:
    """Add and flush them; `user` has a case, a station, a badge and points with the id 1."""
    now = clock.now()
    series = TaskSeries(
        organisation_id=1, author_id=user.id, terms={}, weekdays=[0], minute=600, minutes=60,
        next_day=date(2026, 6, 2), until=date(2026, 6, 9), created_at=now,
    )  # fmt: skip
    session.add(series)
    session.flush()
    task = Task(
        organisation_id=1, author_id=user.id, title_zh="名", title_en="Name", words_zh="做",
        words_en="Do", five_role="安全生产保障员", place="门口", latitude=31.3, longitude=120.7,
        radius_m=100, starts_at=now, ends_at=now + timedelta(hours=1), needed=2, taken=1,
        accepted=0, points=5, cost=5, claim_minutes=60, proof=PROOF, min_star=1, roles=["host"],
        distance_m=500, for_companies=True, state="open", series_id=series.id,
        series_day=date(2026, 6, 1), case_id=1, created_at=now, moved_at=now,
    )  # fmt: skip
    session.add(task)
    session.flush()
    claim = Claim(
        task_id=task.id, rider_id=user.id, state="handed_in", claimed_at=now, due_at=now,
        attempts=1, key="k", captured_at=now, handed_in_at=now, latitude=31.3, longitude=120.7,
        accuracy_m=5.0, away_m=0, marks=["late"], checker_id=user.id, reason="x", report_id=1,
        moved_at=now,
    )  # fmt: skip
    session.add_all([
        claim, TaskCompany(task_id=task.id, company_id=1),
        TaskEvent(
            task_id=task.id, actor_id=user.id, step="make", to_state="draft", note="x", at=now
        ),
    ])  # fmt: skip
    session.flush()
    of = {"claim_id": claim.id, "attempt": 1, "position": 1}
    session.add_all([
        ClaimPhoto(**of, sha256=HASH), ClaimAnswer(**of, question="?", answer="!"),
        ClaimEvent(
            claim_id=claim.id, actor_id=user.id, step="hand_in", to_state="handed_in", attempt=1,
            note="x", at=now,
        ),
    ])  # fmt: skip
    session.flush()
