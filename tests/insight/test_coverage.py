"""Coverage against a slow model that looks at one place, one hour and one station at a time."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.insight import coverage, coverage_queries
from app.blueprints.insight.coverage import DAY_H, WEEK_H, Offered, Reach, Wanted
from app.blueprints.insight.coverage_queries import Asked, Named
from app.blueprints.insight.coverage_report import Bounds, report
from app.blueprints.insight.models import Demand
from app.blueprints.organisations.models import Role
from app.blueprints.stations.models import Station
from app.lib import clock
from app.lib.clock import LOCAL
from app.lib.geo import distance_m
from app.lib.opening_hours import is_open
from app.lib.periods import Period
from tests.support.people import People, sign_in
from tests.support.station_rows import StationRows

FOUR_WEEKS = Period(date(2026, 3, 2), date(2026, 3, 29))
"""Without a holiday."""
HOURS = ("24/7", "Mo-Fr 08:30-17:00", "22:15-06:40", "We 10:00-10:29; Th 10:00-10:30")
REACH_M = 15_000 / 60 * 15 / 1.3
WITHIN = Bounds(31.0, 120.0, 32.0, 121.0)


@pytest.mark.parametrize("hours", HOURS)
def test_open_is_what_is_open_for_half_of_the_hour(hours: str) -> None:
    found = coverage.opened(hours, FOUR_WEEKS.first, FOUR_WEEKS.days)
    open_min = Counter[int]()
    start = datetime.combine(FOUR_WEEKS.first, datetime.min.time(), LOCAL)
    for minute in range(0, FOUR_WEEKS.days * 24 * 60):
        open_min[minute // 60 % WEEK_H] += is_open(hours, start + timedelta(minutes=minute))
    assert list(found) == [open_min[hour] >= 4 * 30 for hour in range(WEEK_H)]


def test_weeks_are_told_apart_by_their_days() -> None:
    """A period that begins on a Thursday says the same of a week."""
    for hours in HOURS:
        thursday = coverage.opened(hours, FOUR_WEEKS.first + timedelta(days=3), 28)
        assert thursday == coverage.opened(hours, FOUR_WEEKS.first, 28)


def scene(seed: int, cells: int, stations: int) -> tuple[Wanted, Offered]:
    """Places by chance over thirty kilometres, with some demand at some hours."""
    chance = np.random.default_rng(seed)
    counted = chance.poisson(0.05, (2, cells, WEEK_H)).astype(np.int64)
    wanted = Wanted(
        chance.uniform(31.2, 31.45, cells), chance.uniform(120.6, 120.95, cells), *counted
    )
    hours = [list(coverage.opened(HOURS[one % 4], FOUR_WEEKS.first, 28)) for one in range(stations)]
    offered = Offered(
        chance.uniform(31.2, 31.45, stations), chance.uniform(120.6, 120.95, stations),
        np.array(hours, dtype=np.bool_).reshape(-1, WEEK_H),
    )  # fmt: skip
    return wanted, offered


def slowly(wanted: Wanted, offered: Offered, cell: int, hour: int) -> Reach:
    """What one place offers at one hour."""
    near = [
        one for one in range(len(offered.latitudes))
        if distance_m(
            wanted.latitudes[cell], wanted.longitudes[cell],
            offered.latitudes[one], offered.longitudes[one],
        ) <= REACH_M
    ]  # fmt: skip
    if any(offered.opened[one][hour] for one in near):
        return Reach.NEAR
    return Reach.SHUT if near else Reach.MISSING


@pytest.mark.parametrize(("cells", "stations"), [(40, 9), (30, 0), (7, 1), (600, 12)])
def test_it_equals_the_slow_model(cells: int, stations: int) -> None:
    wanted, offered = scene(cells, cells, stations)
    found = coverage.find(wanted, offered)
    split = Counter[tuple[int, Reach]]()
    step = max(1, cells // 40)
    for cell in range(0, cells, step):
        for hour in range(WEEK_H):
            expected = slowly(wanted, offered, cell, hour)
            assert found.reach[cell, hour] == expected
            split[hour % DAY_H, expected] += int(wanted.reports[cell, hour])
    by_hour = coverage.split(wanted.reports[::step], found.reach[::step])
    assert by_hour.tolist() == [[split[hour, one] for one in Reach] for hour in range(DAY_H)]


def test_the_nearest_station_and_how_far() -> None:
    wanted, offered = scene(3, 25, 8)
    found = coverage.find(wanted, offered)
    for cell in range(25):
        away = [
            distance_m(wanted.latitudes[cell], wanted.longitudes[cell], *place)
            for place in zip(offered.latitudes, offered.longitudes, strict=True)
        ]
        assert found.nearest[cell] == away.index(min(away))
        assert found.metres[cell] == pytest.approx(min(away))


def test_proposals_reach_the_most_that_is_left() -> None:
    wanted, offered = scene(8, 60, 3)
    found = coverage.find(wanted, offered)
    missing = np.where(found.reach == Reach.MISSING, wanted.reports, 0).sum(axis=1)
    left = {cell: int(missing[cell]) for cell in range(60) if missing[cell]}
    for one in coverage.proposals(wanted, missing, 4):
        gains = {
            place: sum(left[cell] for cell in left if away(wanted, place, cell) <= REACH_M)
            for place in range(60)
            if missing[place]
        }
        assert one.gain == gains[one.place] == max(gains.values())
        left = {cell: n for cell, n in left.items() if away(wanted, one.place, cell) > REACH_M}


def away(wanted: Wanted, one: int, other: int) -> float:
    return distance_m(
        wanted.latitudes[one], wanted.longitudes[one],
        wanted.latitudes[other], wanted.longitudes[other],
    )  # fmt: skip


def test_stations_that_should_open_longer() -> None:
    wanted, offered = scene(12, 50, 6)
    found = coverage.find(wanted, offered)
    gains = Counter[int]()
    for cell in range(50):
        for hour in range(WEEK_H):
            if slowly(wanted, offered, cell, hour) == Reach.SHUT:
                gains[int(found.nearest[cell])] += int(wanted.reports[cell, hour])
    late = coverage.late_ones(found, wanted.reports, 6)
    assert {one.station: one.gain for one in late} == {s: n for s, n in gains.items() if n}
    assert [one.gain for one in late] == sorted((one.gain for one in late), reverse=True)


def demand(session: Session, latitude: float, longitude: float, hour: int, **columns: Any) -> None:
    values = {"month": date(2026, 3, 1), "reports": 1, "check_ins": 0} | columns
    session.add(Demand(row=int(latitude * 400), column=int(longitude * 400), hour=hour, **values))


def station(id: int, hours: str = "24/7") -> Named:
    return Named(id, f"T{id}", f"站{id}", f"Station {id}", 31.3013, 120.7013, hours)


def asked(**changes: Any) -> Asked:
    values = {
        "first": date(2026, 3, 1), "last": date(2026, 3, 31), "within": WITHIN,
        "today": date(2026, 3, 29),
    }  # fmt: skip
    return Asked(**values | changes)


def test_demand_is_read_by_months_and_bounds(session: Session) -> None:
    demand(session, 31.301, 120.701, 5, reports=3, check_ins=4)
    demand(session, 31.301, 120.701, 5, month=date(2026, 2, 1), reports=2)
    demand(session, 31.301, 120.701, 5, month=date(2026, 1, 1), reports=50)
    demand(session, 40.0, 116.0, 5, reports=70)
    session.commit()
    wanted = coverage_queries.wanted(session, asked(first=date(2026, 2, 1)))
    assert (wanted.reports.sum(), wanted.check_ins.sum()) == (5, 4)
    assert (wanted.latitudes.tolist(), wanted.longitudes.tolist()) == (
        [(int(31.301 * 400) + 0.5) / 400], [(int(120.701 * 400) + 0.5) / 400],
    )  # fmt: skip
    assert coverage_queries.wanted(session, asked(first=date(2027, 1, 1))).reports.shape[0] == 0


def test_the_report_adds_up(session: Session) -> None:
    demand(session, 31.301, 120.701, 10, reports=5, check_ins=2)
    demand(session, 31.301, 120.701, 23, reports=3)
    demand(session, 31.4, 120.8, 10, reports=7, check_ins=1)
    session.commit()
    found = report(session, asked(), [station(1, "08:00-20:00")], "en")
    assert (found.reports.near, found.reports.shut, found.reports.missing) == (5, 3, 7)
    assert (found.check_ins.near, found.check_ins.missing) == (2, 1)
    assert found.whole.share == pytest.approx(7 / 18)
    assert [(one.missing, one.shut) for one in found.gaps] == [(8, 0), (0, 3)]
    assert [one.gain for one in found.next_ones] == [8]
    assert [(one.station.id, one.gain, one.hour) for one in found.longer] == [(1, 3, 23)]
    everything_missing = report(session, asked(), [], "en")
    assert (everything_missing.whole.near, everything_missing.whole.missing) == (0, 18)


@pytest.fixture
def administrator(app: Flask, people: People) -> FlaskClient:
    client = app.test_client()
    sign_in(client, people.make(Role.ADMINISTRATOR))
    client.set_cookie("lang", "en")
    return client


def shown(client: FlaskClient, query: str = "") -> tuple[str, dict[str, Any]]:
    answer = client.get(f"/stations/coverage{query}")
    assert answer.status_code == 200
    found = re.search(r'id="coverage-drawn">(.*?)</script>', answer.text, re.DOTALL)
    return answer.text, json.loads(found[1]) if found else {}


def test_the_page_knows_given_up_stations_from_others(
    administrator: FlaskClient, session: Session
) -> None:
    rows = StationRows(session)
    kept = rows.station(latitude=31.3013, longitude=120.7013, name_en="Kept Station")
    gone = rows.station(latitude=31.4, longitude=120.8, name_en="Gone Station")
    month = clock.to_local(clock.now()).date().replace(day=1)
    demand(session, 31.301, 120.701, 10, month=month, reports=5)
    demand(session, 31.401, 120.801, 10, month=month, reports=5)
    session.commit()
    text, drawn = shown(administrator)
    assert "100.0%" in text
    assert len(drawn["stations"]) == 2
    end(session, gone)
    text, drawn = shown(administrator)
    # What lies far outside what stations there are is left out, and no failure of theirs.
    assert (drawn["stations"], drawn["gaps"]) == ([[31.3013, 120.7013]], [])
    end(session, kept)
    text, drawn = shown(administrator)
    assert "0.0%" in text
    assert [gap[2:] for gap in drawn["gaps"]] == [[5, 0], [5, 0]]
    assert "Gone Station" not in text


def end(session: Session, station_id: int) -> None:
    session.execute(
        update(Station)
        .where(Station.organisation_id == station_id)
        .values(ended_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    session.commit()


def test_without_demand_it_says_what_it_is_for(administrator: FlaskClient) -> None:
    text, drawn = shown(administrator)
    assert "Nothing to count yet" in text
    assert drawn == {}


def test_months_that_an_address_may_ask_for(administrator: FlaskClient, session: Session) -> None:
    today = clock.to_local(clock.now()).date()
    for back in months_before(today.replace(day=1), 14):
        demand(session, 31.301, 120.701, 10, month=back, reports=1)
    session.commit()
    for query, months in (("?months=1", 1), ("", 3), ("?months=x", 3), ("?months=12", 12)):
        _text, drawn = shown(administrator, query)
        assert [gap[2] for gap in drawn["gaps"]] == [months]


def months_before(month: date, how_many: int) -> Iterator[date]:
    for _month in range(how_many):
        yield month
        month = (month - timedelta(days=1)).replace(day=1)
