"""What is listed, in a full database: 100,000 riders and a million reports."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.blueprints.accounts.models import User
from app.blueprints.reports import queries
from app.extensions import db
from app.lib import clock
from bench.district import prepare, settings

RIDERS, REPORTS, ROUNDS = 100_000, 1_000_000, 20
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
FILL = (
    NUMBERS.format(RIDERS)
    + """ INSERT INTO users (phone, name, created_at)
    SELECT '+86138' || substr('00000000' || i, -8), '基准骑手', '2026-01-01 00:00:00.000000'
    FROM n""",
    NUMBERS.format(REPORTS)
    + """ INSERT INTO reports (reporter_id, category_code, description, place, latitude, longitude,
      captured_at, received_at, moved_at, state)
    SELECT 1 + i % 100000, '0102', '', '东门旁', 31.3, 120.7, '2026-06-01 00:00:00.000000',
      datetime('2026-01-01', '+' || (i / 3) || ' seconds') || '.000000',
      datetime('2026-01-01', '+' || (i / 3) || ' seconds') || '.000000',
      CASE WHEN i % 200 = 0 THEN 'received' WHEN i % 20 = 0 THEN 'rejected' ELSE 'accepted' END
    FROM n""",
    NUMBERS.format(REPORTS)
    + """ INSERT INTO report_photos (report_id, position, sha256)
    SELECT r.id, 1, (SELECT sha256 FROM photos LIMIT 1) FROM reports r
    WHERE r.id NOT IN (SELECT report_id FROM report_photos)""",
    "ANALYZE",
)


def measure() -> None:
    """Print how long each list takes."""
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        with create_app(settings(Path(name))).app_context():
            session = db.session()
            for statement in FILL:
                session.execute(text(statement))
            session.commit()
            _show(session)


def _show(session: Session) -> None:
    rider = session.get_one(User, 1)
    print(f"{REPORTS:,} reports of {RIDERS:,} riders; ms, the median of {ROUNDS}")
    lists: dict[str, Callable[[], object]] = {
        "my reports": lambda: queries.mine(session, rider),
        "what waits for me": lambda: queries.needing(session, rider, now=clock.now()),
    }
    for name, read in lists.items():
        print(f"  {name:20} {_median(session, read):8.1f}")


def _median(session: Session, read: Callable[[], object]) -> float:
    took = []
    for _round in range(ROUNDS):
        session.rollback()
        start = time.perf_counter()
        read()
        took.append((time.perf_counter() - start) * 1000)
    return sorted(took)[ROUNDS // 2]
