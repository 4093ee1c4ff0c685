"""A year of reports for the demo district, each with its whole life as a case."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.cases.routing import propose
from app.blueprints.demo import pace, words
from app.blueprints.demo.cast import Cast
from app.blueprints.demo.doubles import DOUBLES, doubles_of
from app.blueprints.demo.history_rows import write
from app.blueprints.demo.lives import Life
from app.blueprints.demo.people import People
from app.blueprints.demo.pictures import Row, Scene
from app.blueprints.demo.plots import any_plot
from app.blueprints.demo.spots import Spot, any_points, point_in_first_grid, spots_of
from app.blueprints.demo.today import TODAY, Laid, Whose
from app.blueprints.reports.models import Category, ClockFlag, Report
from app.lib.working_time import WorkingCalendar

REPORTS, OF_FIRST_RIDER = 5_300, 16
IN_FIRST_GRID = 0.03
MEALS_UTC = (3, 4, 5, 9, 10, 11, 12)
"""Lunch and dinner in Suzhou, when riders are in the street."""
NOON_UTC = 4
DRAWN: dict[str, str] = {
    "0102": "rubbish", "0103": "rubbish", "0104": "rubbish", "0108": "rubbish", "0505": "rubbish",
    "1301": "rubbish", "0504": "bikes", "0107": "bikes", "0602": "bikes", "0401": "pothole",
    "1204": "pothole", "0303": "pothole", "0405": "water", "0404": "water", "1101": "manhole",
    "1102": "manhole", "1103": "lamp", "1104": "lamp",
}  # fmt: skip
"""What the picture of a category shows; the others make do with any."""
DRAWN_WEIGHT = 6


@dataclass(frozen=True)
class Material:
    """What lives are made of."""

    people: People
    categories: Mapping[str, Category]
    scenes: Sequence[Scene]
    calendar: WorkingCalendar
    chance: random.Random
    now: datetime

    def life(self, received: datetime, rider: int, code: str, spot: Spot, scene: Scene) -> Life:
        """A report that was filed, and to which nothing has happened yet."""
        chance = self.chance
        ahead = chance.random() < 0.002
        case = Report(
            reporter_id=rider, category_code=code, description=chance.choice(words.REPORTED),
            place=spot.words, latitude=spot.latitude, longitude=spot.longitude,
            accuracy_m=float(chance.choice((5, 8, 12, 20, 35, 60))),
            captured_at=received + timedelta(days=1) if ahead else received - timedelta(minutes=3),
            sent_at=received, server_offset_ms=chance.randint(-900, 900), received_at=received,
            clock_flag=ClockFlag.FUTURE if ahead else None, grid_id=spot.grid_id,
            street_id=spot.street_id, returns=0, reworks=0, reopenings=0, flagged=False,
            points_earned=0,
        )  # fmt: skip
        life = Life(case, self.categories[code], self.now, self.calendar, self._photos(scene))
        life.receive()
        return life

    def scene(self, code: str) -> Scene:
        """A scene that shows what the category says, if one is drawn."""
        fitting = [one for one in self.scenes if one.problem == DRAWN.get(code)]
        return self.chance.choice(fitting or self.scenes)

    def rider(self) -> int:
        """Any rider but the first."""
        return self.chance.choice(self.people.riders[1:])

    def _photos(self, scene: Scene) -> tuple[str, ...]:
        if self.chance.random() < 0.75:
            return (scene.before,)
        second = self.chance.choice([one for one in self.scenes if one.problem == scene.problem])
        return tuple(dict.fromkeys((scene.before, second.before)))


def build_history(
    session: Session, people: People, pictures: tuple[list[Row], list[Scene]],
    chance: random.Random, now: datetime,
) -> int:  # fmt: skip
    """Write reports, their photos and events, and what stands beside them; answers how many."""
    photos, scenes = pictures
    categories = {
        one.code: one for one in session.scalars(select(Category).order_by(Category.code))
    }
    material = Material(people, categories, scenes, WorkingCalendar(), chance, now)
    cast = Cast(people, _departments(session, categories, now), chance)
    year = list(_year(session, material, cast))
    today = list(_today(session, material, cast))
    doubles = list(doubles_of([life for life, _scene in year + today], material, cast))
    lives = [life for life, _scene in year + today] + [double.life for double in doubles]
    write(session, lives, doubles, photos, now)
    return len(lives)


def _departments(
    session: Session, categories: Mapping[str, Category], now: datetime
) -> dict[str, int]:
    """The department that the rules give each category by day."""
    found = {}
    for code in categories:
        proposal = propose(session, code, None, now.replace(hour=NOON_UTC))
        if proposal is not None:
            found[code] = proposal.department.id
    return found


def _year(session: Session, material: Material, cast: Cast) -> Iterator[tuple[Life, Scene]]:
    """Cases by chance, each as far as it has come."""
    count = REPORTS - DOUBLES - sum(laid.count for laid in TODAY)
    chance, people = material.chance, material.people
    points = [
        point_in_first_grid(chance) if chance.random() < IN_FIRST_GRID else point
        for point in any_points(count, chance)
    ]
    spots = spots_of(session, points, chance)
    codes = _codes(material, count)
    for index, (code, spot) in enumerate(zip(codes, spots, strict=True)):
        mine = index % (count // OF_FIRST_RIDER) == 0
        rider = people.riders[0] if mine else material.rider()
        scene = material.scene(code)
        life = material.life(_moment(chance, material.now), rider, code, spot, scene)
        cast.play(life, scene, any_plot(chance), pace.next_moment)
        yield life, scene


def _today(session: Session, material: Material, cast: Cast) -> Iterator[tuple[Life, Scene]]:
    """What is on the desks, laid out on purpose."""
    laid = [one for one in TODAY for _number in range(one.count)]
    chance = material.chance
    points = [
        point_in_first_grid(chance) if one.whose is Whose.GRID_WORKER else point
        for one, point in zip(laid, any_points(len(laid), chance), strict=True)
    ]
    for one, spot in zip(laid, spots_of(session, points, chance), strict=True):
        yield _laid_life(one, spot, material, cast)


def _laid_life(laid: Laid, spot: Spot, material: Material, cast: Cast) -> tuple[Life, Scene]:
    chance, now = material.chance, material.now
    code = _code_for(laid, material, cast)
    scene = material.scene(code)
    received = now - timedelta(hours=chance.uniform(*laid.hours))
    rider = material.people.riders[0] if laid.whose is Whose.RIDER else material.rider()
    life = material.life(received, rider, code, spot, scene)
    between = (now - received) / (len(laid.plot) + 1)

    def evenly(life: Life, _step: str, chance: random.Random) -> datetime:
        return life.events[-1].at + between * chance.uniform(0.8, 1)

    cast.play(life, scene, laid.plot, evenly)
    return life, scene


def _code_for(laid: Laid, material: Material, cast: Cast) -> str:
    if laid.whose is not Whose.HANDLER:
        return _codes(material, 1)[0]
    first = min(material.people.handlers)
    codes = [code for code, department in cast.departments.items() if department == first]
    drawn = [code for code in codes if code in DRAWN]
    return material.chance.choice(drawn * 2 + codes)


def _codes(material: Material, count: int) -> list[str]:
    codes = list(material.categories)
    weights = [DRAWN_WEIGHT if code in DRAWN else 1 for code in codes]
    return material.chance.choices(codes, weights, k=count)


def _moment(chance: random.Random, now: datetime) -> datetime:
    day = now - timedelta(days=chance.randint(1, 365))
    hour = chance.choice(MEALS_UTC) if chance.random() < 0.6 else chance.randint(0, 15)
    return day.replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))
