"""Books with as many entries as asked for, written by the database itself: riders who earned a
point each time, in May 2026."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.bundle import NUMBERS

RIDERS_OF, MOST_RIDERS, SHARDS = 100, 100_000, 16
CHUNK = 500_000
"""Transfers in one statement: progress is seen, and no statement is without bounds."""
MONTH_S = 30 * 86_400
FIRST_RIDER = 32
"""Ids of riders and their accounts begin here, behind those of the shards."""
AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-05-01', ({seconds}) || ' seconds')",
    "postgresql": "timestamptz '2026-05-01 00:00+00' + ({seconds}) * interval '1 second'",
}
END = {"sqlite": "'2028-05-31 16:00:00.000000'",
       "postgresql": "timestamptz '2028-05-31 16:00+00'"}  # fmt: skip
TIME = {"sqlite": "'2026-01-01 00:00:00.000000'",
        "postgresql": "timestamptz '2026-01-01 00:00+00'"}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """How many riders have how many entries each, beside the issue's own."""

    riders: int
    transfers: int


def fill(session: Session, entries: int, say: Callable[[str], None]) -> Filled:
    """Write it into books that are empty, and say how far it is."""
    began, kind = time.monotonic(), session.get_bind().dialect.name
    riders = max(SHARDS, min(MOST_RIDERS, entries // RIDERS_OF) // SHARDS * SHARDS)
    rounds = max(1, entries // 2 // riders)
    filled = Filled(riders, riders * rounds)
    _people(session, kind, filled, rounds)
    for start in range(0, filled.transfers, CHUNK):
        count = min(CHUNK, filled.transfers - start)
        _transfers(session, kind, filled, start, count)
        session.commit()
        took = time.monotonic() - began
        say(f"  filled {2 * (start + count):>12,} entries  {took:6.0f} s")
    session.execute(text("ANALYZE"))
    session.commit()
    return filled


def _people(session: Session, kind: str, filled: Filled, rounds: int) -> None:
    numbers, at = NUMBERS[kind].format(filled.riders), TIME[kind]
    shards = NUMBERS[kind].format(SHARDS)
    of_a_shard = filled.transfers // SHARDS
    for statement in (
        f"INSERT INTO users (id, name, created_at) {numbers} SELECT {FIRST_RIDER} + i - 1, "
        f"'骑手', {at} FROM n",
        "INSERT INTO point_accounts (id, kind, user_id, balance, held, debt, created_at) "
        f"{numbers} SELECT {FIRST_RIDER} + i - 1, 'rider', {FIRST_RIDER} + i - 1, {rounds}, 0, 0, "
        f"{at} FROM n",
        "INSERT INTO point_accounts (id, kind, shard, balance, held, debt, created_at) "
        f"{shards} SELECT i, 'issue', i - 1, -{of_a_shard}, 0, 0, {at} FROM n",
    ):
        session.execute(text(statement))


def _transfers(session: Session, kind: str, filled: Filled, start: int, count: int) -> None:
    numbers = NUMBERS[kind].format(count)
    nth = f"({start} + i)"
    at = AT[kind].format(seconds=f"{nth} * {MONTH_S / filled.transfers:.9f}")
    before = f"({nth} - 1)"
    place, turn = f"({before} % {filled.riders})", f"({before} / {filled.riders})"
    account = f"({FIRST_RIDER} + {place})"
    shard = f"({account} % {SHARDS} + 1)"
    issued = f"-({turn} * {filled.riders // SHARDS} + {place} / {SHARDS} + 1)"
    for statement in (
        "INSERT INTO point_transfers (id, scope, key, request_hash, kind, source_kind, source_id, "
        f"reason, at) {numbers} SELECT {nth}, 'earn', 'filled ' || {nth}, '', 'earn', 'visit', "
        f"CAST({nth} AS TEXT), 'rules', {at} FROM n",
        "INSERT INTO point_entries (id, transfer_id, account_id, amount, balance_after) "
        f"{numbers} SELECT 2 * {nth} - 1, {nth}, {account}, 1, {turn} + 1 FROM n",
        "INSERT INTO point_entries (id, transfer_id, account_id, amount, balance_after) "
        f"{numbers} SELECT 2 * {nth}, {nth}, {shard}, -1, {issued} FROM n",
        "INSERT INTO point_lots (account_id, transfer_id, amount, remaining, expires_at) "
        f"{numbers} SELECT {account}, {nth}, 1, 1, {END[kind]} FROM n",
    ):
        session.execute(text(statement))
