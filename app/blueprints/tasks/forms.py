"""The form of a task."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
    widgets,
)
from wtforms.validators import Length, Optional

from app.blueprints.points.forms import FIVE_ROLES
from app.blueprints.tasks import terms
from app.blueprints.tasks.models import QuestionKind, Task
from app.blueprints.tasks.terms import Proof, Question, TaskDraft
from app.blueprints.tasks.words import QUESTION_KINDS
from app.lib.clock import to_local
from app.lib.database import MAX_ROW_ID
from app.lib.fields import Chosen, Moment, SettingsForm, number, text
from app.lib.geo import degrees_in
from app.lib.text import clean

MINUTES: dict[str, Any] = {
    "30": _l("30 minutes"), "60": _l("1 hour"), "120": _l("2 hours"), "240": _l("4 hours"),
    "1440": _l("1 day"), "4320": _l("3 days"), "10080": _l("7 days"),
}  # fmt: skip
WEEKDAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"),
    _l("Sunday"),
)  # fmt: skip
QUESTIONS = range(1, terms.MOST_QUESTIONS + 1)
MAX_OPTIONS = 400
_NOT_THERE = _l("Choose from the list.")


class Several(SelectMultipleField):
    """Boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        known = {value for value, *_rest in self.iter_choices()}
        if any(one not in known for one in self.data or ()):
            raise ValidationError(_NOT_THERE)


class Day(DateField):
    """A day, or none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(valuelist):
            return
        try:
            super().process_formdata([value[:10] for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("That is no day.")) from error


def _kinds() -> SelectField:
    choices = [SelectChoice(str(kind), words) for kind, words in QUESTION_KINDS.items()]
    return SelectField(_l("How it is answered"), choices=choices, default=QuestionKind.WORDS)


def _options() -> StringField:
    return StringField(
        _l("Answers to choose from, with / between them"),
        [Length(max=MAX_OPTIONS, message=_l("At most %(most)s characters.", most=MAX_OPTIONS))],
        filters=[clean], render_kw={"maxlength": MAX_OPTIONS, "autocomplete": "off"},
    )  # fmt: skip


class TaskForm(SettingsForm):
    """What a task is, where, when, for whom, what it earns and what proves it."""

    organisation = Chosen(_l("Published by"), choices=[])
    title_zh = text(_l("Title in Chinese"), terms.MAX_TITLE, _l("Give it a title."))
    title_en = text(_l("Title in English"), terms.MAX_TITLE_EN)
    words_zh = text(
        _l("What is to be done, in Chinese"), terms.MAX_WORDS, _l("Say what is to be done."),
        area=True,
    )  # fmt: skip
    words_en = text(_l("What is to be done, in English"), terms.MAX_WORDS, area=True)
    five_role = Chosen(_l("Serves as"), choices=[SelectChoice(*one) for one in FIVE_ROLES.values()])
    place = text(_l("Place in words"), terms.MAX_PLACE)
    point = text(_l("Coordinates: latitude, longitude"), 40)
    radius_m = number(_l("Radius in metres"), terms.MOST_RADIUS_M, least=terms.LEAST_RADIUS_M)
    area = Chosen(_l("Or anywhere in an area"), choices=[], default="")
    starts_at = Moment(_l("Begins"))
    ends_at = Moment(_l("Ends"))
    needed = number(_l("How many riders"), terms.MOST_RIDERS)
    points = number(_l("Points for each"), terms.MOST_POINTS, least=0)
    claim_minutes = Chosen(
        _l("Time for it after claiming"), choices=[SelectChoice(*one) for one in MINUTES.items()]
    )
    photos = number(_l("How many photos"), terms.MOST_PHOTOS, least=0)
    place_needed = BooleanField(_l("The phone must be at the place"))
    check_in = text(_l("Check-in at the station with this number"), 16)
    question_1 = text(_l("Question"), terms.MAX_QUESTION)
    question_2 = text(_l("Question"), terms.MAX_QUESTION)
    question_3 = text(_l("Question"), terms.MAX_QUESTION)
    question_4 = text(_l("Question"), terms.MAX_QUESTION)
    question_5 = text(_l("Question"), terms.MAX_QUESTION)
    question_6 = text(_l("Question"), terms.MAX_QUESTION)
    kind_1, kind_2, kind_3, kind_4, kind_5, kind_6 = (_kinds() for _number in QUESTIONS)
    options_1, options_2, options_3 = _options(), _options(), _options()
    options_4, options_5, options_6 = _options(), _options(), _options()
    min_star = Chosen(
        _l("Star level needed"),
        choices=[SelectChoice(str(star), str(star)) for star in range(1, 6)],
    )
    roles = Several(_l("Only riders who are also"), choices=[], default=[])
    companies = Several(_l("Only riders of"), choices=[], default=[])
    distance_m = number(
        _l("Only riders within so many metres"), terms.MOST_DISTANCE_M,
        least=terms.LEAST_DISTANCE_M, optional=True,
    )  # fmt: skip
    weekdays = Several(
        _l("Comes again on"),
        choices=[SelectChoice(str(day), word) for day, word in enumerate(WEEKDAYS)], default=[],
    )  # fmt: skip
    until = Day(_l("Until the day"), [Optional()])
    case = HiddenField(default="")

    def validate_point(self, field: Any) -> None:
        if field.data and degrees_in(field.data) is None:
            raise ValidationError(_l("That is no pair of coordinates."))

    def draft(self, check_in: int | None) -> TaskDraft:
        """What was entered, after `validate`; `check_in` is the station of that number."""
        at = degrees_in(self.point.data) if self.point.data else None
        return TaskDraft(
            organisation_id=int(self.organisation.data),
            title_zh=self.title_zh.data, title_en=self.title_en.data or "",
            words_zh=self.words_zh.data, words_en=self.words_en.data or "",
            five_role=self.five_role.data, place=self.place.data or "",
            latitude=at[0] if at else None, longitude=at[1] if at else None,
            radius_m=self.radius_m.data, area_id=int(self.area.data) if self.area.data else None,
            starts_at=self.starts_at.moment, ends_at=self.ends_at.moment,
            needed=self.needed.data, points=self.points.data,
            claim_minutes=int(self.claim_minutes.data),
            proof=Proof(self.photos.data, self.place_needed.data, check_in, self._questions()),
            min_star=int(self.min_star.data), roles=tuple(self.roles.data),
            companies=tuple(int(one) for one in self.companies.data),
            distance_m=self.distance_m.data, case_id=row_id(self.case.data),
        )  # fmt: skip

    def _questions(self) -> tuple[Question, ...]:
        """Those that were entered, in their order."""
        lines = (
            (self[f"question_{n}"], self[f"kind_{n}"], self[f"options_{n}"]) for n in QUESTIONS
        )
        return tuple(
            Question(said.data, QuestionKind(kind.data), _parts(kind.data, options.data))
            for said, kind, options in lines
            if said.data
        )

    def days(self) -> tuple[int, ...]:
        """The weekdays on which it comes again, 0 Monday."""
        return tuple(int(one) for one in self.weekdays.data)

    def last_day(self) -> date:
        """The last of them; that of the beginning where none was said."""
        last: date = self.until.data or self.starts_at.data.date()
        return last


def _parts(kind: str, options: str | None) -> tuple[str, ...]:
    if kind != QuestionKind.CHOICE:
        return ()
    return tuple(part.strip() for part in (options or "").split("/") if part.strip())


def row_id(said: str | None) -> int | None:
    """An id as a form or an address says it; None for anything else."""
    if not said or not (said.isascii() and said.isdigit()) or len(said) > 10:
        return None
    return int(said) if 0 < int(said) <= MAX_ROW_ID else None


def entered(task: Task, check_in: str) -> dict[str, Any]:
    """What the form of a draft shows first; `check_in` is the number of the station."""
    proof = Proof.of(task.proof)
    point = "" if task.latitude is None else f"{task.latitude:.6f}, {task.longitude:.6f}"
    same = ("title_zh", "title_en", "words_zh", "words_en", "five_role", "place", "radius_m",
            "needed", "points", "distance_m", "roles")  # fmt: skip
    return {
        **{name: getattr(task, name) for name in same},
        "organisation": str(task.organisation_id), "point": point, "area": str(task.area_id or ""),
        "starts_at": to_local(task.starts_at), "ends_at": to_local(task.ends_at),
        "claim_minutes": str(task.claim_minutes), "photos": proof.photos,
        "place_needed": proof.place, "check_in": check_in, "min_star": str(task.min_star or 1),
        "companies": [str(one.company_id) for one in task.companies],
        "case": str(task.case_id or ""), **_entered_questions(proof.questions),
    }  # fmt: skip


def _entered_questions(questions: Sequence[Question]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, one in enumerate(questions, start=1):
        found |= {
            f"question_{place}": one.text, f"kind_{place}": str(one.kind),
            f"options_{place}": " / ".join(one.options),
        }  # fmt: skip
    return found


class AdjustForm(SettingsForm):
    """What may change of an open task."""

    needed = number(_l("How many riders"), terms.MOST_RIDERS)
    ends_at = Moment(_l("Ends"))
    points = HiddenField()
