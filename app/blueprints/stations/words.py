"""What stations, their facilities and states are called on screen: one word for each."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.stations.models import Facility, StationKind, StationState


@dataclass(frozen=True)
class Word:
    """A word, and the icon of the sprite that goes with it; `tone` is a class of `.status`."""

    text: Any
    icon: str
    tone: str = ""


FACILITIES: dict[Facility, Word] = {
    Facility.WATER: Word(_l("Drinking water"), "droplets"),
    Facility.HOT_MEALS: Word(_l("Hot meals"), "utensils"),
    Facility.PHONE_CHARGING: Word(_l("Phone charging"), "smartphone-charging"),
    Facility.BIKE_CHARGING: Word(_l("E-bike charging"), "plug-zap"),
    Facility.REST: Word(_l("Places to rest"), "armchair"),
    Facility.TOILET: Word(_l("Toilet"), "toilet"),
    Facility.AIR_CONDITIONING: Word(_l("Air conditioning"), "air-vent"),
    Facility.MEDICINE: Word(_l("Medicine box"), "briefcase-medical"),
    Facility.AED: Word(_l("AED"), "heart-pulse"),
    Facility.WIFI: Word(_l("Wi-Fi"), "wifi"),
    Facility.READING: Word(_l("Reading corner"), "book-open"),
    Facility.PARTY_EDUCATION: Word(_l("Party education"), "flag"),
    Facility.LEGAL_HELP: Word(_l("Legal help"), "scale"),
    Facility.MEDIATION: Word(_l("Mediation"), "handshake"),
    Facility.ERRANDS: Word(_l("Help with errands"), "package"),
    Facility.SHOWER: Word(_l("Shower"), "shower-head"),
    Facility.PARKING: Word(_l("Parking"), "square-parking"),
}
KINDS: dict[StationKind, Any] = {
    StationKind.FILLING: _l("Rider filling station"),
    StationKind.RED_BEE: _l("Red bee warm new station"),
    StationKind.WORKSTATION: _l("Star knight workstation"),
}
STATES: dict[StationState, Word] = {
    StationState.OPEN: Word(_l("Open now"), "door-open", "ok"),
    StationState.FULL: Word(_l("Full now"), "users", "wait"),
    StationState.CLOSED: Word(_l("Closed now"), "door-closed", "still"),
}
