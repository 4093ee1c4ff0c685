"""What may come with a step, one form for each; the desks and the outbox share the bounds.

That what a step needs is there, `cases.life` checks: who takes the step decides what it needs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional

from app.blueprints.cases.effects import MOST_HOURS
from app.blueprints.cases.life import Details
from app.blueprints.reports.forms import NumberField
from app.lib.database import MAX_ROW_ID
from app.lib.text import clean

MAX_NOTE, MAX_TASK, MOST_PARTS, MOST_PHOTOS = 500, 200, 5, 4


class WholeField(NumberField):
    """A whole number or nothing, from a form's text or from JSON."""

    data: int | None = None

    def _number(self, value: object) -> int | None:
        number = super()._number(value)
        if number is None:
            return None
        if number != int(number):
            raise ValueError(_l("That is no whole number."))
        return int(number)


def _id_field(label: Any) -> WholeField:
    there = NumberRange(1, MAX_ROW_ID, _l("There is nothing of that number."))
    return WholeField(label, [Optional(), there])


def _number_field(least: int, most: int, message: Any) -> NumberField:
    return NumberField("", [Optional(), NumberRange(least, most, message)])


class StepForm(Form):
    """A note, and the version of the case as the person saw it."""

    version = WholeField(
        "", [Optional(), NumberRange(1, MAX_ROW_ID, _l("That is no number."))],
        widget=HiddenField.widget,
    )  # fmt: skip
    note = TextAreaField(
        _l("Note"),
        [Length(max=MAX_NOTE, message=_l("At most 500 characters."))],
        filters=[clean],
        render_kw={"rows": 3, "maxlength": MAX_NOTE},
    )

    def details(self, photos: Sequence[str] = ()) -> Details:
        """What the form holds, for `take_step`. Photos are SHA-256 in hex."""
        return Details(
            note=self.note.data or "", photos=tuple(photos), version=self.version.data,
            **self.further(),
        )  # fmt: skip

    def further(self) -> dict[str, Any]:
        """What a step has beside note and photos."""
        return {}

    def say(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Put what a service found wrong at its fields; what has no field here goes to the note."""
        for name, texts in errors.items():
            field = self._fields.get(name, self.note)
            field.errors = [*field.errors, *texts]


class ProofForm(StepForm):
    """With photos, and the place and time at which they were taken."""

    photos = MultipleFileField(_l("Photos"), render_kw={"accept": "image/*"})
    latitude = _number_field(-90, 90, _l("That place is not on the earth."))
    longitude = _number_field(-180, 180, _l("That place is not on the earth."))
    accuracy_m = _number_field(0, 1_000_000, _l("That is no number."))

    def further(self) -> dict[str, Any]:
        names = ("latitude", "longitude", "accuracy_m")
        told = {name: self[name].data for name in names if self[name].data is not None}
        return {"data": told}


class PartForm(Form):
    """Another department, and what it has to do."""

    department_id = _id_field(_l("Department"))
    task = StringField(
        _l("What it has to do"),
        [Length(max=MAX_TASK, message=_l("At most 200 characters."))],
        filters=[clean],
        render_kw={"maxlength": MAX_TASK},
    )

    def validate_task(self, field: StringField) -> None:
        if self.department_id.data and not field.data:
            raise ValidationError(_l("Say what it has to do."))

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields alone, then both together: Optional skips what is empty."""
        fits = super().validate(extra_validators)
        if fits and self.task.data and not self.department_id.data:
            self.department_id.errors = [_l("Choose a department.")]
            return False
        return bool(fits)


class DispatchForm(StepForm):
    """To which department, and to which others for a part each."""

    department_id = _id_field(_l("Department"))
    parts = FieldList(
        FormField(PartForm),
        _l("Other departments"),
        [Length(max=MOST_PARTS, message=_l("At most five other departments."))],
    )

    def further(self) -> dict[str, Any]:
        rows = [(part.department_id.data, part.task.data) for part in self.parts]
        chosen = tuple((department, task) for department, task in rows if department)
        return {"department_id": self.department_id.data, "parts": chosen}


class HandoverForm(StepForm):
    """To which other department."""

    department_id = _id_field(_l("Department"))

    def further(self) -> dict[str, Any]:
        return {"department_id": self.department_id.data}


class HoursForm(StepForm):
    """By how many hours the limit grows."""

    hours = WholeField(
        _l("Hours more (8 are a working day)"),
        [Optional(), NumberRange(1, MOST_HOURS, _l("Say a number from 1 to 240."))],
        render_kw={"inputmode": "numeric", "type": "number", "min": 1, "max": MOST_HOURS},
    )

    def further(self) -> dict[str, Any]:
        return {"hours": self.hours.data}


class MergeForm(StepForm):
    """Into which case; known by the number in its name."""

    into_id = _id_field(_l("Number of the case that stays"))

    def further(self) -> dict[str, Any]:
        return {"into_id": self.into_id.data}


class RateForm(StepForm):
    """Whether it is solved."""

    satisfied = StringField(_l("Is it solved?"), [Length(max=3)])

    def further(self) -> dict[str, Any]:
        return {"satisfied": {"yes": True, "no": False}.get(self.satisfied.data or "")}


_WITH_PHOTOS = ("finish", "finish_part", "return", "verify", "fail", "note", "answer", "reopen")
_FORMS: dict[str, type[StepForm]] = dict.fromkeys(_WITH_PHOTOS, ProofForm) | {
    "dispatch": DispatchForm, "redispatch": HandoverForm, "ask_extension": HoursForm,
    "grant": HoursForm, "merge": MergeForm, "rate": RateForm,
}  # fmt: skip
NOTES: dict[str, Any] = {
    "reject": _l("Reason, for the rider to read"),
    "ask": _l("Question to the reporter"),
    "dispatch": _l("Hint for the department"),
    "finish": _l("What was done, for the rider to read"),
    "finish_part": _l("What was done"),
    "close": _l("Words to the reporter"),
    "verify": _l("What was seen"),
    "fail": _l("What is not right yet"),
    "return": _l("Why it is not yours"),
    "ask_extension": _l("Why it takes longer"),
    "refuse": _l("Why not"),
    "recall": _l("Why it is called back"),
    "redispatch": _l("Why another department"),
    "supervise": _l("What is expected"),
    "reopen": _l("What is wrong still"),
    "note": _l("Internal note"),
}
"""What the note of a step is called; of any other it is just a note."""


def form_for(step: str, sent: MultiDict[str, Any] | None = None, **data: Any) -> StepForm:
    """The form of a step, filled with what was sent or, before that, with `data`."""
    form = _FORMS.get(step, StepForm)(sent, data=data)
    form.note.label.text = NOTES.get(step, form.note.label.text)
    return form


def form_from_fields(step: str, fields: Mapping[str, object]) -> StepForm:
    """The form of a step filled from JSON, as an outbox sends it; only text and numbers count."""
    plain = {
        name: str(value)
        for name, value in fields.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    return form_for(step, MultiDict(plain))
