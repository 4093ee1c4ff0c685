"""Sending what is due: many pushes at once, each written down soon after its answer.

The database is asked in threads, so that what travels goes on meanwhile. A worker that is killed
leaves leases that run out; sent twice is then what was on its way or not yet written down, at most
AT_ONCE and WRITTEN_TOGETHER in each of the two.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy.orm import Session

from app.blueprints.deliveries import recording
from app.blueprints.deliveries.outcome import Outcome, What
from app.blueprints.deliveries.recording import Done
from app.blueprints.deliveries.sender import AT_ONCE, Sender, in_parallel, open_sender
from app.blueprints.deliveries.taking import Work, take_pushes
from app.blueprints.deliveries.terms import Terms
from app.blueprints.deliveries.vapid import Tokens
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

BATCH = 1_000
WRITTEN_TOGETHER = 25
SEND_WITHIN_S = 80.0
"""What was not begun by then is given back: its lease must not run out while it travels."""
PAUSE_AFTER = 20
"""So many in a row without an answer, and a push service is left alone for a while."""
Answer = TypeVar("Answer")


def run_apart(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine in a thread with a loop of its own: whoever calls may be inside of one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


async def send_due(app: Flask, terms: Terms, *, batch: int = BATCH) -> None:
    """Send until nothing is due."""
    tokens = Tokens(terms.key, terms.subject)
    async with open_sender(terms.services, tokens) as sender:
        while works := await _in_database(
            app,
            lambda session: take_pushes(session, key_id=terms.key.id, now=clock.now(), limit=batch),
        ):
            await Batch(app, sender).send(works)


class Batch:
    """Pushes taken together."""

    def __init__(self, app: Flask, sender: Sender) -> None:
        self._app, self._sender = app, sender
        self._done: list[Done] = []
        self._silent: Counter[str] = Counter()
        self._longest_wait: dict[str, float] = {}
        self._held: set[str] = set()
        self._paused: frozenset[str] = frozenset()
        self._until = time.monotonic() + SEND_WITHIN_S

    async def send(self, works: Sequence[Work]) -> None:
        """Send them, and write down what became of each."""
        self._paused = await _in_database(self._app, recording.paused_before)
        await in_parallel(works, self._one, at_once=AT_ONCE)
        await self._write()

    async def _one(self, work: Work) -> None:
        origin = work.push.origin
        if origin in self._held or time.monotonic() > self._until:
            self._done.append(Done(work, None))
        else:
            outcome = await self._try(work)
            self._done.append(Done(work, outcome))
            await self._note(origin, outcome)
        if len(self._done) >= WRITTEN_TOGETHER:
            await self._write()

    async def _try(self, work: Work) -> Outcome:
        outcome = await self._sender.send(work.push)
        if outcome.what == What.TOO_LARGE:
            return await self._sender.send(replace(work.push, content=work.short))
        return outcome

    async def _note(self, origin: str, outcome: Outcome) -> None:
        """Whether the push service still answers, and takes us for who we are."""
        if outcome.what == What.STOP:
            self._held.add(origin)
        if outcome.what != What.WAIT:
            self._silent[origin] = 0
            if origin in self._paused:
                self._paused -= {origin}
                await _in_database(
                    self._app, lambda session: recording.answers_again(session, [origin])
                )
            return
        self._silent[origin] += 1
        self._longest_wait[origin] = max(self._longest_wait.get(origin, 0.0), outcome.wait_s)
        if self._silent[origin] == PAUSE_AFTER and origin not in self._held:
            self._held.add(origin)
            wait_s = self._longest_wait[origin]
            await _in_database(
                self._app,
                lambda session: recording.pause(session, origin, wait_s=wait_s, now=clock.now()),
            )

    async def _write(self) -> None:
        done, self._done = self._done, []
        if done:
            await _in_database(
                self._app, lambda session: recording.record(session, done, now=clock.now())
            )


async def _in_database(app: Flask, work: Callable[[Session], Answer]) -> Answer:
    """Do the work in a transaction, in a thread of its own."""

    def run() -> Answer:
        with app.app_context():
            session = db.session()
            with transaction(session):
                return work(session)

    return await asyncio.to_thread(run)
