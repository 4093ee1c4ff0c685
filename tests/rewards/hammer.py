"""A process that redeems, cancels, hands out and lets run out without end, to be killed."""

import random
import sys
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

import app.models  # noqa: F401
from app.blueprints.accounts.models import User
from app.blueprints.rewards import ending, handing, redeeming
from app.blueprints.rewards.handing import HandOutDraft
from app.blueprints.rewards.models import Redemption
from app.errors import Conflict
from app.lib import clock
from app.lib.database import configure_engine, transaction
from tests.support.reward_rows import issuer_keys


class Hammer:
    """Whatever can be done with one reward, by chance."""

    def __init__(self, session: Session, seed: int, ids: list[int]) -> None:
        self.session, self.chance = session, random.Random(seed)
        self.reward_id, self.station_id, self.host_id, *self.riders = ids

    def one_act(self) -> None:
        acts: list[Callable[[], object]] = [self.redeem, self.cancel, self.give, self.expire]
        self.chance.choices(acts, weights=(5, 2, 3, 1))[0]()

    def redeem(self) -> None:
        rider = self.session.get_one(User, self.chance.choice(self.riders))
        redeeming.redeem(
            self.session, rider, reward_id=self.reward_id, station_id=self.station_id,
            key=f"{self.chance.random()}"[:30], keys=issuer_keys(), now=clock.now(),
        )  # fmt: skip

    def cancel(self) -> None:
        for one in self._some():
            rider = self.session.get_one(User, one.rider_id)
            redeeming.cancel(self.session, rider, one.id, now=clock.now())

    def give(self) -> None:
        host, now = self.session.get_one(User, self.host_id), clock.now()
        drafts = [
            HandOutDraft(f"{self.chance.random()}", host, self.station_id, now, code=one.code)
            for one in self._some(3)
        ]
        if drafts:
            handing.hand_out(self.session, drafts, now=now)

    def expire(self) -> None:
        for one in self._some():
            ending.expire(self.session, one.id, now=one.until)

    def _some(self, most: int = 1) -> list[Redemption]:
        wanted = select(Redemption).where(Redemption.reward_id == self.reward_id)
        found = self.session.scalars(wanted.order_by(Redemption.id.desc()).limit(9)).all()
        return self.chance.sample(found, min(most, len(found)))


def main(url: str, seed: str, *ids: str) -> None:
    """Go on until killed."""
    engine = create_engine(url)
    configure_engine(engine)
    session = Session(engine)
    hammer = Hammer(session, int(seed), [int(one) for one in ids])
    with suppress(Conflict), transaction(session):  # later nobody may have the points any more
        hammer.redeem()
    print("ready", flush=True)
    while True:
        try:
            with transaction(session):
                hammer.one_act()
        except Conflict:
            continue


if __name__ == "__main__":
    main(*sys.argv[1:])
