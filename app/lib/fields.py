"""Fields and forms that several settings pages share."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    Form,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.lib.clock import LOCAL
from app.lib.text import clean

FIRST_YEAR, LAST_YEAR = 2020, 2100
MOST_DIGITS = 9


def choices_of(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """The choices of a field by their values."""
    return [SelectChoice(value, label) for value, label in words.items()]


class Chosen(SelectField):
    """One of a list."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        message = _l("Choose one from the list.")
        super().__init__(label, validators, invalid_choice_message=message, **kwargs)


class Moment(DateTimeLocalField):
    """A local date and time; `moment` is it with its zone, after validating."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [InputRequired(_l("Say a day and a time."))], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value[:32] for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("That is no day and time.")) from error

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data and not FIRST_YEAR <= self.data.year < LAST_YEAR:
            raise ValidationError(_l("That is no day of this programme."))

    @property
    def moment(self) -> datetime:
        """What was entered, a moment."""
        at: datetime = self.data
        return at.replace(tzinfo=LOCAL)


class Whole(IntegerField):
    """A whole number of a few digits: a longer one is none, and would overflow."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value[: MOST_DIGITS + 1] for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("That is no number.")) from error


def text(label: Any, most: int, missing: Any = None, *, area: bool = False, **more: Any) -> Any:
    """A text of one line, or of several with `area`; with `missing` it must be there."""
    checks: list[Any] = [DataRequired(missing)] if missing else []
    too_long = _l("At most %(most)s characters.", most=most)
    attributes = {"maxlength": most} | ({"rows": 3} if area else {"autocomplete": "off"})
    kind = TextAreaField if area else StringField
    return kind(
        label, [*checks, Length(max=most, message=too_long)], filters=[clean],
        render_kw=attributes | more,
    )  # fmt: skip


def number(label: Any, most: int, *, least: int = 1, optional: bool = False) -> Whole:
    """A whole number within bounds; one that is optional may be left out."""
    fits = _l("A number from %(least)s to %(most)s.", least=least, most=most)
    needed = Optional() if optional else InputRequired(fits)
    return Whole(
        label, [needed, NumberRange(least, most, fits)],
        render_kw={"inputmode": "numeric", "min": least, "max": most},
    )  # fmt: skip


class SettingsForm(Form):
    """A form that shows what a service found wrong at its fields."""

    def say(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Put each text at its field; all fields that services name are fields here."""
        for name, texts in errors.items():
            self[name].errors = [*self[name].errors, *texts]
