"""The floor: a bare view that inserts the same rows into the same tables by sqlite3, as safely,
and checks nothing: neither who sends, nor what, nor whether it came before."""

import os
import sqlite3
import threading

from flask import Flask, jsonify, request

app = Flask(__name__)
_local = threading.local()
REPORT = """INSERT INTO reports (reporter_id, category_code, description, place, latitude,
  longitude, accuracy_m, captured_at, sent_at, server_offset_ms, received_at, clock_flag, state)
  VALUES (1, :category, :description, :place, :latitude, :longitude, :accuracy_m,
  '2026-11-24 03:00:00.000000', '2026-11-24 03:00:01.000000', 5, '2026-11-24 03:00:02.000000', NULL,
  'received')"""
PHOTO = "INSERT INTO report_photos (report_id, position, sha256) VALUES (?, 1, ?)"
EVENT = """INSERT INTO report_events (report_id, actor_id, to_state, at)
  VALUES (?, 1, 'received', '2026-11-24 03:00:02.000000')"""
ITEM = """INSERT INTO sync_items
  (owner_id, key, kind, schema, content_hash, reference, url, received_at)
  VALUES (1, ?, 'report', 1, ?, ?, ?, '2026-11-24 03:00:02.000000')"""


def _connection() -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        connection = sqlite3.connect(os.environ["FLOOR"], timeout=15, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _local.connection = connection
    connection_of_thread: sqlite3.Connection = _local.connection
    return connection_of_thread


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/items")
def items() -> object:
    batch, database = request.get_json(), _connection()
    database.execute("BEGIN IMMEDIATE")
    for item in batch:
        report = database.execute(REPORT, item["fields"]).lastrowid
        database.execute(PHOTO, (report, item["photos"][0]))
        database.execute(EVENT, (report,))
        url = f"/reports/{report}"
        database.execute(ITEM, (item["key"], item["photos"][0], f"2026-{report:06}", url))
    database.execute("COMMIT")
    return jsonify([{"key": item["key"], "verdict": "accepted"} for item in batch])
