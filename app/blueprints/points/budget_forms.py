"""What may be entered about budgets."""

from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, Regexp

from app.blueprints.points.requests import MOST
from app.lib.fields import Chosen, SettingsForm, number, text

KEY = r"[0-9a-f-]{36}\Z"
MOST_REASON = 200


def _reason() -> Any:
    return text(_l("Why"), MOST_REASON, _l("Say why."))


class GiveForm(SettingsForm):
    """Points for an organisation. The key makes of a form sent twice one gift."""

    organisation = Chosen(_l("To whom"), [DataRequired(_l("Choose one from the list."))])
    amount = number(_l("Points"), MOST)
    reason = _reason()
    key = HiddenField(
        validators=[Regexp(KEY, message=_l("Open the page again."))],
        default=lambda: str(uuid4()),
    )


class TakeBackForm(SettingsForm):
    """Why a gift is taken back."""

    reason = _reason()
