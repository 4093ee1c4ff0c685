"""What gates and compounds read: the bundle with many badges, and all lists in a full database."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import Badge
from app.blueprints.gates import closing, compound_queries, missing, places, retention
from app.blueprints.gates.pass_log import LogFilter, log_page
from app.extensions import db
from app.lib import clock
from bench.district_gates import Post, app_in, database, prepare
from bench.passes import KINDS

ROUNDS, DAYS = 20, 89
SIZES = {"20,000 badges, 200,000 passes": (20_000, 200_000),
         "100,000 riders, 1,000,000 passes": (100_000, 1_000_000)}  # fmt: skip
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})",
    "postgresql": "WITH n AS (SELECT i FROM generate_series(1, {}) AS s(i))",
}
AGO = {
    "sqlite": "datetime('{now}', '-' || ({seconds} * i) || ' seconds') || '.000000'",
    "postgresql": "timestamptz '{now}+00' - {seconds} * i * interval '1 second'",
}
HEX = {
    "sqlite": "lower(hex(randomblob({bytes})))",
    "postgresql": "substr(md5(random()::text) || md5(random()::text), 1, 2 * {bytes})",
}
CHANCE = {"sqlite": "abs(random() % 100)", "postgresql": "floor(random() * 100)"}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
PEOPLE = (
    """{numbers} INSERT INTO users (phone, name, created_at)
    SELECT '+86138' || substr('00000000' || i, length('00000000' || i) - 7),
      substr('{surnames}', 1 + i % 30, 1) || '骑手' || i, '{now}' FROM n""",
    """INSERT INTO portraits (user_id, sha256, state, created_at)
    SELECT id, {hex32}, 'approved', '{now}' FROM users WHERE name LIKE '%骑手%'
      AND phone IS NOT NULL""",
    """INSERT INTO holders (user_id, company_id, stars, scope, standing, portrait_id, created_at)
    SELECT user_id, (SELECT min(company_id) FROM holders), 1 + id % 5, 0, 'active', id, '{now}'
    FROM portraits""",
    """INSERT INTO badges (user_id, badge_id, kind, standing, created_at, renewed_at, expires_at)
    SELECT u.user_id, u.hex, 'live',
      CASE WHEN u.chance < 2 THEN 'revoked' WHEN u.chance < 3 THEN 'suspended' ELSE 'active' END,
      '{now}', '{now}', '{later}'
    FROM (SELECT user_id, {hex8} AS hex, {chance} AS chance FROM portraits) u""",
)
"""Riders with a portrait and a badge each; of a hundred two are revoked and one is suspended."""
PASSED = (
    """{numbers} INSERT INTO passes (key, compound_id, gate_id, rider_id, badge_id, guard, method,
      direction, vehicle, at, received_at, label, phone_level, phone_reason, server_level,
      server_reason, outcome, scanner_id, seq, chain)
    SELECT 'k' || i, g.compound_id, g.organisation_id, b.user_id, b.id, '', 'live',
      CASE WHEN i % 3 = 0 THEN 'exit' ELSE 'entry' END, 'ebike', {ago}, {ago}, '基准王**', 'green',
      'ok', 'green', 'ok', CASE WHEN i % 31 = 0 THEN 'refused' ELSE 'entered' END, s.id,
      ({passes} - i) / {gates} + 1, 'ok'
    FROM n JOIN gates g ON g.organisation_id = {gate} + 2 * (i % {gates})
      JOIN badges b ON b.id = {badge} + (i % {riders}) * 7919 % {riders}
      JOIN scanners s ON s.gate_id = g.organisation_id""",
    """INSERT INTO presences (compound_id, rider_id, pass_id, entered_at, left_at, left_how)
    SELECT compound_id, rider_id, id, at, at, 'exit' FROM passes WHERE direction = 'entry'""",
    """INSERT INTO presences (compound_id, rider_id, pass_id, entered_at)
    SELECT compound_id, rider_id, max(id), max(at) FROM passes WHERE at > '{closed}'
    GROUP BY compound_id, rider_id""",
    """UPDATE scanners SET created_at = '{began}',
      last_seq = (SELECT max(seq) FROM passes WHERE scanner_id = scanners.id)""",
    "UPDATE compounds SET closes_min = {closes_min}, closed_until = '{closed}'",
    "ANALYZE",
)


def measure() -> None:
    """Print the figures on both databases."""
    for kind in KINDS:
        for name, (riders, passes) in SIZES.items():
            with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)):
                posts = prepare(Path(folder))
                app = app_in(Path(folder))
                with app.app_context():
                    _fill(db.session(), kind, posts, riders, passes)
                print(f"{kind}, {name}")
                _show(app, posts)
                with app.app_context():
                    db.engine.dispose()


def _fill(session: Session, kind: str, posts: list[Post], riders: int, passes: int) -> None:
    now = clock.now()
    closed = (now - timedelta(hours=12)).replace(second=0, microsecond=0)
    local = clock.to_local(closed)
    first = (session.scalar(select(func.max(Badge.id))) or 0) + 1
    seconds = DAYS * 86_400 / passes
    values = {
        "now": _written(now), "later": _written(now + timedelta(days=3)), "riders": riders,
        "closed": _written(closed), "closes_min": local.hour * 60 + local.minute,
        "surnames": SURNAMES, "chance": CHANCE[kind], "hex8": HEX[kind].format(bytes=8),
        "hex32": HEX[kind].format(bytes=32), "began": _written(now - timedelta(days=99)),
        "passes": passes, "gates": len(posts), "gate": posts[0].gate_id, "badge": first,
    }  # fmt: skip
    values["ago"] = AGO[kind].format(now=values["now"][:19], seconds=seconds)
    for statements, count in ((PEOPLE, riders), (PASSED, passes)):
        values["numbers"] = NUMBERS[kind].format(count)
        for statement in statements:
            session.execute(text(statement.format(**values).replace(":", "\\:")))
    session.commit()


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}.000000"


def _show(app: Flask, posts: list[Post]) -> None:
    post, client = posts[0], app.test_client(use_cookies=False)
    headers = {"Cookie": post.phone.cookie, "Accept-Encoding": "br"}
    size = len(client.get("/gate/bundle", headers=headers).data)
    print(f"  bundle                   {size / 1000:8.1f} KB compressed (aim 60 KB)")
    with app.app_context():
        session = db.session()
        for name, read in (_pages(client, headers) | _lists(session, post)).items():
            print(f"  {name:24} {_median(session, read):8.1f} ms")
        db.session.remove()


def _pages(client: FlaskClient, headers: dict[str, str]) -> dict[str, Callable[[], object]]:
    """Whole requests of a gate phone."""

    def asks(path: str, **further: str) -> Callable[[], object]:
        return lambda: client.get(path, headers=headers | further)

    def looks_for(text: str) -> Callable[[], object]:
        return lambda: client.post("/gate/search", json={"q": text}, headers=headers)

    tag = client.get("/gate/bundle", headers=headers).headers["ETag"]
    return {
        "bundle, whole request": asks("/gate/bundle"),
        "bundle, nothing new": asks("/gate/bundle", **{"If-None-Match": tag}),
        "today's list": asks("/gate/today"),
        "search by name": looks_for("王骑手12"),
        "search by last digits": looks_for("1234"),
    }


def _lists(session: Session, post: Post) -> dict[str, Callable[[], object]]:
    """Queries of desks, riders and the worker."""
    compound, everything, now = post.compound_id, LogFilter(), clock.now()
    before = None
    for _page in range(99):
        before = log_page(session, compound, everything, before=before).before
    rider = session.scalars(select(User).join(Badge).order_by(Badge.id.desc()).limit(1)).one()
    old, kept = retention.bounds(90, now), now - timedelta(days=90)

    def gaps() -> object:
        phones = missing.phones_to_look_at(session, {}, kept_since=kept)
        return missing.gaps_of(session, phones)

    return {
        "log, first page": lambda: log_page(session, compound, everything),
        "log, hundredth page": lambda: log_page(session, compound, everything, before=before),
        "inside now": lambda: compound_queries.inside_now(session, compound),
        "news for a rider": lambda: places.news(session, rider, now=now),
        "worker: anyone overdue": lambda: closing.any_due(session, now=now),
        "worker: anything old": lambda: retention.any_old(session, old),
        "worker: gaps, at start": gaps,
    }


def _median(session: Session, read: Callable[[], object]) -> float:
    took = []
    for _round in range(ROUNDS):
        session.rollback()
        start = time.perf_counter()
        read()
        took.append((time.perf_counter() - start) * 1000)
    return sorted(took)[ROUNDS // 2]
