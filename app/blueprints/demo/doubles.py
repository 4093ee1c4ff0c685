"""Demo reports of problems that somebody had reported before: merged, or waiting to be."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.blueprints.cases.models import LinkState
from app.blueprints.demo.cast import Cast
from app.blueprints.demo.lives import Life
from app.blueprints.demo.pictures import Scene
from app.blueprints.demo.plots import plot
from app.blueprints.demo.spots import Spot, beside
from app.blueprints.reports.models import State
from app.lib.geo import distance_m

DOUBLES, OPEN_DOUBLES = 110, 6
SOON = timedelta(hours=30)
MERGED_AFTER = timedelta(minutes=25)
LATELY = timedelta(days=4)


class Makes(Protocol):
    """What makes lives: `app.blueprints.demo.history.Material`."""

    @property
    def chance(self) -> random.Random: ...
    @property
    def now(self) -> datetime: ...

    def life(self, received: datetime, rider: int, code: str, spot: Spot, scene: Scene) -> Life: ...
    def scene(self, code: str) -> Scene: ...
    def rider(self) -> int: ...


@dataclass(frozen=True)
class Double:
    """A report of the same problem as `main`, and what was said to that."""

    life: Life
    main: Life
    state: LinkState

    @property
    def distance_m(self) -> int:
        """How far apart they are."""
        one, other = self.life.case, self.main.case
        return round(
            distance_m(
                one.latitude or 0, one.longitude or 0, other.latitude or 0, other.longitude or 0
            )
        )


def doubles_of(mains: Sequence[Life], makes: Makes, cast: Cast) -> Iterator[Double]:
    """Further reports of problems of which one was being handled at the time."""
    chance, now = makes.chance, makes.now
    at_work = [life for life in mains if _worked_on(life, now)]
    chance.shuffle(at_work)
    lately = [
        life for life in at_work
        if life.case.received_at > now - LATELY and life.case.state != State.CLOSED
    ]  # fmt: skip
    for main in chance.sample(lately, OPEN_DOUBLES):
        life, _scene = _again(main, now - timedelta(minutes=chance.randint(4, 90)), makes)
        yield Double(life, main, LinkState.PROPOSED)
    for main in at_work[: DOUBLES - OPEN_DOUBLES]:
        first, last = _while_open(main, now)
        life, scene = _again(main, first + (last - first) * chance.random() * 0.8, makes)
        _merge(life, scene, main, cast)
        yield Double(life, main, LinkState.MERGED)


def _again(main: Life, received: datetime, makes: Makes) -> tuple[Life, Scene]:
    case = main.case
    spot = Spot(
        case.latitude or 0, case.longitude or 0, case.grid_id, case.street_id, case.place
    )  # fmt: skip
    code = main.category.code
    scene = makes.scene(code)
    life = makes.life(
        received, _somebody_else(main, makes), code, beside(spot, makes.chance), scene
    )
    return life, scene


def _somebody_else(main: Life, makes: Makes) -> int:
    rider = makes.rider()
    return rider if rider != main.case.reporter_id else _somebody_else(main, makes)


def _merge(life: Life, scene: Scene, main: Life, cast: Cast) -> None:
    """The centre merges it, which earns its reporter the half once the main case is closed."""
    life.into = main
    cast.play(
        life, scene, plot("merge"), lambda one, _step, _chance: one.events[-1].at + MERGED_AFTER
    )
    if main.case.state == State.CLOSED:
        life.case.points_earned = (main.category.points + 1) // 2


def _while_open(main: Life, now: datetime) -> tuple[datetime, datetime]:
    """From the dispatch of a case until it is closed first, or a day later."""
    sent = next(one.at for one in main.events if one.step == "dispatch")
    ended = next((one.at for one in main.events if one.step == "close"), now)
    return sent, min(ended, sent + SOON) - MERGED_AFTER


def _worked_on(life: Life, now: datetime) -> bool:
    if not any(one.step == "dispatch" for one in life.events):
        return False
    first, last = _while_open(life, now)
    return last > first
