"""The codes of stations: both sides hold the same vectors."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.badges.issuer_keys import IssuerKey, IssuerKeys, NoIssuerKey
from app.blueprints.badges.signatures import sign
from app.blueprints.stations import poster_codes
from app.blueprints.stations.models import Station
from app.blueprints.visits import counter_codes
from app.blueprints.visits.counter_codes import Judged

VECTORS = json.loads(Path("tests/vectors/station_codes.json").read_text(encoding="utf-8"))
KEYS = {int(kid): [bytes.fromhex(one) for one in points] for kid, points in VECTORS["keys"].items()}
SECRET = bytes.fromhex(VECTORS["secret"])
NOON = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
POSTERS, COUNTERS = VECTORS["posters"], VECTORS["counters"]


def _names(vectors: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in vectors]


def _key(kid: int = 7, signs_from: datetime = NOON) -> IssuerKey:
    return IssuerKey(kid, signs_from, ec.generate_private_key(ec.SECP256R1()), Path("key.json"))


@pytest.mark.parametrize("vector", POSTERS, ids=_names(POSTERS))
def test_posters(vector: dict[str, Any]) -> None:
    if vector["reads"] is None:
        with pytest.raises(poster_codes.Unreadable):
            poster_codes.read(vector["text"])
        return
    code = poster_codes.read(vector["text"])
    assert {"kid": code.kid, "station": code.station_id, "poster": code.poster} == vector["reads"]
    assert poster_codes.is_signed(code, KEYS) == vector["signed"]


@given(st.integers(1, 2**31 - 1), st.integers(1, poster_codes.MAX_POSTER))
def test_a_poster_says_what_was_written(station_id: int, poster: int) -> None:
    key = _key()
    code = poster_codes.read(poster_codes.text_of(key, station_id=station_id, poster=poster))
    assert (code.kid, code.station_id, code.poster) == (key.kid, station_id, poster)
    assert poster_codes.is_signed(code, {key.kid: [key.point]})


@given(st.integers(0, 97), st.sampled_from("ABCabc019_-"))
def test_whatever_is_changed_no_longer_counts(place: int, other: str) -> None:
    text = POSTERS[0]["text"]
    changed = text[:place] + other + text[place + 1 :]
    try:
        code = poster_codes.read(changed)
    except poster_codes.Unreadable:
        return
    assert poster_codes.is_signed(code, KEYS) == (changed == text)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    for module in (poster_codes, counter_codes):
        try:
            module.read(text)
        except (poster_codes.Unreadable, counter_codes.Unreadable):
            continue


def test_a_signature_for_a_badge_makes_no_poster() -> None:
    """The prefix keeps both apart."""
    key = _key()
    good = poster_codes.read(poster_codes.text_of(key, station_id=1, poster=1))
    fields = good.signed.removeprefix(b"SKP1\0")
    stolen = sign(key.private_key, b"SK1-cred\0" + fields)
    code = poster_codes.PosterCode(key.kid, 1, 1, stolen, good.signed)
    assert not poster_codes.is_signed(code, {key.kid: [key.point]})


def test_a_poster_holds_an_address_that_any_camera_opens() -> None:
    old, new = _key(1), _key(2, NOON + timedelta(hours=1))
    keys = IssuerKeys((old, new))
    station = Station(organisation_id=37, poster=3)
    address = poster_codes.address_of(station, keys, "https://stars.example", now=NOON)
    root, text = address.split("#p=")
    code = poster_codes.read(text)
    assert root == "https://stars.example/check-in"
    assert (code.kid, code.station_id, code.poster) == (1, 37, 3)
    with pytest.raises(NoIssuerKey):
        poster_codes.address_of(station, keys, "x", now=NOON - timedelta(hours=1))


@pytest.mark.parametrize("vector", COUNTERS, ids=_names(COUNTERS))
def test_counters(vector: dict[str, Any]) -> None:
    moment = datetime.fromtimestamp(vector["at_ms"] / 1000, UTC)
    keys = counter_codes.day_keys(SECRET, vector["station"], moment)
    assert len(keys) == 3
    key, slot = keys[vector["day"]], counter_codes.slot_at(moment)
    assert (key.hex(), slot) == (vector["day_key"], vector["slot"])
    text = counter_codes.text_at(vector["station"], key, slot)
    assert text == vector["text"]
    code = counter_codes.read(text)
    assert (code.station_id, code.slot) == (vector["station"], slot)
    assert counter_codes.judge(code, secret=SECRET, at=moment) == Judged.RIGHT


@pytest.mark.parametrize("vector", VECTORS["no_counters"], ids=_names(VECTORS["no_counters"]))
def test_no_counters(vector: dict[str, Any]) -> None:
    with pytest.raises(counter_codes.Unreadable):
        counter_codes.read(vector["text"])


@pytest.mark.parametrize("vector", VECTORS["freshness"])
def test_how_long_a_screen_counts(vector: dict[str, Any]) -> None:
    code = counter_codes.read(COUNTERS[0]["text"])
    began_ms = code.slot * counter_codes.SLOT_S * 1000
    at = datetime.fromtimestamp((began_ms + vector["after_ms"]) / 1000, UTC)
    right = Judged.RIGHT if vector["fresh"] else Judged.STALE
    assert counter_codes.judge(code, secret=SECRET, at=at) == right


def test_the_code_of_another_station_or_slot_is_forged() -> None:
    code = counter_codes.read(COUNTERS[0]["text"])
    for station_id, slot in ((38, code.slot), (code.station_id, code.slot + 1)):
        other = counter_codes.CounterCode(station_id, slot, code.mac)
        assert counter_codes.judge(other, secret=SECRET, at=NOON) == Judged.FORGED
    other_secret = counter_codes.secret_of("another district's")
    assert counter_codes.judge(code, secret=other_secret, at=NOON) == Judged.FORGED
