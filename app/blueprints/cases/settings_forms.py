"""What may be entered on the settings pages of cases."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length

from app.blueprints.cases.absences import AbsenceDraft
from app.blueprints.cases.settings_limits import CategorySettings
from app.blueprints.cases.settings_rules import RuleDraft
from app.blueprints.cases.settings_templates import TemplateDraft
from app.lib.fields import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_DIGITS,
    Chosen,
    Moment,
    SettingsForm,
    number,
    text,
)
from app.lib.working_time import Unit

MAX_AREA, MAX_REASON, MAX_DAY_REASON, MAX_NOTE, MAX_TEXT = 200, 200, 60, 500, 500
MAX_NAME_ZH, MAX_NAME_EN, MAX_CONDITION = 40, 60, 200
MOST_LIMIT, MOST_POINTS = 240, 1000
UNITS = {
    Unit.URGENT_HOURS: _l("Hours, round the clock"),
    Unit.WORKING_HOURS: _l("Working hours"),
    Unit.WORKING_DAYS: _l("Working days"),
}


def _department(label: Any) -> Chosen:
    return Chosen(label, [DataRequired(_l("Choose a department."))])


HOURS = [
    SelectChoice("", _l("any hour")),
    *(SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)),
]


class RuleForm(SettingsForm):
    """A rule: what it is for, and where that goes. `area` is a name, see `areas_called`."""

    what = Chosen(_l("Category"), default="")
    area = text(_l("Area"), MAX_AREA, list="areas", placeholder=_l("anywhere"))
    hour_from = Chosen(_l("From hour"), choices=HOURS, default="")
    hour_to = Chosen(_l("Until hour"), choices=HOURS, default="")
    department_id = _department(_l("Goes to"))
    automatic = BooleanField(_l("Dispatch at once, without asking the dispatcher"))

    def draft(self, area_id: int | None) -> RuleDraft:
        """What was entered, after `validate`, with the area that its name means."""
        kind, _colon, code = self.what.data.partition(":")
        return RuleDraft(
            group=code if kind == "group" else None,
            category_code=code if kind == "category" else None,
            area_id=area_id,
            hour_from=int(self.hour_from.data) if self.hour_from.data else None,
            hour_to=int(self.hour_to.data) if self.hour_to.data else None,
            department_id=int(self.department_id.data),
            automatic=bool(self.automatic.data),
        )


class TryForm(SettingsForm):
    """A case that does not exist: where would it go? `place` is a name or coordinates."""

    category = Chosen(_l("Category"), [DataRequired(_l("Choose a category."))])
    place = text(
        _l("Place"), MAX_AREA, list="areas", placeholder=_l("a name, or 31.30, 120.72")
    )  # fmt: skip
    at = Moment(_l("Time"))


class AbsenceForm(SettingsForm):
    """Which department is away, when, why, and who takes its cases."""

    department_id = _department(_l("Department that is away"))
    substitute_id = _department(_l("Who takes its cases"))
    since = Moment(_l("Begins"))
    until = Moment(_l("Until"))
    reason = text(_l("Reason"), MAX_REASON, _l("Say why."))

    def draft(self) -> AbsenceDraft:
        """What was entered, after `validate`."""
        return AbsenceDraft(
            department_id=int(self.department_id.data),
            substitute_id=int(self.substitute_id.data),
            since=self.since.moment,
            until=self.until.moment,
            reason=self.reason.data,
        )


class MoveForm(SettingsForm):
    """Whose whole queue goes to whom, and why. `shown` is the department of which the page said
    how much lies there."""

    shown = HiddenField("", [Length(max=MOST_DIGITS)])
    source_id = _department(_l("From department"))
    target_id = _department(_l("To department"))
    note = text(_l("Reason, for both departments to read"), MAX_NOTE, _l("Say why."), area=True)


class TemplateForm(SettingsForm):
    """Words for a step, in both languages."""

    step = Chosen(_l("Step"), [DataRequired(_l("Choose a step."))])
    category_code = Chosen(_l("Category"), default="")
    name_zh = text(_l("Name in Chinese"), MAX_NAME_ZH, _l("Give it a name."))
    text_zh = text(_l("Text in Chinese"), MAX_TEXT, _l("Write the text."), area=True)
    name_en = text(_l("Name in English"), MAX_NAME_EN, _l("Give it a name."))
    text_en = text(_l("Text in English"), MAX_TEXT, _l("Write the text."), area=True)

    def draft(self) -> TemplateDraft:
        """What was entered, after `validate`."""
        return TemplateDraft(
            step=self.step.data,
            category_code=self.category_code.data or None,
            name_zh=self.name_zh.data,
            name_en=self.name_en.data,
            text_zh=self.text_zh.data,
            text_en=self.text_en.data,
        )


class DayForm(SettingsForm):
    """What the district says of a day."""

    day = DateField(_l("Day"), [InputRequired(_l("Say a day."))])
    works = RadioField(
        _l("It is"),
        choices=[SelectChoice("1", _l("a working day")), SelectChoice("0", _l("a day off"))],
        default="0",
    )
    reason = text(_l("Reason"), MAX_DAY_REASON, _l("Say why."))

    def validate_day(self, field: DateField) -> None:
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_l("That is no day of this programme."))


class LimitForm(SettingsForm):
    """The limit, conditions and points of a category."""

    limit = number(_l("Limit"), MOST_LIMIT)
    limit_unit = Chosen(
        _l("Counted in"), choices=[SelectChoice(str(unit), name) for unit, name in UNITS.items()]
    )
    filing_condition = text(
        _l("Filed when"), MAX_CONDITION, _l("Say when a case is filed."), area=True
    )
    closing_condition = text(
        _l("Closed when"), MAX_CONDITION, _l("Say when a case is closed."), area=True
    )
    points = number(_l("Points for the reporter"), MOST_POINTS)

    def settings(self) -> CategorySettings:
        """What was entered, after `validate`."""
        return CategorySettings(
            limit=int(self.limit.data),
            limit_unit=Unit(self.limit_unit.data),
            filing_condition=self.filing_condition.data,
            closing_condition=self.closing_condition.data,
            points=int(self.points.data),
        )
