"""What several pages of the desk of rewards share."""

from typing import Any
from uuid import uuid4

from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.access import actor
from app.blueprints.organisations.models import Role
from app.blueprints.rewards import desk_queries
from app.blueprints.rewards.forms import PlaceForm, RewardForm, SlotForm, yuan
from app.blueprints.rewards.models import RewardStock
from app.blueprints.rewards.words import (
    KINDS,
    MOVES,
    STATES,
    STEPS,
    VOUCHER_STATES,
    VOUCHER_STEPS,
    WHY_NOT,
)
from app.extensions import db
from app.lib.database import MAX_ROW_ID
from app.lib.fields import SettingsForm
from app.lib.text import whole_number

ANYWHERE = "any"
"""Chosen for a place without a station."""


def looks() -> dict[str, Any]:
    """What templates of the desk draw with."""
    return {
        "kinds": KINDS, "states": STATES, "move_looks": MOVES, "why_not": WHY_NOT,
        "step_words": STEPS,
        "voucher_states": VOUCHER_STATES, "voucher_steps": VOUCHER_STEPS, "yuan": yuan,
        "conflicts_open": desk_queries.open_conflicts(db.session(), actor()),
        "administers": actor().has_role(Role.ADMINISTRATOR), "new_key": lambda: str(uuid4()),
    }  # fmt: skip


def named(name: str, form: SettingsForm) -> SettingsForm:
    """A form of several on a page: its fields have ids of their own."""
    for one in form:
        one.id = f"{name}-{one.short_name}"
    return form


def after() -> int | None:
    """The id behind which a page begins."""
    said = request.args.get("after", type=int)
    return said if said is not None and 0 < said <= MAX_ROW_ID else None


def reward_form(sent: Any = None, **kwargs: Any) -> RewardForm:
    """The form of a reward with its choices."""
    form = RewardForm(sent, **kwargs)
    locale = str(get_locale())
    form.min_star.choices = [
        SelectChoice("0", _("any star level")),
        *(SelectChoice(str(one), _("%(count)s stars and more", count=one)) for one in range(2, 6)),
    ]
    known = desk_queries.suppliers(db.session())
    form.supplier.choices = [
        SelectChoice("", _("none")),
        *(SelectChoice(str(one.id), one.name(locale)) for one in known if not one.ended_at),
    ]
    return form


def place_form(sent: Any = None) -> PlaceForm:
    """The form of a place, with every station in use."""
    form = PlaceForm(sent)
    locale = str(get_locale())
    form.station.choices = [
        SelectChoice(ANYWHERE, _("At every station, or for charity")),
        *(
            SelectChoice(str(one.organisation_id), one.organisation.name(locale))
            for one in desk_queries.stations_of(db.session(), actor())
        ),
    ]
    return form


def slot_form(places: list[RewardStock], sent: Any = None) -> SlotForm:
    """The form of a slot, with the stations that have the service."""
    form = SlotForm(sent)
    locale = str(get_locale())
    form.station.choices = [
        SelectChoice(str(one.station_id), one.station.organisation.name(locale))
        for one in places
        if one.station
    ]
    return form


def station_of(said: str) -> int | None:
    """The station that a form chose."""
    return whole_number(said, MAX_ROW_ID)
