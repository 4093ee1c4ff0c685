"""What of a compound's log to show."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, Form, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from app.blueprints.gates.pass_log import LogFilter
from app.blueprints.gates.pass_words import DIRECTIONS, METHODS, OUTCOMES
from app.lib import clock
from app.lib.fields import FIRST_YEAR, LAST_YEAR, choices_of
from app.lib.text import clean

MAX_TEXT = 24


def _all_or(label: Any, words: Mapping[Any, Any]) -> SelectField:
    return SelectField(label, choices=choices_of({"": _l("All")} | dict(words)), default="")


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
        self.gate.choices = choices_of(named)

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
