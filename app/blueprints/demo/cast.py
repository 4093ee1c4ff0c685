"""Who takes a step of a demo case, and what comes with it."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.blueprints.cases.life import Details
from app.blueprints.cases.transitions import Who
from app.blueprints.demo import words
from app.blueprints.demo.lives import Life, NotYetError
from app.blueprints.demo.people import People
from app.blueprints.demo.pictures import Scene
from app.blueprints.demo.plots import Beat, Plot

EXTENSION_HOURS = (16, 24, 40)
"""Longer than any night, so that whoever grants them in the morning is not too late."""
WITH_PHOTO = ("finish", "verify", "fail", "reopen")
BEFORE = ("fail", "reopen", "answer")
"""Steps whose photos still show the problem; those of others show it solved."""


class Pace(Protocol):
    """Says when the next step of a life is taken."""

    def __call__(self, life: Life, step: str, chance: random.Random, /) -> datetime: ...


@dataclass(frozen=True)
class Cast:
    """Everybody who may act, and the departments by category."""

    people: People
    departments: Mapping[str, int]
    chance: random.Random

    def play(self, life: Life, scene: Scene, plot: Plot, pace: Pace) -> None:
        """Let a plot happen, as far as it has come by now."""
        try:
            for beat in plot:
                at = pace(life, beat.step, self.chance)
                self._take(life, scene, beat, at)
        except NotYetError:
            return

    def _take(self, life: Life, scene: Scene, beat: Beat, at: datetime) -> None:
        by = beat.by
        if by is Who.VERIFIER and self._verifier(life) is None:
            by = Who.CENTRE
        life.take(beat.step, by, self._actor(life, by), at, self._details(life, scene, beat))

    def _actor(self, life: Life, by: Who) -> int:
        if by is Who.REPORTER:
            return life.case.reporter_id
        if by is Who.DEPARTMENT:
            return self.people.handlers[life.case.department_id or 0]
        if by is Who.ASSISTANT:
            return self.people.handlers[next(iter(life.parts))]
        if by is Who.AUTHORITY:
            return self.people.administrator
        return (by is Who.VERIFIER and self._verifier(life)) or self.chance.choice(
            self.people.dispatchers
        )

    def _verifier(self, life: Life) -> int | None:
        verifiers, case = self.people.verifiers, life.case
        return verifiers.get(case.grid_id or 0) or verifiers.get(case.street_id or 0)

    def _details(self, life: Life, scene: Scene, beat: Beat) -> Details:
        step, chance = beat.step, self.chance
        shows = step in WITH_PHOTO or (step == "answer" and chance.random() < 0.4)
        photo = scene.before if step in BEFORE else scene.after
        return Details(
            note=chance.choice(words.NOTES.get(step, ("",))),
            photos=(photo,) if shows else (),
            department_id=self._department(life, beat),
            parts=tuple(self._parts(life)) if beat.joint else (),
            hours=self._hours(life, step),
            satisfied=beat.satisfied if step == "rate" else None,
        )

    def _department(self, life: Life, beat: Beat) -> int | None:
        right = self.departments[life.category.code]
        if beat.step == "finish_part":
            return next(iter(life.parts))
        if beat.step not in ("dispatch", "redispatch"):
            return None
        return self._other(right) if beat.astray else right

    def _parts(self, life: Life) -> Iterator[tuple[int, str]]:
        yield self._other(self.departments[life.category.code]), self.chance.choice(words.PARTS)

    def _other(self, right: int) -> int:
        """Often the second of the departments, whose handler is an account to try."""
        others = [one for one in sorted(self.people.handlers) if one != right]
        return self.chance.choice((others[0], others[1], self.chance.choice(others)))

    def _hours(self, life: Life, step: str) -> int | None:
        if step == "ask_extension":
            return self.chance.choice(EXTENSION_HOURS)
        return life.events[-1].details.hours if step == "grant" else None
