"""What a rider hands in, checked against what the task asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.areas import locate
from app.blueprints.organisations.models import Organisation
from app.blueprints.photos.services import held
from app.blueprints.tasks.models import Claim, QuestionKind, Task
from app.blueprints.tasks.terms import MOST_PHOTOS, Proof, Question
from app.blueprints.visits.models import CheckIn
from app.errors import Invalid
from app.lib.geo import MOST_ACCURACY_M, Spot, distance_m
from app.lib.text import clean

MAX_ANSWER, MAX_NUMBER = 300, 12
CHECK_IN_BEFORE, CHECK_IN_AFTER = timedelta(hours=1), timedelta(minutes=10)
"""How long before the claim, and after the deed, a check-in may lie that belongs to it."""
AREA_AWAY_M = 1
"""What stands for the distance from an area that a phone is outside of."""


class Mark(StrEnum):
    """What whoever checks should look at twice."""

    TOO_FAR = "too_far"
    NO_CHECK_IN = "no_check_in"
    EARLY = "early"
    CLOCK = "clock"
    LATE = "late"
    """Done in time, and arrived after it."""


@dataclass(frozen=True, slots=True)
class HandIn:
    """What a rider did, as the phone kept it. `key` is the outbox item's; `answers` stand in the
    order of the questions; photos are SHA-256 in hex that the rider has sent before; `at` is by
    the phone's clock, corrected by what it knew of the server's, and `clock_off` says that it
    cannot be believed."""

    key: str
    rider: User
    claim_id: int
    answers: tuple[str, ...]
    photos: tuple[str, ...]
    at: datetime
    spot: Spot | None = None
    clock_off: bool = False


def check_proof(session: Session, task: Task, draft: HandIn) -> tuple[str, ...]:
    """The answers as they are kept. Raises Invalid at `photos`, `place` and `answer_1` to
    `answer_6`."""
    wanted = Proof.of(task.proof)
    wrong: dict[str, list[str]] = {}
    if said := _wrong_photos(session, wanted, draft):
        wrong["photos"] = [said]
    if wanted.place and draft.spot is None:
        wrong["place"] = [_("Let the phone say where you are.")]
    answers = []
    for number, question in enumerate(wanted.questions, start=1):
        answer = clean(draft.answers[number - 1] if number <= len(draft.answers) else "")
        if said := _wrong_answer(question, answer):
            wrong[f"answer_{number}"] = [said]
        answers.append(answer)
    if wrong:
        raise Invalid(wrong)
    return tuple(answers)


def _wrong_photos(session: Session, wanted: Proof, draft: HandIn) -> str:
    photos = set(draft.photos)
    if len(photos) < wanted.photos:
        return str(
            ngettext(
                "This task needs %(num)s photo.", "This task needs %(num)s photos.", wanted.photos
            )
        )
    if len(photos) > MOST_PHOTOS or len(photos) != len(draft.photos):
        return str(_("At most %(count)s photos, each once.", count=MOST_PHOTOS))
    if photos - held(session, draft.rider.id, photos):
        return str(_("That photo has not arrived. Please send it again."))
    return ""


def _wrong_answer(question: Question, answer: str) -> str:
    if not answer:
        return str(_("Answer this question."))
    match question.kind:
        case QuestionKind.YES_NO if answer not in ("yes", "no"):
            return str(_("Answer yes or no."))
        case QuestionKind.NUMBER if not _is_number(answer):
            return str(_("Answer with a number."))
        case QuestionKind.CHOICE if answer not in question.options:
            return str(_("Choose one of the answers."))
    too_long = len(answer) > MAX_ANSWER
    return str(_("At most %(most)s characters.", most=MAX_ANSWER)) if too_long else ""


def _is_number(answer: str) -> bool:
    whole, _dot, part = answer.removeprefix("-").partition(".")
    digits = whole + part
    return len(answer) <= MAX_NUMBER and bool(whole) and digits.isascii() and digits.isdigit()


def away_m(session: Session, task: Task, spot: Spot | None) -> int | None:
    """How many metres a phone was outside of the task's circle, less what it is unsure of; 0 for
    inside, 1 for anywhere outside of an area, None where nobody can say."""
    if spot is None:
        return None
    if task.latitude is not None and task.longitude is not None:
        away = distance_m(spot.latitude, spot.longitude, task.latitude, task.longitude)
        return max(0, round(away - task.radius_m - min(spot.accuracy_m, MOST_ACCURACY_M)))
    if task.area is None:
        return None
    return 0 if _lies_in(session, task.area, spot) else AREA_AWAY_M


def _lies_in(session: Session, area: Organisation, spot: Spot) -> bool:
    place = locate(session, spot.latitude, spot.longitude)
    grid = session.get(Organisation, place.grid_id) if place else None
    return grid is not None and grid.path.startswith(area.path)


def marks_of(
    session: Session, task: Task, claim: Claim, draft: HandIn, away: int | None
) -> Sequence[Mark]:
    """What speaks against it: none of it refuses anything."""
    wanted = Proof.of(task.proof)
    found = {
        Mark.TOO_FAR: wanted.place and bool(away),
        Mark.NO_CHECK_IN: wanted.check_in is not None
        and not _checked_in(session, wanted.check_in, claim, draft),
        Mark.EARLY: draft.at < task.starts_at,
        Mark.CLOCK: draft.clock_off or draft.at < claim.claimed_at - CHECK_IN_AFTER,
    }
    return [mark for mark, so in found.items() if so]


def _checked_in(session: Session, station_id: int, claim: Claim, draft: HandIn) -> bool:
    wanted = {claim.id: WantedCheckIn.of(station_id, claim, done_at=draft.at)}
    return claim.id in check_ins(session, draft.rider.id, wanted)


@dataclass(frozen=True, slots=True)
class WantedCheckIn:
    """Where and when a check-in lies that belongs to a claim."""

    station_id: int
    since: datetime
    until: datetime

    @classmethod
    def of(cls, station_id: int, claim: Claim, *, done_at: datetime) -> "WantedCheckIn":
        """That of a claim that is done at a moment."""
        return cls(station_id, claim.claimed_at - CHECK_IN_BEFORE, done_at + CHECK_IN_AFTER)

    def is_met(self, station_id: int, at: datetime) -> bool:
        """Whether a check-in that counts is one."""
        return station_id == self.station_id and self.since <= at <= self.until


def check_ins(
    session: Session, rider_id: int, wanted: Mapping[int, WantedCheckIn]
) -> dict[int, datetime]:
    """When a rider first checked in as it is wanted, by the keys of `wanted`: one statement."""
    if not wanted:
        return {}
    found = select(CheckIn.station_id, CheckIn.at).where(
        CheckIn.rider_id == rider_id,
        CheckIn.station_id.in_({one.station_id for one in wanted.values()}),
        CheckIn.at >= min(one.since for one in wanted.values()),
        CheckIn.at <= max(one.until for one in wanted.values()),
        CheckIn.mark.is_(None), CheckIn.undone_at.is_(None),
    )  # fmt: skip
    rows = [(station_id, at) for station_id, at in session.execute(found.order_by(CheckIn.at))]
    came = {
        key: next((at for station_id, at in rows if one.is_met(station_id, at)), None)
        for key, one in wanted.items()
    }
    return {key: at for key, at in came.items() if at is not None}
