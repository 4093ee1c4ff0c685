"""What a task asks for, as it is entered: bounds, and how it is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.blueprints.photos.services import MAX_PHOTOS
from app.blueprints.tasks.models import MOST_POINTS, MOST_RIDERS, QuestionKind

__all__ = ["MOST_POINTS", "MOST_RIDERS", "Proof", "Question", "TaskDraft"]

MAX_TITLE, MAX_TITLE_EN, MAX_WORDS, MAX_PLACE = 60, 80, 1000, 120
MOST_QUESTIONS, MAX_QUESTION, MAX_OPTION = 6, 120, 40
MIN_OPTIONS, MOST_OPTIONS = 2, 8
MOST_PHOTOS = MAX_PHOTOS
"""What an outbox item carries."""
LEAST_RADIUS_M, MOST_RADIUS_M = 20, 2000
LEAST_DISTANCE_M, MOST_DISTANCE_M = 100, 50_000
LEAST_MINUTES, MOST_MINUTES = 10, 7 * 24 * 60
MOST_STARS = 5
MOST_AHEAD = timedelta(days=90)
"""How far ahead a task ends at most."""


@dataclass(frozen=True)
class Question:
    """A question, and for a choice what may be chosen."""

    text: str
    kind: QuestionKind = QuestionKind.WORDS
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """What is to be handed in: so many photos, where it was, a check-in at a station, answers."""

    photos: int = 0
    place: bool = False
    check_in: int | None = None
    questions: tuple[Question, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As `Task.proof` keeps it."""
        questions = [asdict(one) | {"options": list(one.options)} for one in self.questions]
        return asdict(self) | {"questions": questions}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Proof":
        """What `stored` made."""
        questions = tuple(
            Question(one["text"], QuestionKind(one["kind"]), tuple(one["options"]))
            for one in stored["questions"]
        )
        return cls(stored["photos"], stored["place"], stored["check_in"], questions)


@dataclass(frozen=True)
class TaskDraft:
    """A task as it is entered: at a point with a radius, or in an area."""

    organisation_id: int
    title_zh: str
    words_zh: str
    five_role: str
    starts_at: datetime
    ends_at: datetime
    needed: int
    points: int
    claim_minutes: int = 24 * 60
    title_en: str = ""
    words_en: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_m: int = 100
    area_id: int | None = None
    proof: Proof = field(default_factory=Proof)
    min_star: int = 0
    roles: tuple[str, ...] = ()
    companies: tuple[int, ...] = ()
    distance_m: int | None = None
    case_id: int | None = None

    def columns(self) -> dict[str, Any]:
        """As `Task` keeps it, but for the companies."""
        values = dict(vars(self))
        companies = values.pop("companies")
        return values | {
            "proof": self.proof.stored(), "roles": list(self.roles),
            "for_companies": bool(companies),
        }  # fmt: skip

    def stored(self) -> dict[str, Any]:
        """As a series keeps it: without its times."""
        left_out = ("starts_at", "ends_at", "case_id", "for_companies")
        values = {name: value for name, value in self.columns().items() if name not in left_out}
        return values | {"companies": list(self.companies)}

    @classmethod
    def of(cls, stored: Mapping[str, Any], starts_at: datetime, ends_at: datetime) -> "TaskDraft":
        """What `stored` made, at a time."""
        values = dict(stored) | {
            "proof": Proof.of(stored["proof"]), "roles": tuple(stored["roles"]),
            "companies": tuple(stored["companies"]),
        }  # fmt: skip
        return cls(starts_at=starts_at, ends_at=ends_at, **values)
