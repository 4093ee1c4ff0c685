"""When the next step of a demo case is taken, in the manner of people who work by day."""

import random
from datetime import datetime, timedelta

from app.blueprints.demo.lives import Life
from app.lib.clock import to_local

STARTS_HOUR, ENDS_HOUR = 8, 21
"""When the centre, departments and grid workers are about, Suzhou time."""
MINUTES: dict[str, tuple[int, int]] = {
    "accept": (3, 45), "reject": (3, 60), "dispatch": (4, 90), "redispatch": (60, 400),
    "recall": (30, 300), "grant": (15, 200), "refuse": (15, 200), "ask": (5, 60),
    "go_on": (1500, 4300), "merge": (5, 40), "verify": (40, 1200), "fail": (40, 1200),
    "close": (10, 300), "supervise": (30, 300), "lift": (5, 60), "note": (5, 120),
    "reconsider": (200, 3000), "return": (20, 400),
}  # fmt: skip
"""Between which minutes after the step before, for those who work."""
REPORTERS_MINUTES: dict[str, tuple[int, int]] = {
    "appeal": (20, 5000), "withdraw": (1, 15), "restore": (5, 2000), "answer": (10, 1800),
    "reopen": (200, 9000), "rate": (30, 4000),
}  # fmt: skip
SHARES: dict[str, tuple[float, float]] = {
    "take": (0.01, 0.15),
    "finish_part": (0.05, 0.4),
    "ask_extension": (0.3, 0.8),
    "finish": (0.05, 0.85),
}
"""Between which shares of what is left of the limit, for a department."""
LATE_SHARE, MOST_LATE = 0.07, 1.9
SHORTEST = timedelta(minutes=2)


def next_moment(life: Life, step: str, chance: random.Random) -> datetime:
    """When a step after the last one is taken."""
    last = life.events[-1].at
    if step in SHARES:
        return max(_by_share(life, step, last, chance), last + SHORTEST)
    if step in REPORTERS_MINUTES:
        return last + timedelta(minutes=_skewed(chance, *REPORTERS_MINUTES[step]))
    return _awake(last + timedelta(minutes=_skewed(chance, *MINUTES[step])), chance)


def _by_share(life: Life, step: str, last: datetime, chance: random.Random) -> datetime:
    left = life.left_s(last)
    if not left:
        return last + timedelta(minutes=chance.randint(20, 600))
    share = chance.uniform(*SHARES[step])
    if step == "finish" and chance.random() < LATE_SHARE:
        share = chance.uniform(1.02, MOST_LATE)
    return life.calendar.add(last, max(60, int(left * share)), life.unit)


def _skewed(chance: random.Random, least: int, most: int) -> float:
    """Mostly soon, now and then late."""
    return least + (most - least) * chance.random() ** 2


def _awake(moment: datetime, chance: random.Random) -> datetime:
    """The moment itself by day, else in the morning after."""
    hour = to_local(moment).hour
    if STARTS_HOUR <= hour < ENDS_HOUR:
        return moment
    wait = (STARTS_HOUR - hour) % 24
    return moment + timedelta(hours=wait, minutes=chance.randint(0, 50))
