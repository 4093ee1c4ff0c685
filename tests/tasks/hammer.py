"""A process that claims, lets go, hands in, checks and lets run out without end, to be killed."""

import random
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

import app.models  # noqa: F401
from app.blueprints.accounts.models import User
from app.blueprints.tasks import checking, claiming, expiring, no_shows
from app.blueprints.tasks.models import Claim
from app.blueprints.tasks.proof import HandIn
from app.errors import DomainError
from app.lib.database import configure_engine, transaction

_keys = count()


def one_act(
    session: Session, chance: random.Random, task_id: int, riders: list[int], checker: int
) -> None:
    """Something by chance of one rider's or the office's."""
    now = datetime.now(UTC)
    rider = session.get_one(User, chance.choice(riders))
    mine = session.scalar(
        select(Claim.id).where(Claim.task_id == task_id, Claim.rider_id == rider.id)
    )
    step = chance.choice(("claim", "claim", "hand_in", "hand_in", "release", "expire", *JUDGED))
    if step == "expire":
        expiring.expire(session, now=now + timedelta(hours=chance.choice((0, 0, 2))), limit=1)
    elif step == "claim":
        claiming.claim(session, rider, task_id, now=now)
    elif step == "release":
        claiming.release(session, rider, mine or 0, now=now)
    elif step == "hand_in":
        key = f"{chance.random()} {next(_keys)}"
        draft = HandIn(key[:36], rider, mine or 0, ("yes",), (), now)
        claiming.hand_in(session, draft, now=now)
    else:
        _judge(session, chance, step, mine or 0, session.get_one(User, checker), now)


JUDGED = ("accept", "send_back", "refuse", "take_back")


def _judge(
    session: Session, chance: random.Random, step: str, claim_id: int, checker: User, now: datetime
) -> None:
    seen = session.scalar(select(Claim.version).where(Claim.id == claim_id)) or 0
    if step == "take_back":
        checking.take_back(session, checker, claim_id, "x", seen=seen, now=now)
    else:
        checking.check(session, checker, claim_id, step, "x", seen=seen, now=now)


def main() -> None:
    """Go on until killed."""
    url, seed, task_id, checker, *riders = sys.argv[1:]
    engine = create_engine(url)
    configure_engine(engine)
    chance = random.Random(int(seed))
    no_shows.PATIENCE = replace(no_shows.PATIENCE, most=10**6)  # else all are paused, and it ends
    print("ready", flush=True)
    while True:
        with Session(engine) as session:
            try:
                with transaction(session):
                    one_act(
                        session, chance, int(task_id), [int(one) for one in riders], int(checker)
                    )
            except DomainError:
                pass


if __name__ == "__main__":
    main()
