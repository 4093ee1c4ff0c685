"""What is entered of a station, in forms and in files: text in, values or what is wrong out."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.stations.homes import Homes, NoSuchHome
from app.blueprints.stations.models import COUNTED, RADIUS_M, Facility, StationKind
from app.blueprints.stations.words import FACILITIES, KINDS
from app.lib.opening_hours import BadHours, check
from app.lib.text import clean

Wrong = dict[str, list[str]]
T = TypeVar("T")
MOST_COUNTED = 999
FIELDS = {
    "number": _l("Station number"),
    "name_zh": _l("Name in Chinese"),
    "name_en": _l("Name in English"),
    "level": _l("Level"),
    "kind": _l("Kind of station"),
    "area": _l("Street or community"),
    "address_zh": _l("Address in Chinese"),
    "address_en": _l("Address in English"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "radius_m": _l("Check-in radius (metres)"),
    "hours": _l("Opening hours"),
    "contact": _l("Telephone for riders"),
    "operator": _l("Run by"),
    "facilities": _l("Facilities"),
}
"""What forms and files know of a station, in their order, with what it is called."""
NEEDED = (
    "number", "name_zh", "level", "kind", "address_zh", "latitude", "longitude", "hours",
)  # fmt: skip
OF_ADMINISTRATORS = frozenset({"number", "level", "kind", "area", "operator"})
"""What a host does not change."""
LEVELS = {1: _l("First level"), 2: _l("Second level")}
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")
_CALL = re.compile(r"\+?[0-9][0-9 -]{2,30}")
_OFFER = re.compile(r"(.*?)[\s×x*:：]*([0-9]+)?")
_BETWEEN = re.compile(r"[;；,，、\n|]+")
_MORE_WORDS = {
    "一级": 1, "1级": 1, "二级": 2, "2级": 2, "first": 1, "second": 2,
    "1st": 1, "2nd": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """Something that a station has, and how much of what is counted."""

    facility: Facility
    count: int | None = None


def read(texts: Mapping[str, str], homes: Homes) -> tuple[dict[str, Any], Wrong]:
    """The values of the fields that are there, and what is wrong, by field."""
    values: dict[str, Any] = {}
    wrong: Wrong = {}
    for name, text in texts.items():
        try:
            values[name] = _READERS[name](clean(text), homes)
        except _Refused as error:
            wrong[name] = [str(error)]
    if {"latitude", "longitude"} & wrong.keys() and _are_swapped(texts):
        wrong |= {"latitude": [_("Latitude and longitude seem to be swapped.")]}
    return values, wrong


def facility_names(locale: str) -> dict[Facility, str]:
    """What facilities are called in a language."""
    with force_locale(locale):
        return {facility: str(word.text) for facility, word in FACILITIES.items()}


def shown_offers(offers: Iterable[Offer], names: Mapping[Facility, str]) -> str:
    """Facilities as a cell that `read` takes."""
    return "; ".join(names[one.facility] + (f" {one.count}" if one.count else "") for one in offers)


def counted(facility: Facility, text: str) -> int | None:
    """How many there are of something. Raises ValueError with what to say."""
    if not text:
        return None
    if facility not in COUNTED or not text.isascii() or not text.isdecimal() or len(text) > 3:
        raise _Refused(_("A number from 1 to 999, or nothing."))
    if not int(text):
        raise _Refused(_("A number from 1 to 999, or nothing."))
    return int(text)


class _Refused(ValueError):
    """The text does not fit; the message is for the person."""


def _number(text: str, _homes: Homes) -> str:
    found = text.upper()
    if not _NUMBER.fullmatch(found):
        raise _Refused(_("1 to 16 capital letters, digits and hyphens."))
    return found


def _words(most: int, *, needed: bool = False) -> Callable[[str, Homes], str]:
    def read_words(text: str, _homes: Homes) -> str:
        found = " ".join(text.split())
        if needed and not found:
            raise _Refused(_("This is needed."))
        if len(found) > most:
            raise _Refused(_("At most %(most)s characters.", most=most))
        return found

    return read_words


def _level(text: str, _homes: Homes) -> int:
    found = _known_levels().get(text.casefold())
    if found is None:
        raise _Refused(_("The level is 1 or 2."))
    return found


def _kind(text: str, _homes: Homes) -> StationKind:
    found = _known_kinds().get(text.casefold())
    if found is None:
        raise _Refused(_("One of: %(words)s.", words=", ".join(map(str, KINDS.values()))))
    return found


def _area(text: str, homes: Homes) -> int | None:
    try:
        return homes.area(text).id if text else None
    except NoSuchHome as error:
        raise _Refused(
            _("No such area, or several: write the street, a slash, the community.")
        ) from error


def _operator(text: str, homes: Homes) -> int | None:
    try:
        return homes.operator(text).id if text else None
    except NoSuchHome as error:
        raise _Refused(_("No company, committee or department is called so.")) from error


def _degrees(most: int) -> Callable[[str, Homes], float]:
    def read_degrees(text: str, _homes: Homes) -> float:
        try:
            value = float(text)
        except ValueError as error:
            raise _Refused(_("Degrees as a number, such as 31.3193.")) from error
        if not -most <= value <= most:  # false for what is no number as well
            raise _Refused(_("That place is not on the earth."))
        return round(value, 6)

    return read_degrees


def _radius(text: str, _homes: Homes) -> int:
    if not text:
        return RADIUS_M
    if not text.isascii() or not text.isdecimal() or len(text) > 4 or not 20 <= int(text) <= 1000:
        raise _Refused(_("A number from 20 to 1000."))
    return int(text)


def _hours(text: str, _homes: Homes) -> str:
    found = " ".join(text.split())
    if not _are_hours(found):
        raise _Refused(
            _("Not understood as opening hours: write for example Mo-Fr 08:00-20:00; PH off.")
        )
    return found


@lru_cache(maxsize=1024)
def _are_hours(text: str) -> bool:
    """A file says the same hours of many stations."""
    try:
        check(text)
    except BadHours:
        return False
    return True


def _contact(text: str, _homes: Homes) -> str:
    if text and (len(text) > 32 or not _CALL.fullmatch(text)):
        raise _Refused(_("Digits, spaces and hyphens only."))
    return text


def _facilities(text: str, _homes: Homes) -> tuple[Offer, ...]:
    found: dict[Facility, Offer] = {}
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        name, number = _split_offer(part)
        facility = _known_facilities().get(name.casefold())
        if facility is None:
            raise _Refused(_("No facility is called “%(word)s”.", word=part[:40]))
        try:
            found[facility] = Offer(facility, counted(facility, number))
        except _Refused as error:
            raise _Refused(f"{part[:40]}: {error}") from error
    return tuple(found[one] for one in Facility if one in found)


def _split_offer(part: str) -> tuple[str, str]:
    found = _OFFER.fullmatch(part)
    return (found[1].strip(), found[2] or "") if found else (part, "")


@cache
def _known_levels() -> dict[str, int]:
    return {"1": 1, "2": 2} | _MORE_WORDS | _in_both(LEVELS)


@cache
def _known_kinds() -> dict[str, StationKind]:
    return {one.value: one for one in StationKind} | _in_both(KINDS)


@cache
def _known_facilities() -> dict[str, Facility]:
    words = {facility: word.text for facility, word in FACILITIES.items()}
    return {one.value: one for one in Facility} | _in_both(words)


def _in_both(words: Mapping[T, Any]) -> dict[str, T]:
    """The values by their words in either language."""
    known: dict[str, T] = {}
    for locale in ("zh_Hans", "en"):
        with force_locale(locale):
            known |= {str(text).casefold(): value for value, text in words.items()}
    return known


def _are_swapped(texts: Mapping[str, str]) -> bool:
    try:
        latitude, longitude = float(texts["latitude"]), float(texts["longitude"])
    except (KeyError, ValueError):
        return False
    return abs(latitude) > 90 and abs(latitude) <= 180 and abs(longitude) <= 90


_READERS: Mapping[str, Callable[[str, Homes], Any]] = {
    "number": _number,
    "name_zh": _words(60, needed=True),
    "name_en": _words(80),
    "level": _level,
    "kind": _kind,
    "area": _area,
    "address_zh": _words(120, needed=True),
    "address_en": _words(160),
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "radius_m": _radius,
    "hours": _hours,
    "contact": _contact,
    "operator": _operator,
    "facilities": _facilities,
}
