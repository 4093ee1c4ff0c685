"""Passes: one a request as a barrier asks, and in batches as a gate phone sends; beside the floor.

The codes are signed before the load begins, so that the load itself is light.
"""

import itertools
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from uuid6 import uuid7

from app.blueprints.badges.models import Badge
from app.extensions import db
from app.lib import clock
from bench import load
from bench.district_gates import Post, app_in, database, in_turn, prepare
from bench.serving import server

KINDS = ("sqlite", "postgresql")
SECONDS, BATCH = 8, 100
ONE_BY_ONE, BATCHES = 9000, 300
APP, FLOOR = ("wsgi:app", 8073), ("bench.floor_passes:app", 8074)
PRETIX = "pretix's redeem call on such a machine: 54 to 58/s, p50 130 to 141 ms, p99 340 ms"


def measure() -> None:
    """Print the figures on both databases."""
    for kind in KINDS:
        print(f"{kind}, 2 workers x 2 threads, {load.CONNECTIONS} connections")
        _one_by_one(kind)
        _in_batches(kind)


def _one_by_one(kind: str) -> None:
    with _fresh(kind) as (folder, posts), server(*APP, folder):
        ours = load.run(APP[1], load.Turns(asked(posts, ONE_BY_ONE)), SECONDS)
    floor = _floor(kind, 1)
    print(f"  one pass a request      {ours.rate:6.0f}/s   {ours}   (aim 600/s, p99 60 ms)")
    print(f"  the floor               {floor.rate:6.0f}/s   {floor}")
    print(f"  {PRETIX}")


def _in_batches(kind: str) -> None:
    with _fresh(kind) as (folder, posts), server(*APP, folder):
        ours = load.run(APP[1], load.Turns(sent(posts, BATCHES)), SECONDS)
    floor = _floor(kind, BATCH)
    print(f"  in batches of {BATCH}       {ours.rate * BATCH:6.0f}/s   {ours}   (aim 1,500/s)")
    print(f"  the floor               {floor.rate * BATCH:6.0f}/s   {floor}")


def _floor(kind: str, size: int) -> load.Figures:
    with _fresh(kind) as (folder, posts), server(*FLOOR, folder):
        return load.run(FLOOR[1], load.Turns(bare(folder, posts, size)), SECONDS)


@contextmanager
def _fresh(kind: str) -> Iterator[tuple[Path, list[Post]]]:
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)):
        yield Path(name), prepare(Path(name))


def asked(posts: Sequence[Post], count: int) -> Iterator[load.Turn]:
    """A barrier's questions, signed now."""
    now_s = int(clock.now().timestamp())
    turns = []
    for post, rider, direction in itertools.islice(in_turn(posts), count):
        body = json.dumps({"text": rider.show(now_s), "direction": direction}).encode()
        request = load.Request("POST", "/api/v1/verdicts", body, b'"open":true', 1)
        turns.append(load.Turn("", [request], {"Authorization": f"Bearer {post.token}"}))
    return iter(turns)


def sent(posts: Sequence[Post], count: int) -> Iterator[load.Turn]:
    """Batches of gate phones, one phone after another, signed and chained now."""
    now_ms = clock.to_ms(clock.now())
    turns = []
    for number in range(count):
        post = posts[number % len(posts)]
        items = []
        for place in range(BATCH):
            rider = post.riders[place % len(post.riders)]
            lap = number // len(posts) * BATCH + place
            at_ms = now_ms + lap * 10
            direction = ("entry", "exit")[lap // len(post.riders) % 2]
            items.append(post.phone.item(rider.show(at_ms // 1000), direction, at_ms))
        body = json.dumps(items).encode()
        request = load.Request("POST", "/sync/items", body, b'"accepted"', BATCH)
        turns.append(load.Turn(post.phone.cookie, [request]))
    return iter(turns)


def bare(folder: Path, posts: Sequence[Post], size: int) -> Iterator[load.Turn]:
    """The same many rows for the floor, without end."""
    with app_in(folder).app_context():
        badges = db.session.execute(select(Badge.id, Badge.user_id)).all()
        db.session.remove()
        db.engine.dispose()
    numbers = itertools.count()
    text = "x" * (900 if size > 1 else 0)
    for post in itertools.cycle(posts):
        rows = []
        for _row in range(size):
            badge = badges[next(numbers) % len(badges)]
            place = [post.compound_id, post.gate_id]
            rows.append(
                {"pass": [str(uuid7()), *place, badge.user_id, badge.id], "text": text,
                 "inside": [post.compound_id, badge.user_id]}
            )  # fmt: skip
        yield load.Turn(
            "", [load.Request("POST", "/passes", json.dumps(rows).encode(), b"accepted", size)]
        )
