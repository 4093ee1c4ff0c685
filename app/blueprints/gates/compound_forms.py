"""What may be entered at the desk of compounds."""

import re
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    Form,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
    widgets,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.blueprints.gates.compounds import CompoundSettings, GateSettings
from app.blueprints.gates.models import Compound, Directions, Gate, Vehicles
from app.blueprints.gates.pass_words import GATE_DIRECTIONS, VEHICLES
from app.lib.fields import Whole, choices_of
from app.lib.text import clean

MAX_NOTE, MAX_NAME, MAX_WHY = 500, 60, 200
RADIUS_M = (20, 500)
MOST_PRINTED = 99
WEEKDAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"),
    _l("Sunday"),
)  # fmt: skip
_CALL = re.compile(r"\+?[0-9][0-9 -]{2,30}")


def _minute(value: time | None) -> int:
    return value.hour * 60 + value.minute if value else 0


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


class ClockField(TimeField):
    """A time of day, to the minute."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [InputRequired(_l("Say a time, such as 23:00."))], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value[:5] for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("That is no time of day.")) from error


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
        choices=choices_of(dict(enumerate(WEEKDAYS))),
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
    vehicles = RadioField(_l("E-bikes"), choices=choices_of(VEHICLES))
    direction = RadioField(_l("Direction"), choices=choices_of(GATE_DIRECTIONS))
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
