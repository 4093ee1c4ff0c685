"""The ledger: transfers by eight writers beside the floor, the last item wanted by 64 at once, and
what a rider reads, and the audit, in full books."""

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import issuer_keys
from app.blueprints.badges.issuer_keys import IssuerKeys
from app.blueprints.organisations.models import Kind, Membership, Role
from app.blueprints.points import ledger, statement
from app.blueprints.points.audit import audit
from app.blueprints.points.models import Account
from app.blueprints.points.requests import Order, Source
from app.blueprints.rewards.models import Reward, RewardStock
from app.blueprints.rewards.redeeming import redeem
from app.errors import Conflict
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from bench.check_ins import KINDS
from bench.district import ROOT
from bench.district_gates import app_in, database, organisation
from bench.points_fill import FIRST_RIDER, Filled, fill

ENTRIES = 10_000_000
WRITERS, SECONDS, AT_ONCE, READS = 8, 6, 64, 200
MAY = (datetime(2026, 5, 1, tzinfo=clock.LOCAL), datetime(2026, 6, 1, tzinfo=clock.LOCAL))
"""In which all of the full books is."""


def measure(entries: int = ENTRIES) -> None:
    """Print the figures on both databases."""
    for kind in KINDS:
        print(kind)
        with _books(kind) as app:
            _transfers(app)
            _last_item(app)
        with _books(kind) as app, Session(db.engine) as session:
            filled = fill(session, entries, lambda words: print(words, flush=True))
            _readings(session, filled)
            _audit(session)


@contextmanager
def _books(kind: str) -> Iterator[Flask]:
    """An application with empty books of its own."""
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)):
        app = app_in(Path(name))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            yield app
            db.session.remove()
            db.engine.dispose()


def _riders(session: Session, count: int, points: int = 0) -> list[int]:
    home, now = organisation(session, Kind.COMPANY, None), clock.now()
    users = [User(name="骑手", created_at=now) for _one in range(count)]
    session.add_all(users)
    session.flush()
    session.add_all(
        Membership(user_id=one.id, organisation_id=home.id, role=Role.RIDER, created_at=now)
        for one in users
    )
    for one in users:
        order = Order("begin", str(one.id), Source("correction", "1"))
        ledger.earn(session, order, rider_id=one.id, amount=points or 1, now=now)
    return [one.id for one in users]


def _transfers(app: Flask) -> None:
    with transaction(db.session()):
        riders = _riders(db.session(), WRITERS)
    accounts = [_account(rider) for rider in riders]
    issues = [_issue(account) for account in accounts]
    hot = [0] * WRITERS
    for words, places in (("8 accounts", list(range(WRITERS))), ("one hot account", hot)):
        ours = _writers("ledger", [[riders[n]] for n in places])
        floor = _writers("driver", [[accounts[n], issues[n]] for n in places])
        print(
            f"  transfers, {words:<18}{ours:7.0f}/s   {ours / floor:.2f} of the floor's "
            f"{floor:.0f}/s",
            flush=True,
        )


def _account(rider: int) -> int:
    return db.session.scalars(select(Account.id).where(Account.user_id == rider)).one()


def _issue(account: int) -> int:
    found = select(Account.id).where(Account.kind == "issue", Account.shard == account % 16)
    return db.session.scalars(found).one()


def _writers(how: str, each: Sequence[Sequence[int]]) -> float:
    """Transfers a second of so many processes that begin together."""
    db.session.rollback()
    url = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "bench.points_writers", url, how, str(SECONDS)]
    writers = [
        subprocess.Popen(
            [*command, *map(str, ids)], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for ids in each
    ]  # fmt: skip
    if [_line(writer) for writer in writers] != ["ready"] * len(writers):
        raise RuntimeError(f"a writer did not begin: {how}")
    for writer in writers:
        _go(writer)
    counts = [int(_line(writer)) for writer in writers]
    for writer in writers:
        writer.communicate()
    return sum(counts) / SECONDS


def _go(writer: "subprocess.Popen[str]") -> None:
    if writer.stdin:
        writer.stdin.write("go\n")
        writer.stdin.flush()


def _line(writer: "subprocess.Popen[str]") -> str:
    return writer.stdout.readline().strip() if writer.stdout else ""


def _last_item(app: Flask) -> None:
    """64 riders want the last one at the same moment."""
    keys = _keys(app)
    with transaction(db.session()):
        riders, now = _riders(db.session(), AT_ONCE, points=100), clock.now()
        reward = Reward(
            kind="goods", name_zh="雨衣", cost=10, since=now, state="live", created_at=now,
            changed_at=now,
        )  # fmt: skip
        db.session.add(reward)
        db.session.flush()
        db.session.add(RewardStock(reward_id=reward.id, station_id=None, left=1))
        reward_id = reward.id
    came, took = _all_at_once(app, lambda session, n: _want(session, riders[n], reward_id, keys))
    print(
        f"  the last item, {AT_ONCE} at once  {dict(Counter(came))}   p50 {_rank(took, 0.5):.0f} "
        f"ms   p99 {_rank(took, 0.99):.0f} ms",
        flush=True,
    )


def _keys(app: Flask) -> IssuerKeys:
    now, folder = clock.now(), app.config["ISSUER_KEYS_FOLDER"]
    issuer_keys.make(folder, signs_from=now - timedelta(days=1), now=now)
    return issuer_keys.load(folder)


def _want(session: Session, rider: int, reward_id: int, keys: IssuerKeys) -> str:
    try:
        with transaction(session):
            redeem(
                session, session.get_one(User, rider), reward_id=reward_id, station_id=None,
                key="last", keys=keys, now=clock.now(),
            )  # fmt: skip
    except Conflict as error:
        return type(error).__name__
    return "redeemed"


def _all_at_once(app: Flask, act: Callable[[Session, int], str]) -> tuple[list[str], list[float]]:
    """What each thread's answer was, and after how many ms."""
    engine, barrier = db.engine, threading.Barrier(AT_ONCE)
    came, took = [""] * AT_ONCE, [0.0] * AT_ONCE

    def run(number: int) -> None:
        with Session(engine) as session:
            barrier.wait()
            began = time.perf_counter()
            came[number] = act(session, number)
            took[number] = (time.perf_counter() - began) * 1000

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came, took


def _readings(session: Session, filled: Filled) -> None:
    """What riders read, each another one."""
    chance, now = random.Random(1), clock.now()
    asked = [FIRST_RIDER + chance.randrange(filled.riders) for _read in range(READS)]
    readings: dict[str, Callable[[int], object]] = {
        "balance": lambda rider: statement.standing(session, rider, now=now),
        "statement page": lambda rider: statement.page(session, rider),
        "its next page": lambda rider: statement.page(
            session, rider, before=statement.page(session, rider).before
        ),
    }
    for words, read in readings.items():
        took = []
        for rider in asked:
            session.rollback()
            began = time.perf_counter()
            read(rider)
            took.append((time.perf_counter() - began) * 1000)
        print(
            f"  {words:<18}p50 {_rank(took, 0.5):6.1f} ms   p95 {_rank(took, 0.95):6.1f} ms",
            flush=True,
        )


def _audit(session: Session) -> None:
    """The whole, and the month in which all of it is."""
    for words, month in (("audit", None), ("audit of the month", MAY)):
        began, wrong = time.perf_counter(), None
        for found in audit(session, month=month):
            wrong = wrong or found.row
        took = time.perf_counter() - began
        print(f"  {words:<20}{took:7.1f} s   {wrong or 'all is right'}", flush=True)


def _rank(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
