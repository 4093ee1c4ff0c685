"""What may be entered of a station at the desk."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import Form, SelectChoice, SelectField, StringField

from app.blueprints.organisations.models import Organisation
from app.blueprints.stations import profile
from app.blueprints.stations.homes import INDENT, Homes
from app.blueprints.stations.models import COUNTED, RADIUS_M, Facility, Station
from app.blueprints.stations.profile import OF_ADMINISTRATORS, Offer, Wrong
from app.blueprints.stations.words import FACILITIES, KINDS
from app.lib.text import clean

LONGEST = 500
"""What is longer than any field is cut before anybody looks at it."""
_OF_DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
_OF_DEGREES = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}


def _cut(text: object) -> str:
    return clean(text)[:LONGEST]


def _text(name: str, **kwargs: Any) -> StringField:
    keywords = {"autocomplete": "off"} | kwargs
    return StringField(profile.FIELDS[name], filters=[_cut], render_kw=keywords)


def _select(name: str, **kwargs: Any) -> SelectField:
    """What was chosen is read by `profile.read`, which knows more than these choices."""
    return SelectField(profile.FIELDS[name], validate_choice=False, filters=[_cut], **kwargs)


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), word) for value, word in words.items()]


class StationForm(Form):
    """What a station is, but for its opening hours. What only administrators change is left out
    for others. Each field is text, read in one place for forms and files."""

    number = _text("number", maxlength=16, autocapitalize="characters")
    name_zh = _text("name_zh", maxlength=60)
    name_en = _text("name_en", maxlength=80)
    level = _select(
        "level", choices=[SelectChoice(str(key), word) for key, word in profile.LEVELS.items()]
    )
    kind = _select("kind", choices=[SelectChoice(key.value, word) for key, word in KINDS.items()])
    area = _select("area", choices=[])
    operator = _select("operator", choices=[])
    address_zh = _text("address_zh", maxlength=120)
    address_en = _text("address_en", maxlength=160)
    latitude = _text("latitude", **_OF_DEGREES)
    longitude = _text("longitude", **_OF_DEGREES)
    radius_m = _text("radius_m", maxlength=4, **_OF_DIGITS)
    contact = _text("contact", maxlength=32, type="tel")

    def __init__(
        self, sent: Any = None, *, homes: Homes, locale: str, administers: bool, **kwargs: Any
    ) -> None:
        super().__init__(sent, **kwargs)
        self.homes = homes
        if not administers:
            for name in OF_ADMINISTRATORS & set(self._fields):
                del self[name]
        else:
            self.area.choices = [SelectChoice("", _("No area")), *_areas(homes.areas, locale)]
            nobody = SelectChoice("", _("The area itself"))
            self.operator.choices = [nobody, *_offices(homes.operators, locale)]
        self.offers = _Offers(sent)

    def values(self) -> tuple[dict[str, Any], Wrong]:
        """What was entered, and what is wrong with it by field, which then stands there too."""
        texts = {name: field.data or "" for name, field in self._fields.items()}
        values, wrong = profile.read(texts, self.homes)
        values["facilities"] = self.offers.read()
        self.say(wrong)
        return values, wrong | self.offers.errors

    def say(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Put what a reader or a service says at its field."""
        for name, texts in errors.items():
            if name in self._fields:
                self[name].errors = [*self[name].errors, *texts]


class _Offers:
    """Which facilities were ticked, and how many of each, as text."""

    def __init__(self, sent: Any) -> None:
        self.ticked: set[str] = set(sent.getlist("facility")) if sent else set()
        self.counts = {
            one.value: clean(sent.get(f"count_{one}", ""))[:4] if sent else "" for one in Facility
        }
        self.errors: Wrong = {}
        self.lines = [
            (one, FACILITIES[one], one in COUNTED) for one in Facility
        ]  # fmt: skip

    def show(self, station: Station) -> None:
        """Fill in what a station has."""
        self.ticked = {str(one.facility) for one in station.facilities}
        self.counts |= {str(one.facility): str(one.count or "") for one in station.facilities}

    def read(self) -> tuple[Offer, ...]:
        found: list[Offer] = []
        for one in Facility:
            if one.value not in self.ticked:
                continue
            try:
                found.append(Offer(one, profile.counted(one, self.counts[one.value])))
            except ValueError as error:
                self.errors[f"count_{one}"] = [str(error)]
        return tuple(found)


def shown(station: Station) -> dict[str, str]:
    """What the form of a station shows first. English that is the Chinese shows as empty."""
    office = station.organisation
    return {
        "number": station.number,
        "name_zh": office.name_zh,
        "name_en": "" if office.name_en == office.name_zh else office.name_en,
        "level": str(station.level),
        "kind": str(station.kind),
        "area": f"#{office.parent_id}" if office.parent_id else "",
        "operator": f"#{station.operator_id}" if station.operator_id else "",
        "address_zh": station.address_zh,
        "address_en": station.address_en,
        "latitude": str(station.latitude),
        "longitude": str(station.longitude),
        "radius_m": str(station.radius_m),
        "contact": station.contact,
    }


def blank() -> dict[str, str]:
    """What the form of a new station shows first."""
    return {"level": "2", "kind": "red_bee", "radius_m": str(RADIUS_M)}


def _areas(areas: Sequence[Organisation], locale: str) -> list[SelectChoice]:
    return [
        SelectChoice(f"#{one.id}", INDENT.get(one.kind, "") + one.name(locale)) for one in areas
    ]


def _offices(offices: Sequence[Organisation], locale: str) -> list[SelectChoice]:
    return _choices({f"#{one.id}": one.name(locale) for one in offices})
