"""What a report must hold, for the page and for the outbox alike."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.lib.text import clean

FIELDS = ("category", "latitude", "longitude", "accuracy_m", "place", "description")
MAX_DESCRIPTION, MAX_PLACE = 500, 200


class NumberField(Field):
    """A number or nothing, from a form's text or from JSON; never NaN or infinite."""

    data: float | None = None

    def process_data(self, value: object) -> None:
        self.data = self._number(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = self._number(valuelist[0]) if valuelist else None

    def _number(self, value: object) -> float | None:
        if value is None or value == "":
            return None
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(_l("That is no number.")) from error
        if isinstance(value, bool) or number != number or number in (float("inf"), float("-inf")):
            raise ValueError(_l("That is no number."))
        return number


class ReportForm(Form):
    """A report's fields. Give it the codes of the categories that there are."""

    category = StringField(_l("What is it?"), [InputRequired(_l("Choose what it is."))])
    latitude = NumberField(
        validators=[Optional(), NumberRange(-90, 90, _l("That place is not on the earth."))]
    )
    longitude = NumberField(
        validators=[Optional(), NumberRange(-180, 180, _l("That place is not on the earth."))]
    )
    accuracy_m = NumberField(
        validators=[Optional(), NumberRange(0, 1_000_000, _l("That is no number."))]
    )
    place = StringField(
        _l("Where exactly?"),
        [Length(max=MAX_PLACE, message=_l("At most 200 characters."))],
        filters=[clean],
    )
    description = TextAreaField(
        _l("Anything to add?"),
        [Length(max=MAX_DESCRIPTION, message=_l("At most 500 characters."))],
        filters=[clean],
    )

    def __init__(self, *args: Any, codes: frozenset[str], **kwargs: Any) -> None:
        self.codes = codes
        super().__init__(*args, **kwargs)

    def validate_category(self, field: Field) -> None:
        if not isinstance(field.data, str) or field.data not in self.codes:
            raise ValidationError(_l("There is no such category."))

    def validate_place(self, field: Field) -> None:
        has_coordinates = self.latitude.data is not None and self.longitude.data is not None
        if not has_coordinates and not field.data:
            raise ValidationError(_l("Say where it is: the phone found no place."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Fields alone, then both coordinates together: Optional skips what is empty."""
        fits = super().validate(extra_validators)
        pair = (self.latitude, self.longitude)
        empty = [field for field in pair if field.data is None]
        if len(empty) == 1 and not self.latitude.errors and not self.longitude.errors:
            empty[0].errors = [_l("A place needs both coordinates.")]
            return False
        return bool(fits)


def from_fields(fields: Mapping[str, object], codes: frozenset[str]) -> ReportForm:
    """The form filled from JSON, as an outbox sends it. InputRequired looks at raw input, so
    what came is given as that too."""
    known = {name: fields.get(name) for name in FIELDS}
    form = ReportForm(data=known, codes=codes)
    form.category.raw_data = [known["category"]] if known["category"] else []
    for name in ("latitude", "longitude", "accuracy_m"):
        form[name].raw_data = ["" if known[name] is None else str(known[name])]
    return form
