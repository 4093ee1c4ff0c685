"""What a rider chose on the page of a reward."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.blueprints.rewards.models import Reward, RewardKind, RewardStock, ServiceSlot
from app.errors import Invalid
from app.lib.database import MAX_ROW_ID
from app.lib.text import whole_number

ANYWHERE = "any"
"""Chosen for the place without a station."""


@dataclass(frozen=True)
class Choice:
    """A station or a slot; whether it was confirmed, and then with which key and at what cost."""

    station: str = ""
    slot_id: int | None = None
    station_id: int | None = None
    sure: bool = False
    cost: int | None = None
    key: str = ""


def read_choice(form: Mapping[str, str]) -> Choice:
    """What a form says; what makes no sense is no choice."""
    station = form.get("station", "")
    return Choice(
        station=station if station == ANYWHERE or _number(station) else "",
        slot_id=_number(form.get("slot", "")), station_id=_number(station),
        sure=form.get("sure") == "1", cost=_number(form.get("cost", "")),
        key=form.get("key", "")[:37],
    )  # fmt: skip


def place_of(
    reward: Reward, places: Sequence[RewardStock], slots: Sequence[ServiceSlot], choice: Choice
) -> tuple[RewardStock, ServiceSlot | None]:
    """Where it is to be had, and when for a service. Raises Invalid at `station`, `slot`."""
    if reward.kind == RewardKind.SERVICE:
        slot = next((one for one in slots if one.id == choice.slot_id), None)
        place = next((one for one in places if slot and one.station_id == slot.station_id), None)
        if slot is None or place is None:
            raise Invalid({"slot": [_("Choose a time.")]})
        return place, slot
    wanted = choice.station_id if choice.station != ANYWHERE else None
    chosen = [one for one in places if one.station_id == wanted] if choice.station else []
    if not chosen:
        raise Invalid({"station": [_("Choose a station that has it.")]})
    return chosen[0], None


def _number(said: str) -> int | None:
    return whole_number(said, MAX_ROW_ID)
