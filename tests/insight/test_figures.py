"""Figures equal a plain count over check-ins, and everybody sees their own."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.insight.figures import (
    OF_COMPANY,
    OF_STATIONS,
    Figures,
)
from app.blueprints.insight.sums import Counted
from app.blueprints.visits.models import CheckIn, Purpose, Who
from app.lib.clock import to_local
from app.lib.periods import Period
from tests.support.station_visits import DAYS, FIRST, Visited, looked

WHOLE = Period(FIRST, FIRST + timedelta(days=DAYS))


def periods() -> list[Period]:
    """By chance, and those at which months begin and end."""
    chance = random.Random(5)
    days = [FIRST + timedelta(days=chance.randrange(DAYS)) for _day in range(24)]
    found = [Period(*sorted(days[place : place + 2])) for place in range(0, 24, 2)]
    return [
        *found, WHOLE, Period(date(2026, 2, 1), date(2026, 2, 28)),
        Period(date(2026, 3, 3), date(2026, 3, 29)), Period(date(2026, 1, 31), date(2026, 2, 1)),
        Period(date(2026, 1, 15), date(2026, 4, 16)),
    ]  # fmt: skip


def seen(session: Session, period: Period, where: Callable[[CheckIn], bool]) -> list[CheckIn]:
    """The check-ins of a period that count, one after the other."""
    return [
        one for one in session.scalars(select(CheckIn))
        if one.undone_at is None and where(one)
        and period.first <= to_local(one.at).date() <= period.last
    ]  # fmt: skip


def plain(rows: Sequence[CheckIn]) -> Counted:
    return Counted(len(rows), sum(one.people for one in rows), sum(one.leads for one in rows))


def by(rows: Sequence[CheckIn], key: Callable[[CheckIn], Any]) -> dict[Any, Counted]:
    """Counted by a key."""
    return {value: plain([one for one in rows if key(one) == value]) for value in map(key, rows)}


def stations_in(found: Figures) -> dict[int, Counted]:
    return {
        line.place.id: Counted(
            line.numbers.check_ins, line.numbers.people, line.numbers.visits
        )
        for line in found.lines
    }  # fmt: skip


@pytest.mark.parametrize("period", periods(), ids=lambda one: f"{one.first}..{one.last}")
def test_they_equal_a_plain_count(opened: Session, visited: Visited, period: Period) -> None:
    found = looked(opened, visited.administrator, period)
    rows = seen(opened, period, lambda _one: True)
    assert stations_in(found) == by(rows, lambda one: one.station_id)
    assert dict(enumerate(found.hours)) == dict.fromkeys(range(24), Counted()) | by(
        rows, lambda one: to_local(one.at).hour
    )
    assert dict(found.purposes) == dict.fromkeys(Purpose, Counted()) | by(
        rows, lambda one: Purpose(one.purpose)
    )
    assert dict(found.companies) == by(rows, lambda one: one.company_id or 0)
    workers = sum(one.people for one in rows if one.who == Who.WORKER)
    assert (found.total.workers, found.total.visits) == (workers, plain(rows).visits)


def test_there_is_something_to_tell_apart(opened: Session, visited: Visited) -> None:
    """Else the plain count would prove little."""
    rows = opened.scalars(select(CheckIn)).all()
    assert any(one.undone_at for one in rows)
    assert any(one.mark for one in rows)
    assert any(not one.leads and not one.mark and not one.undone_at for one in rows)
    assert {one.who for one in rows} == set(Who)


@pytest.mark.parametrize("period", periods()[::3], ids=lambda one: f"{one.first}..{one.last}")
def test_hosts_see_their_own_stations(opened: Session, visited: Visited, period: Period) -> None:
    for who, stations in (
        (visited.host, visited.used[:1]), (visited.street_host, visited.used[2:]),
    ):  # fmt: skip
        rows = seen(opened, period, lambda one, mine=stations: one.station_id in mine)  # type: ignore[misc]
        found = looked(opened, who, period)
        assert stations_in(found) == by(rows, lambda one: one.station_id)
        assert sum(found.hours, Counted()) == plain(rows)
        assert dict(found.companies) == by(rows, lambda one: one.company_id or 0)


@pytest.mark.parametrize("period", periods()[::3], ids=lambda one: f"{one.first}..{one.last}")
def test_a_manager_sees_the_own_company(opened: Session, visited: Visited, period: Period) -> None:
    rows = seen(opened, period, lambda one: one.company_id == visited.companies[0])
    found = looked(opened, visited.manager, period, OF_COMPANY)
    assert stations_in(found) == by(rows, lambda one: one.station_id)
    assert (found.hours, found.companies, found.unused) == ((), (), ())


@pytest.mark.parametrize("of", [OF_STATIONS, OF_COMPANY])
def test_a_street_narrows_them(opened: Session, visited: Visited, of: str) -> None:
    who = visited.administrator if of == OF_STATIONS else visited.manager
    found = looked(opened, who, WHOLE, of, visited.streets[0])
    rows = seen(
        opened, WHOLE, lambda one: one.station_id in visited.used[:2]
        and (of == OF_STATIONS or one.company_id == visited.companies[0]),
    )  # fmt: skip
    assert stations_in(found) == by(rows, lambda one: one.station_id)


def test_use_per_place_and_day(opened: Session, visited: Visited) -> None:
    found = looked(opened, visited.administrator, WHOLE)
    rows = seen(opened, WHOLE, lambda one: one.station_id == visited.used[0])
    people = Counter(dict.fromkeys(Purpose, 0))
    for one in rows:
        people[Purpose(one.purpose)] += one.people
    numbers = next(one.numbers for one in found.lines if one.place.id == visited.used[0])
    assert numbers.per_rest == pytest.approx(people[Purpose.REST] / 4 / WHOLE.days)
    assert numbers.per_plug == pytest.approx(people[Purpose.CHARGE] / 5 / WHOLE.days)
    assert numbers.per_day == pytest.approx(plain(rows).visits / WHOLE.days)
    ended = next(one.numbers for one in found.lines if one.place.id == visited.used[-1])
    assert (ended.days, ended.per_rest) == ((date(2026, 4, 1) - FIRST).days + 1, None)


def test_what_is_never_used(opened: Session, visited: Visited) -> None:
    before = Period(date(2025, 12, 1), date(2025, 12, 20))
    found = looked(opened, visited.administrator, before)
    last = {one.place.id: one.last for one in found.unused}
    assert last.pop(visited.idle) is None
    assert set(last) == set(visited.used[:-1])
    for station, month in last.items():
        rows = seen(opened, WHOLE, lambda one, here=station: one.station_id == here)  # type: ignore[misc]
        assert month == max(to_local(one.at).date() for one in rows).replace(day=1)
    born_later = Period(date(2025, 10, 1), date(2025, 10, 20))
    assert looked(opened, visited.administrator, born_later).unused == []
