"""The numbers of a compound, against counting by hand."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.blueprints.gates.statistics import DAYS, Counted, hours_of_today, statistics
from app.extensions import db
from app.lib import clock
from tests.support.estate import Estate

NOW = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)


def test_by_hour_day_gate_and_company(estate: Estate, app: Flask) -> None:
    moments = [NOW - timedelta(hours=7 * number) for number in range(120)]
    estate.passes(*moments)
    estate.passes(NOW, direction="exit", gate_id=estate.other_gate_id)
    estate.passes(NOW, outcome="refused")
    estate.passes(NOW, undone_at=NOW)
    estate.set_up_second()
    estate.passes(NOW, compound_id=estate.second_id)
    with app.app_context():
        found = statistics(db.session(), estate.compound_id, now=NOW)
        first = clock.start_of_day(NOW) - timedelta(days=DAYS - 1)
        local = [clock.to_local(at) for at in moments if at >= first]
        by_hour, by_day = Counter(at.hour for at in local), Counter(at.date() for at in local)
        assert [one.entries for one in found.hours] == [by_hour[hour] for hour in range(24)]
        assert {day: one.entries for day, one in found.days.items() if one.entries} == dict(by_day)
        assert len(found.days) == DAYS
        assert found.gates[estate.other_gate_id] == Counted(exits=1)
        assert found.total == Counted(len(local), 1, 1)
        assert [(one.name_en, count) for one, count in found.companies] == [
            ("Fast Delivery", len(local))
        ]
        db.session.remove()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(offsets=st.lists(st.integers(0, 30 * 3600), max_size=12))
def test_today_begins_at_midnight_in_suzhou(estate: Estate, app: Flask, offsets: list[int]) -> None:
    moments = [NOW - timedelta(seconds=offset) for offset in offsets]
    with app.app_context():
        before = hours_of_today(db.session(), estate.compound_id, now=NOW)
        db.session.remove()
    if moments:
        estate.passes(*moments)
    with app.app_context():
        after = hours_of_today(db.session(), estate.compound_id, now=NOW)
        db.session.remove()
    start = clock.start_of_day(NOW)
    expected = Counter(clock.to_local(at).hour for at in moments if at >= start)
    grown = [new.entries - old.entries for old, new in zip(before, after, strict=True)]
    assert grown == [expected[hour] for hour in range(24)]


@pytest.mark.parametrize("end", ["", "/statistics"])
def test_a_chart_comes_with_its_table(estate: Estate, end: str) -> None:
    estate.passes(clock.now())
    page = estate.browser(estate.manager).get(f"/compounds/{estate.compound_id}{end}").text
    assert page.count("<caption>") >= 1
    assert page.count("<svg") > 5
