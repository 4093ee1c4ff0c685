"""Writers of the books in processes of their own: by the ledger, and the floor: the same rows by
the bare driver, which checks nothing, neither what came before nor whether there is enough."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import app.models  # noqa: F401
from app.blueprints.points import ledger
from app.blueprints.points.requests import Order, Source
from app.lib.database import configure_engine, transaction

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
AT = "2026-06-01 04:00:00.000000"
ROWS = (
    """INSERT INTO point_transfers (scope, key, request_hash, kind, source_kind, source_id, reason,
  at) VALUES ('earn', ?, ?, 'earn', 'visit', '1', 'rules', ?) RETURNING id""",
    "UPDATE point_accounts SET balance = balance + 1 WHERE id = ?",
    "UPDATE point_accounts SET balance = balance - 1 WHERE id = ?",
    """INSERT INTO point_entries (transfer_id, account_id, amount, balance_after)
  VALUES (?, ?, 1, 0)""",
    """INSERT INTO point_entries (transfer_id, account_id, amount, balance_after)
  VALUES (?, ?, -1, 0)""",
    """INSERT INTO point_lots (account_id, transfer_id, amount, remaining, expires_at)
  VALUES (?, ?, 1, 1, ?)""",
)


def by_the_ledger(url: str, rider: int) -> Callable[[str], None]:
    """Earn a point for a rider, once a call."""
    engine = create_engine(url)
    configure_engine(engine)
    session = Session(engine)

    def earn(key: str) -> None:
        with transaction(session):
            order = Order("bench", key, Source("visit", "1"))
            ledger.earn(session, order, rider_id=rider, amount=1, now=NOW)

    return earn


def by_the_driver(url: str, account: int, issue: int) -> Callable[[str], None]:
    """Insert the same rows."""
    run, commit = _bare(url)

    def earn(key: str) -> None:
        transfer = run(ROWS[0], (key, "x" * 64, AT))
        run(ROWS[1], (account,))
        run(ROWS[2], (issue,))
        run(ROWS[3], (transfer, account))
        run(ROWS[4], (transfer, issue))
        run(ROWS[5], (account, transfer, AT))
        commit()

    return earn


def _bare(url: str) -> tuple[Callable[[str, tuple[Any, ...]], Any], Callable[[], None]]:
    if url.startswith("postgresql"):
        import psycopg

        server = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1))

        def ask(statement: str, values: tuple[Any, ...]) -> Any:
            answer = server.execute(statement.replace("?", "%s"), values)
            row = answer.fetchone() if answer.description else None
            return row[0] if row else None

        return ask, server.commit
    file = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        file.execute(f"PRAGMA {pragma}")

    def write(statement: str, values: tuple[Any, ...]) -> Any:
        if not file.in_transaction:
            file.execute("BEGIN IMMEDIATE")
        row = file.execute(statement, values).fetchone()
        return row[0] if row else None

    return write, file.commit


def main(url: str, how: str, seconds: str, *ids: str) -> None:
    """Write for so long once a line comes in; print how many there were."""
    numbers = [int(one) for one in ids]
    earn = (by_the_ledger if how == "ledger" else by_the_driver)(url, *numbers)
    earn(f"{how} {os.getpid()} first")  # what is prepared once is no part of the figures
    print("ready", flush=True)
    sys.stdin.readline()
    until, count = time.monotonic() + float(seconds), 0
    while time.monotonic() < until:
        earn(f"{how} {os.getpid()} {count}")
        count += 1
    print(count, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
