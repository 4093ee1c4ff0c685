"""The floor of passes: a bare view that inserts a pass and who is inside, as safely, and checks
nothing: neither who asks, nor the code, nor whether it came before."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, jsonify, request

app = Flask(__name__)
_local = threading.local()
_NOW = "2026-11-24 03:00:00.000000+00"
PASS = f"""INSERT INTO passes (key, compound_id, gate_id, rider_id, badge_id, guard, method,
  direction, vehicle, at, received_at, label, phone_level, phone_reason, server_level,
  server_reason, outcome, proof_time_s, proof_counter, seq, prev_hash, statement_hash, statement,
  chain)
  VALUES (?, ?, ?, ?, ?, '', 'barrier', 'entry', '', '{_NOW}', '{_NOW}', 'x', 'green', 'ok',
  'green', 'ok', 'entered', 1, 1, 1, ?, ?, ?, 'none') RETURNING id"""
PRESENCE = f"""INSERT INTO presences (compound_id, rider_id, pass_id, entered_at, left_at, left_how)
  VALUES (?, ?, ?, '{_NOW}', '{_NOW}', 'exit')"""


@contextmanager
def _transaction() -> Iterator[Any]:
    if url := os.environ.get("DATABASE_URL"):
        import psycopg

        if not hasattr(_local, "connection"):
            _local.connection = psycopg.connect(url)
        with _local.connection.transaction():
            yield (
                lambda statement, values: (
                    _local.connection.execute(statement.replace("?", "%s"), values).fetchone
                )
            )
        return
    import sqlite3

    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(os.environ["FLOOR"], timeout=15, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            _local.connection.execute(f"PRAGMA {pragma}")
    _local.connection.execute("BEGIN IMMEDIATE")
    yield (
        lambda statement, values: (
            _local.connection.execute(
                statement.replace(f"'{_NOW}'", f"'{_NOW[:-3]}'"), values
            ).fetchone
        )
    )
    _local.connection.execute("COMMIT")


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/passes")
def passes() -> object:
    rows = request.get_json()
    with _transaction() as execute:
        for row in rows:
            [made] = execute(
                PASS, [*row["pass"], row["text"][:64], row["text"][:64], row["text"]]
            )()
            execute(PRESENCE, [*row["inside"], made])
    return jsonify([{"verdict": "accepted"} for _row in rows])
