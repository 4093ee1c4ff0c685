"""What may be entered about rewards, their stock and who supplies them."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    SelectChoice,
    StringField,
    ValidationError,
)
from wtforms.validators import Optional, Regexp

from app.blueprints.rewards.catalogue import RewardDraft, SupplierDraft
from app.blueprints.rewards.models import Reward, RewardKind
from app.blueprints.rewards.stocking import MAX_REASON, MOST, MOST_PLACES
from app.blueprints.rewards.words import KINDS
from app.lib import clock
from app.lib.clock import LOCAL
from app.lib.fields import (
    FIRST_YEAR,
    LAST_YEAR,
    Chosen,
    Moment,
    SettingsForm,
    number,
    text,
)

KEY = r"[0-9a-f-]{36}\Z"
MOST_COST, MOST_DAYS, MOST_EACH = 1_000_000, 365, 1000
_YUAN = re.compile(r"(\d{1,6})(?:[.](\d{1,2}))?")


class Yuan(StringField):
    """An amount of money; `cents` is it in fen, after validating."""

    cents = 0

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        found = _YUAN.fullmatch((self.data or "0").strip())
        if found is None:
            raise ValidationError(_l("An amount such as 12.50, below a million."))
        self.cents = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


class MaybeMoment(DateTimeLocalField):
    """A local date and time that may be left out; `moment` is it with its zone."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [Optional()], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value[:32] for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("That is no day and time.")) from error

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data and not FIRST_YEAR <= self.data.year < LAST_YEAR:
            raise ValidationError(_l("That is no day of this programme."))

    @property
    def moment(self) -> datetime | None:
        """What was entered, a moment."""
        at: datetime | None = self.data
        return at.replace(tzinfo=LOCAL) if at else None


class RewardForm(SettingsForm):
    """A reward."""

    kind = Chosen(
        _l("Kind of reward"), choices=[SelectChoice(str(one), KINDS[one].word) for one in KINDS]
    )
    name_zh = text(_l("Name in Chinese"), 40, _l("Give it a name."))
    name_en = text(_l("Name in English"), 60)
    words_zh = text(_l("What riders read of it, in Chinese"), 500, area=True)
    words_en = text(_l("What riders read of it, in English"), 800, area=True)
    cost = number(_l("Cost in points"), MOST_COST)
    min_star = Chosen(_l("For riders with"), default="0")
    since = Moment(_l("From"))
    until = MaybeMoment(_l("Until, if it ends"))
    valid_days = number(_l("A voucher lasts so many days"), MOST_DAYS)
    per_rider_month = number(_l("For each rider a month at most"), MOST_EACH, optional=True)
    per_rider_total = number(_l("For each rider in all at most"), MOST_EACH, optional=True)
    supplier = Chosen(_l("Supplier"), default="")
    price = Yuan(
        _l("Paid to the supplier for one, in yuan"),
        render_kw={"inputmode": "decimal", "maxlength": 9},
    )

    def draft(self) -> RewardDraft:
        """What was entered, after `validate`."""
        return RewardDraft(
            kind=RewardKind(self.kind.data), name_zh=self.name_zh.data, name_en=self.name_en.data,
            words_zh=self.words_zh.data or "", words_en=self.words_en.data or "",
            cost=self.cost.data or 0, min_star=int(self.min_star.data), since=self.since.moment,
            until=self.until.moment, valid_days=self.valid_days.data or 0,
            per_rider_month=self.per_rider_month.data, per_rider_total=self.per_rider_total.data,
            supplier_id=int(self.supplier.data) if self.supplier.data else None,
            price_cents=self.price.cents,
        )  # fmt: skip


def blank(now: datetime) -> dict[str, Any]:
    """What the form of a new reward shows."""
    since = clock.to_local(now).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    return {"since": since, "valid_days": 30, "price": "0.00", "min_star": "0"}


def shown(reward: Reward) -> dict[str, Any]:
    """A reward as its form shows it."""
    same = (
        "name_zh", "name_en", "words_zh", "words_en", "cost", "valid_days", "per_rider_month",
        "per_rider_total",
    )  # fmt: skip
    return {name: getattr(reward, name) for name in same} | {
        "kind": str(reward.kind), "min_star": str(reward.min_star),
        "since": _local(reward.since), "until": reward.until and _local(reward.until),
        "supplier": str(reward.supplier_id or ""), "price": yuan(reward.price_cents),
    }  # fmt: skip


def yuan(cents: int) -> str:
    """Fen as yuan: 12.50."""
    return f"{cents // 100}.{cents % 100:02}"


def _local(at: datetime) -> datetime:
    return clock.to_local(at).replace(tzinfo=None, second=0, microsecond=0)


class SupplierForm(SettingsForm):
    """A supplier."""

    name_zh = text(_l("Name in Chinese"), 60, _l("Give it a name."))
    name_en = text(_l("Name in English"), 80)
    contact = text(_l("Contact"), 80)

    def draft(self) -> SupplierDraft:
        """What was entered, after `validate`."""
        return SupplierDraft(self.name_zh.data, self.name_en.data or "", self.contact.data or "")


def _key() -> Any:
    return HiddenField(
        validators=[Regexp(KEY, message=_l("Open the page again."))], default=lambda: str(uuid4())
    )


class MoveForm(SettingsForm):
    """Stock that comes or goes. The key makes of a form sent twice one move."""

    amount = number(_l("How many"), MOST)
    reason = text(_l("Note"), MAX_REASON)
    key = _key()


class CountForm(SettingsForm):
    """A count of what lies on the shelf."""

    on_shelf = number(_l("On the shelf, with those kept for vouchers"), MOST, least=0)
    reason = text(_l("Why it differs, if it does"), MAX_REASON)
    key = _key()


class PlaceForm(SettingsForm):
    """Where a reward is to be had."""

    station = Chosen(_l("Where"))
    counted = Chosen(
        _l("Stock"),
        default="yes",
        choices=[
            SelectChoice("yes", _l("is counted")),
            SelectChoice("no", _l("is not counted: never sold out")),
        ],
    )


class SlotForm(SettingsForm):
    """A time at which a service is given."""

    station = Chosen(_l("Where"))
    starts_at = Moment(_l("Begins"))
    ends_at = Moment(_l("Ends"))
    places = number(_l("Places"), MOST_PLACES)


class ReasonForm(SettingsForm):
    """Why something is done to a voucher; its rider reads it."""

    reason = text(_l("Why (the rider reads it)"), MAX_REASON, _l("Say why: the rider reads it."))


class WordsForm(SettingsForm):
    """What came of a conflict."""

    words = text(_l("What came of it"), 200, _l("Say what came of it."))
