"""What may be entered at the duties of a station. Texts are judged by the services."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, SelectChoice, SelectField, StringField, TextAreaField

from app.blueprints.counters.services import MAX_NAME, MAX_NOTE
from app.blueprints.counters.words import NOTICE_LASTS, STATE_LASTS
from app.blueprints.stations.services import MAX_NOTICE, MAX_REASON
from app.blueprints.stations.words import STATES
from app.lib.text import clean

_NOT_THERE = _l("Choose from the list.")


def _line(label: Any, most: int) -> StringField:
    return StringField(label, filters=[clean], render_kw={"maxlength": most, "autocomplete": "off"})


def _choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, word) for value, word in words.items()]


class _SaysErrors(Form):
    def say(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Put each text of a service at its field, or at the first that there is."""
        for name, texts in errors.items():
            field: Field = self[name] if name in self else next(iter(self))
            field.errors = [*field.errors, *texts]


class StateForm(_SaysErrors):
    """Open, full or closed; why, and for how long."""

    state = SelectField(
        _l("State"), choices=[SelectChoice(one.value, word.text) for one, word in STATES.items()],
        invalid_choice_message=_NOT_THERE,
    )  # fmt: skip
    reason = _line(_l("Why"), MAX_REASON)
    until = SelectField(
        _l("How long"), choices=_choices(STATE_LASTS), default="",
        invalid_choice_message=_NOT_THERE,
    )  # fmt: skip


class NoticeForm(_SaysErrors):
    """A word to riders, and for how long."""

    text = _line(_l("Notice to riders"), MAX_NOTICE)
    until = SelectField(
        _l("How long"), choices=_choices(NOTICE_LASTS), default="day",
        invalid_choice_message=_NOT_THERE,
    )  # fmt: skip


class SupplyForm(_SaysErrors):
    """Something to keep an eye on."""

    name = _line(_l("Another supply"), MAX_NAME)


class NoteForm(_SaysErrors):
    """A note to whoever is next."""

    text = TextAreaField(
        _l("Note to the next host"), filters=[clean],
        render_kw={"maxlength": MAX_NOTE, "rows": 3},
    )  # fmt: skip
