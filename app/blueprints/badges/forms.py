"""What the register's desk takes in."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from app.blueprints.badges.scopes import WHOLE_DISTRICT
from app.blueprints.badges.services import MAX_REASON
from app.lib.text import clean


class ReasonForm(Form):
    """Why something is done to a rider. A page may show several: each has an id of its own."""

    reason = TextAreaField(
        _l("Why, for the rider to read"),
        [
            DataRequired(_l("Say why, so that the rider understands.")),
            Length(max=MAX_REASON, message=_l("At most 500 characters.")),
        ],
        filters=[clean],
    )

    def __init__(self, *args: Any, field_id: str = "reason", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.id = field_id


class ScopeForm(Form):
    """Where a rider's badge opens: among the groups that there are."""

    scope = SelectField(_l("Opens gates in"), coerce=int, validate_choice=False)

    def __init__(self, *args: Any, groups: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        ordered = sorted(groups.items(), key=lambda item: item[1])
        self.scope.choices = [(WHOLE_DISTRICT, _("The whole district")), *ordered]

    def validate_scope(self, field: SelectField) -> None:
        """In our words: the list's own are not in every language."""
        if field.data != WHOLE_DISTRICT and field.data not in self.groups:
            field.errors = []
            raise ValidationError(_("There is no such group."))
