"""What may be entered at the desk of compounds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
    widgets,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.blueprints.gates.compounds import CompoundSettings, GateSettings
from app.blueprints.gates.maps import MOST_BUILDINGS, MOST_NAME, Spot
from app.blueprints.gates.models import Compound, Directions, Gate, Vehicles
from app.blueprints.gates.pass_log import LogFilter
from app.blueprints.gates.pass_words import DIRECTIONS, GATE_DIRECTIONS, METHODS, OUTCOMES, VEHICLES
from app.lib import clock
from app.lib.text import clean

MAX_NOTE, MAX_NAME, MAX_WHY, MAX_TEXT = 500, 60, 200, 24
RADIUS_M = (20, 500)
MOST_PRINTED = 99
MOST_DIGITS = 9
WEEKDAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"),
    _l("Sunday"),
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2020, 2100
_CALL = re.compile(r"\+?[0-9][0-9 -]{2,30}")


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


def _minute(value: time | None) -> int:
    return value.hour * 60 + value.minute if value else 0


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


class ClockField(TimeField):
    """A time of day, to the minute."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [InputRequired(_l("Say a time, as 23:00."))], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value[:5] for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("That is no time of day.")) from error


class Whole(IntegerField):
    """A whole number of a few digits: a longer one is none, and would overflow."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and len(valuelist[0]) > MOST_DIGITS:
            raise ValueError(_l("That is no number."))
        super().process_formdata(valuelist)


class Degrees(StringField):
    """Degrees of WGS-84, or nothing."""

    def __init__(self, label: Any, most: int, **kwargs: Any) -> None:
        super().__init__(label, filters=[clean], **kwargs)
        self.most = most

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        self.degrees: float | None = None
        if not self.data:
            return
        try:
            value = float(self.data)
        except ValueError as error:
            raise ValidationError(_l("That is no number.")) from error
        if not -self.most <= value <= self.most:  # false for what is no number as well
            raise ValidationError(_l("That place is not on the earth."))
        self.degrees = round(value, 7)


class RulesForm(Form):
    """The rules and the place of one gate."""

    opens = ClockField(_l("Opens"))
    closes = ClockField(_l("Closes"))
    weekdays = SelectMultipleField(
        _l("On these days"),
        coerce=int,
        choices=_choices(dict(enumerate(WEEKDAYS))),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    live_only = BooleanField(_l("Live codes only, no printed badges"))
    printed_cap = Whole(
        _l("Entries of one printed badge a day"),
        [
            Optional(),
            NumberRange(1, MOST_PRINTED, _l("A number from 1 to 99, or nothing.")),
        ],
    )
    vehicles = RadioField(_l("E-bikes"), choices=_choices(VEHICLES))
    direction = RadioField(_l("Direction"), choices=_choices(GATE_DIRECTIONS))
    latitude = Degrees(_l("Latitude"), 90)
    longitude = Degrees(_l("Longitude"), 180)
    radius_m = Whole(
        _l("Riders may scan it within (metres)"),
        [
            InputRequired(_l("A number from 20 to 500.")),
            NumberRange(*RADIUS_M, _l("A number from 20 to 500.")),
        ],
    )

    @classmethod
    def of(cls, gate: Gate | None) -> "RulesForm":
        """The form filled with what is set; of a gate that has nothing set, with what counts."""
        if gate is None:
            gate = Gate(
                opens_min=0, closes_min=0, weekdays=127, live_only=False, radius_m=80,
                vehicles=Vehicles.ANY, direction=Directions.BOTH,
            )  # fmt: skip
        return cls(
            data={
                "opens": _time(gate.opens_min),
                "closes": _time(gate.closes_min),
                "weekdays": [day for day in range(7) if gate.weekdays >> day & 1],
                "live_only": gate.live_only,
                "printed_cap": gate.printed_cap,
                "vehicles": str(gate.vehicles),
                "direction": str(gate.direction),
                "latitude": "" if gate.latitude is None else str(gate.latitude),
                "longitude": "" if gate.longitude is None else str(gate.longitude),
                "radius_m": gate.radius_m,
            }
        )

    def validate_weekdays(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("Choose a day at least."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Fields alone, then both coordinates together."""
        fits = bool(super().validate(extra_validators))
        pair = (self.latitude, self.longitude)
        empty = [one for one in pair if not one.data]
        if len(empty) == 1:
            empty[0].errors = [_l("A place needs both coordinates.")]
            return False
        return fits

    def settings(self) -> GateSettings:
        """What was entered, after `validate`."""
        return GateSettings(
            opens_min=_minute(self.opens.data),
            closes_min=_minute(self.closes.data),
            weekdays=sum(1 << day for day in set(self.weekdays.data)),
            live_only=bool(self.live_only.data),
            printed_cap=self.printed_cap.data,
            vehicles=Vehicles(self.vehicles.data),
            direction=Directions(self.direction.data),
            latitude=self.latitude.degrees,
            longitude=self.longitude.degrees,
            radius_m=self.radius_m.data,
        )


class CompoundForm(Form):
    """A compound's closing time, and the number to call."""

    closes = ClockField(_l("Closing time"))
    call = StringField(
        _l("Number that guards may call"),
        [Length(max=32, message=_l("At most 32 characters."))],
        filters=[clean],
    )

    @classmethod
    def of(cls, compound: Compound) -> "CompoundForm":
        """The form filled with what is set."""
        return cls(data={"closes": _time(compound.closes_min), "call": compound.call})

    def validate_call(self, field: Field) -> None:
        if field.data and not _CALL.fullmatch(field.data):
            raise ValidationError(_l("Digits, spaces and hyphens only."))

    def settings(self) -> CompoundSettings:
        """What was entered, after `validate`."""
        return CompoundSettings(_minute(self.closes.data), self.call.data or "")


class NameForm(Form):
    """The name of a group or a barrier."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Give it a name.")),
            Length(max=MAX_NAME, message=_l("At most 60 characters.")),
        ],
        filters=[clean],
    )


class ResolveForm(Form):
    """What came of a conflict."""

    note = TextAreaField(
        _l("What came of it"),
        [
            DataRequired(_l("Say what came of it.")),
            Length(max=MAX_NOTE, message=_l("At most 500 characters.")),
        ],
        filters=[clean],
    )


class WhyForm(Form):
    """Why an administrator looks."""

    reason = StringField(
        _l("Why do you look?"),
        [
            DataRequired(_l("Say why: it is written down.")),
            Length(min=4, max=MAX_WHY, message=_l("From 4 to 200 characters.")),
        ],
        filters=[clean],
    )


def _all_or(label: Any, words: Mapping[Any, Any]) -> SelectField:
    return SelectField(label, choices=_choices({"": _l("All")} | dict(words)), default="")


class LogForm(Form):
    """What of the log to show; days are local, both within."""

    first = DateField(_l("From"), [Optional()])
    last = DateField(_l("To"), [Optional()])
    gate = SelectField(_l("Gate"), default="")
    direction = _all_or(_l("Direction"), DIRECTIONS)
    outcome = _all_or(_l("Outcome"), OUTCOMES)
    method = _all_or(_l("How"), METHODS)
    text = StringField(
        _l("Rider"),
        [Length(max=MAX_TEXT, message=_l("At most 24 characters."))],
        filters=[clean],
    )

    def __init__(self, *args: Any, gates: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {"": _l("All")} | {str(gate_id): name for gate_id, name in gates}
        self.gate.choices = _choices(named)

    def validate_first(self, field: Field) -> None:
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_l("That is no day of this programme."))

    def validate_last(self, field: Field) -> None:
        self.validate_first(field)
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_l("The last day is before the first."))

    def wanted(self) -> LogFilter:
        """The filter, after `validate`."""
        first, last = self.first.data, self.last.data
        return LogFilter(
            since=datetime.combine(first, time(), clock.LOCAL) if first else None,
            until=datetime.combine(last, time(), clock.LOCAL) + timedelta(days=1) if last else None,
            gate_id=int(self.gate.data) if self.gate.data else None,
            direction=self.direction.data or "",
            outcome=self.outcome.data or "",
            method=self.method.data or "",
            text=self.text.data or "",
        )


@dataclass
class SpotRow:
    """A building as it was typed: its name, x and y in percent, and what is wrong with each."""

    name: str
    x: str
    y: str
    errors: dict[str, str] = field(default_factory=dict)

    def spot(self) -> Spot:
        """The building, of a row without errors."""
        return Spot(self.name, float(self.x) / 100, float(self.y) / 100)


def read_spots(form: MultiDict[str, str]) -> list[SpotRow]:
    """The rows of buildings that were sent, each checked; one without a name is left out."""
    columns = (form.getlist("name"), form.getlist("x"), form.getlist("y"))
    rows = [
        SpotRow(clean(name), clean(x)[:12], clean(y)[:12])
        for name, x, y in zip(*columns, strict=False)
    ]
    rows = [row for row in rows if row.name]
    names: set[str] = set()
    for number, row in enumerate(rows):
        _check_spot(row, names, number)
        names.add(row.name)
    return rows


def _check_spot(row: SpotRow, names: set[str], number: int) -> None:
    if len(row.name) > MOST_NAME:
        row.errors["name"] = str(_l("At most 20 characters."))
    elif row.name in names:
        row.errors["name"] = str(_l("That name stands there twice."))
    elif number >= MOST_BUILDINGS:
        row.errors["name"] = str(_l("At most 200 buildings."))
    for name, value in (("x", row.x), ("y", row.y)):
        try:
            fits = 0 <= float(value) <= 100
        except ValueError:
            fits = False
        if not fits:
            row.errors[name] = str(_l("A number from 0 to 100."))
