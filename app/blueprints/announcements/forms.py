"""What may be entered of an announcement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    Form,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)

from app.blueprints.announcements.audience import Audience, Sender
from app.blueprints.announcements.models import Announcement
from app.blueprints.announcements.services import Draft
from app.blueprints.notifications.models import MAX_BODY, MAX_TITLE
from app.blueprints.organisations.models import Role
from app.blueprints.stars.models import LEVELS
from app.lib.clock import LOCAL
from app.lib.text import clean

LONGEST_MOMENT = 32
_NOT_THERE = _l("Choose from the list.")


class Several(SelectMultipleField):
    """Boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        known = {value for value, *_rest in self.iter_choices()}
        if any(one not in known for one in self.data or ()):
            raise ValidationError(_NOT_THERE)


def _title(label: Any) -> StringField:
    return StringField(
        label, filters=[clean], render_kw={"maxlength": MAX_TITLE, "autocomplete": "off"}
    )


def _body(label: Any) -> TextAreaField:
    return TextAreaField(label, filters=[clean], render_kw={"maxlength": MAX_BODY, "rows": 6})


class _SaysErrors(Form):
    def say(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Put each text of a service at its field."""
        for name, texts in errors.items():
            self[name].errors = [*self[name].errors, *texts]


class AnnouncementForm(_SaysErrors):
    """The words, and for whom they are. Texts are judged by the service."""

    sender = SelectField(_l("Announced by"), choices=[], invalid_choice_message=_NOT_THERE)
    title_zh = _title(_l("Title in Chinese"))
    body_zh = _body(_l("Words in Chinese"))
    title_en = _title(_l("Title in English"))
    body_en = _body(_l("Words in English"))
    roles = Several(_l("Who"), choices=[], default=[Role.RIDER.value])
    companies = Several(_l("Of which companies"), choices=[], default=[])
    area = SelectField(
        _l("In which area"), choices=[], default="", invalid_choice_message=_NOT_THERE
    )
    min_star = SelectField(
        _l("Star level"), default="1", invalid_choice_message=_NOT_THERE,
        choices=[
            SelectChoice("1", _l("any")),
            *(SelectChoice(str(level), f"★ {level}+") for level in LEVELS[1:]),
        ],
    )  # fmt: skip
    visited = SelectField(
        _l("Who lately earned points at"), choices=[], default="",
        invalid_choice_message=_NOT_THERE,
    )  # fmt: skip

    def audience(self) -> Audience:
        """What was chosen, after `validate`."""
        return Audience(
            tuple(Role(one) for one in self.roles.data),
            tuple(int(one) for one in self.companies.data),
            int(self.area.data) if self.area.data else None,
            min_star=int(self.min_star.data),
            visited_id=int(self.visited.data) if self.visited.data else None,
        )

    def draft(self, sender: Sender) -> Draft:
        """All that was entered, after `validate`."""
        return Draft(
            sender=sender,
            audience=self.audience(),
            title_zh=self.title_zh.data or "",
            body_zh=self.body_zh.data or "",
            title_en=self.title_en.data or "",
            body_en=self.body_en.data or "",
        )


def entered(announcement: Announcement) -> dict[str, Any]:
    """What the form of an announcement shows first. English that is the Chinese shows as empty."""
    said, audience = announcement.wording, Audience.of(announcement.audience)
    return {
        "sender": f"{announcement.organisation_id}:{announcement.role}",
        "title_zh": said.title_zh,
        "body_zh": said.body_zh,
        "title_en": "" if said.title_en == said.title_zh else said.title_en,
        "body_en": "" if said.body_en == said.body_zh else said.body_en,
        "roles": [role.value for role in audience.roles],
        "companies": [str(one) for one in audience.companies],
        "area": str(audience.area_id or ""),
        "min_star": str(audience.min_star),
        "visited": str(audience.visited_id or ""),
    }


class Moment(DateTimeLocalField):
    """A local date and time, or none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(valuelist):
            return
        try:
            super().process_formdata([value[:LONGEST_MOMENT] for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("That is no day and time.")) from error


class SendForm(_SaysErrors):
    """When it is sent: `when` is now or later, `roles` only carries what is wrong with those."""

    when = SelectField(choices=["now", "later"], invalid_choice_message=_NOT_THERE)
    send_at = Moment(_l("Day and time"))
    roles = StringField()

    def validate_send_at(self, field: Moment) -> None:
        if self.when.data == "later" and not field.data and not field.process_errors:
            raise ValidationError(_l("Say the day and the time."))

    def moment(self) -> datetime | None:
        """When, after `validate`; None for now."""
        if self.when.data == "now":
            return None
        at: datetime = self.send_at.data
        return at.replace(tzinfo=LOCAL)
