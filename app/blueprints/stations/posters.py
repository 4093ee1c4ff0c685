"""Posters of stations: the code that riders scan to check in, to hang where they come in."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.blueprints.stations.models import Station, StationKind
from app.blueprints.stations.words import KINDS
from app.lib.poster import Sheet, Words, posters

WORDS = {
    "title": _l("Star Knight"),
    "what": _l("Check in here"),
    "one": _l("Scan this code with your phone's camera."),
    "two": _l("Tap what you came for: water, rest, charging …"),
    "three": _l("Done, even without network. Make yourself at home."),
    "foot": _l("For delivery riders and all who work outdoors in Suzhou Industrial Park."),
}


def station_posters(
    addresses: Sequence[tuple[Station, str]], *, font: str = ""
) -> bytes:  # fmt: skip
    """The PDF, a page for each station with the address in its code."""
    kinds = {locale: _said(KINDS, locale) for locale in ("zh_Hans", "en")}
    sheets = (_sheet(station, url, kinds) for station, url in addresses)
    title = addresses[0][0].organisation.name_zh if len(addresses) == 1 else ""
    return posters(sheets, zh=_words("zh_Hans"), en=_words("en"), title=title, font=font)


def _sheet(station: Station, url: str, kinds: Mapping[str, Mapping[Any, str]]) -> Sheet:
    kind = StationKind(station.kind)
    return Sheet(
        url=url,
        name_zh=station.organisation.name_zh,
        name_en=station.organisation.name_en,
        under_zh=kinds["zh_Hans"][kind],
        under_en=kinds["en"][kind],
        mark=f"{station.number} · {station.poster}",
    )


def _words(locale: str) -> Words:
    said = _said(WORDS, locale)
    return Words(
        said["title"], said["what"], (said["one"], said["two"], said["three"]), said["foot"]
    )


def _said(words: Mapping[Any, Any], locale: str) -> dict[Any, str]:
    with force_locale(locale):
        return {name: str(text) for name, text in words.items()}
