"""What was done to a station, in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.stations import profile
from app.blueprints.stations.homes import Homes
from app.blueprints.stations.models import Facility, StationEvent, StationKind, StationState
from app.blueprints.stations.words import FACILITIES, KINDS, STATES
from app.lib.clock import to_local

STEPS = {
    "create": _l("Entered"),
    "change": _l("Changed"),
    "hours": _l("Opening hours set"),
    "import": _l("Changed by a file"),
    "state": _l("State set"),
    "notice": _l("Word to riders"),
    "facility": _l("Facility on or off"),
    "picture": _l("Pictures changed"),
    "poster": _l("Poster withdrawn"),
    "end": _l("Put out of use"),
    "resume": _l("Resumed"),
}
MORE_FIELDS = {
    "state": _l("State"),
    "state_reason": _l("Reason"),
    "state_until": _l("Until"),
    "notice": _l("Word to riders"),
    "notice_until": _l("Until"),
    "poster": _l("Poster that counts"),
    "picture": _l("Picture"),
}


@dataclass(frozen=True)
class Change:
    """A field, and what stood there before and after; "" for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """A step in words."""

    words: str
    by: str
    at: datetime
    changes: tuple[Change, ...]


def entry_of(event: StationEvent, homes: Homes, locale: str) -> Entry:
    """An event as the person reads it."""
    words = str(STEPS.get(event.step, _("Changed")))
    by = event.actor.name if event.actor else ""
    return Entry(words, by, event.at, tuple(_changes(event.data or {}, homes, locale)))


def _changes(data: Mapping[str, Any], homes: Homes, locale: str) -> Iterator[Change]:
    for name, pair in data.items():
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        shown = _shower(name, homes, locale)
        yield Change(_field(name), shown(pair[0]), shown(pair[1]))


def _field(name: str) -> str:
    if name in set(Facility):
        return str(FACILITIES[Facility(name)].text)
    return str(profile.FIELDS.get(name) or MORE_FIELDS.get(name) or name)


def _shower(name: str, homes: Homes, locale: str) -> Callable[[Any], str]:
    """How a value of a field is shown."""
    if name in set(Facility):
        return _works
    found: dict[str, Callable[[Any], str]] = {
        "area": lambda value: homes.area_name(value, locale),
        "operator": lambda value: homes.operator_name(value, locale),
        "level": lambda value: str(profile.LEVELS.get(value, value)),
        "kind": lambda value: str(KINDS[StationKind(value)]),
        "state": lambda value: str(STATES[StationState(value)].text),
        "state_until": _moment,
        "notice_until": _moment,
        "facilities": _facilities,
        "picture": lambda value: str(_("one picture")) if value else "",
    }
    return found.get(name, _plain)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _works(value: Mapping[str, Any]) -> str:
    said = _("works") if value["works"] else _("does not work")
    return " · ".join(filter(None, (str(said), str(value.get("note") or ""))))


def _facilities(value: Mapping[str, int | None]) -> str:
    return ", ".join(
        f"{FACILITIES[one].text}{f' {value[one]}' if value[one] else ''}"
        for one in Facility
        if one in value
    )


def _moment(value: str | None) -> str:
    return f"{to_local(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}" if value else ""
