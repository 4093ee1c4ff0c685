"""What may be entered about rules."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from app.blueprints.points.models import Occasion
from app.blueprints.points.services import RuleDraft
from app.lib.fields import Chosen, Moment, SettingsForm, number, text

MOST_POINTS, MOST_PERCENT, MOST_TIMES = 10_000, 1000, 1000
OCCASIONS: dict[Occasion, Any] = {
    Occasion.CASE: _l("A report is closed"),
    Occasion.VISIT: _l("A visit to a station"),
    Occasion.TASK: _l("A task is done"),
    Occasion.ACTIVITY: _l("An activity is attended"),
}
FIVE_ROLES = {
    "inspector": ("城市管理质检员", _l("City quality inspector")),
    "safety": ("安全生产保障员", _l("Work safety helper")),
    "civility": ("社会文明引导员", _l("Civility guide")),
    "governance": ("社区治理信息员", _l("Community informant")),
    "party": ("党群服务守护员", _l("Party and public service guardian")),
}
"""The five roles: the name in the data, which is that of the categories, and on the screen."""


def _percent(label: Any) -> Any:
    return number(label, MOST_PERCENT, least=0, optional=True)


class RuleForm(SettingsForm):
    """A rule. Percentages that are left out are 100, caps that are left out are none."""

    occasion = Chosen(
        _l("What earns"), choices=[SelectChoice(str(one), name) for one, name in OCCASIONS.items()]
    )
    name_zh = text(_l("Name in Chinese"), 40, _l("Give it a name."))
    name_en = text(_l("Name in English"), 60, _l("Give it a name."))
    amount = number(_l("Points"), MOST_POINTS, least=0, optional=True)
    percent = _percent(_l("Percent"))
    inspector = _percent(FIVE_ROLES["inspector"][1])
    safety = _percent(FIVE_ROLES["safety"][1])
    civility = _percent(FIVE_ROLES["civility"][1])
    governance = _percent(FIVE_ROLES["governance"][1])
    party = _percent(FIVE_ROLES["party"][1])
    first_bonus = number(_l("More the first time"), MOST_POINTS, least=0, optional=True)
    daily_times = number(_l("Times a day at most"), MOST_TIMES, optional=True)
    daily_points = number(_l("Points a day at most"), MOST_POINTS, optional=True)
    place_daily_times = number(_l("Times a day at one place"), MOST_TIMES, optional=True)
    payer = Chosen(_l("Paid from"), default="")
    since = Moment(_l("From"))

    def draft(self) -> RuleDraft:
        """What was entered, after `validate`."""
        since: datetime = self.since.moment
        return RuleDraft(
            occasion=Occasion(self.occasion.data), name_zh=self.name_zh.data,
            name_en=self.name_en.data, since=since, amount=self.amount.data,
            percent=_or(self.percent.data, 100), role_percents=self._roles(),
            first_bonus=_or(self.first_bonus.data, 0), daily_times=self.daily_times.data,
            daily_points=self.daily_points.data, place_daily_times=self.place_daily_times.data,
            payer_id=int(self.payer.data) if self.payer.data else None,
        )  # fmt: skip

    def _roles(self) -> dict[str, int]:
        given = {called: self[name].data for name, (called, _shown) in FIVE_ROLES.items()}
        return {called: percent for called, percent in given.items() if percent is not None}


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
