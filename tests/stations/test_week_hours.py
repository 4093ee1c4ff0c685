"""Opening hours as a form of days, and as the text that it means."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.stations import hours_form
from app.blueprints.stations.week_hours import (
    DAY_MIN,
    NotOfDays,
    SpecialDays,
    WeekHours,
    read_week,
)
from app.lib.opening_hours import open_spans

TODAY = date(2026, 11, 30)
minutes = st.integers(0, DAY_MIN - 1)


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """None, one, perhaps over midnight, or two in order."""
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return ()
    if kind == 1:
        begins, ends = draw(minutes), draw(st.integers(1, DAY_MIN))
        return ((begins, ends),) if begins != ends else ((0, DAY_MIN),)
    times = sorted(draw(st.lists(minutes, min_size=4, max_size=4, unique=True)))
    return ((times[0], times[1]), (times[2], times[3]))


@st.composite
def special(draw: st.DrawFn) -> SpecialDays:
    first = TODAY + timedelta(days=draw(st.integers(0, 500)))
    return SpecialDays(first, first + timedelta(days=draw(st.integers(0, 40))), draw(spans()))


weeks = st.builds(
    WeekHours,
    st.tuples(*[spans()] * 7).filter(any),
    st.none() | spans(),
    st.lists(special(), max_size=3).map(tuple),
)


@given(weeks)
def test_what_is_written_is_read_again(week: WeekHours) -> None:
    assert read_week(week.text()) == week


@given(weeks)
def test_the_form_writes_what_it_shows(week: WeekHours) -> None:
    form = hours_form.form_of(week.text())
    assert read_week(form.notation(TODAY)) == week


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-20:00; Sa,Su 09:00-18:00; PH off; 2026 Dec 31 off",
        "Mo-Su 08:00-12:00,13:00-26:00",
        "08:00-20:00",
        "Mo-Fr; PH off",
        "Sa-Mo 10:00-24:00; Su off",
        "PH,Su off; 2026 Oct 01-07 10:00-12:00",
        "Mo-Su,PH 10:00-12:00; 2026 Dec 30-2027 Jan 02 off",
        "24/7; PH off; 2026 Oct 01-Nov 7 22:00-06:00",
    ],
)
def test_it_means_the_same_to_the_library(text: str) -> None:
    written = read_week(text).text() or "off"
    for first in (date(2026, 9, 25), date(2026, 12, 25)):
        assert open_spans(text, first, 60) == open_spans(written, first, 60)


@pytest.mark.parametrize(
    "text",
    [
        "Mo 08:00+", "sunrise-sunset", "PH off; Mo-Fr 08:00-10:00", "week 1-5 Mo 08:00-10:00",
        "Mo-Fr 08:00-10:00,12:00-13:00,15:00-16:00", '24/7 "call first"', "2026 Feb 30 off",
        "2026 Oct 07-2026 Oct 01 off", "2026 Oct 01 off; Mo 08:00-09:00", "", "nonsense",
    ],
)  # fmt: skip
def test_what_a_form_of_days_cannot_show_stays_text(text: str) -> None:
    with pytest.raises(NotOfDays):
        read_week(text)
    form = hours_form.form_of(text)
    assert (form.how, form.text) == ("text", text)


def notation(**sent: str) -> tuple[str, hours_form.HoursForm]:
    form = hours_form.read_form({"how": "week"} | sent)
    return form.notation(TODAY), form


def test_a_filled_form(app: Flask) -> None:
    with app.test_request_context():
        text, form = notation(
            d0_1a="08:00", d0_1b="12:00", d0_2a="13:00", d0_2b="00:00", d5_1a="22:00",
            d5_1b="06:00", holidays="own", s0_first="2026-12-31", s2_first="2026-01-01",
            s2_last="2026-01-03", s7_first="2027-01-20", s7_last="2027-02-03", s7_1a="10:00",
            s7_1b="12:00",
        )  # fmt: skip
    assert text == (
        "Mo 08:00-12:00,13:00-24:00; Sa 22:00-06:00; PH off; 2026 Dec 31 off; "
        "2027 Jan 20-2027 Feb 03 10:00-12:00"
    )
    assert not form.has_errors


@pytest.mark.parametrize(
    ("sent", "row"),
    [
        ({"d0_1a": "08:00"}, "d0"),
        ({"d1_1a": "8 Uhr", "d1_1b": "09:00"}, "d1"),
        ({"d2_1a": "24:30", "d2_1b": "09:00"}, "d2"),
        ({"d3_1a": "08:00", "d3_1b": "08:00"}, "d3"),
        ({"d4_1a": "08:00", "d4_1b": "12:00", "d4_2a": "11:00", "d4_2b": "13:00"}, "d4"),
        ({"d4_1a": "22:00", "d4_1b": "02:00", "d4_2a": "11:00", "d4_2b": "13:00"}, "d4"),
        ({"holidays": "own", "d7_1a": "08:00"}, "d7"),
        ({"s0_1a": "08:00", "s0_1b": "09:00"}, "s0"),
        ({"s0_first": "2026-02-30"}, "s0"),
        ({"s0_first": "2026-12-31", "s0_last": "2026-12-30"}, "s0"),
        ({"s0_first": "9999-12-31"}, "s0"),
    ],
)
def test_what_is_wrong_stands_at_its_row_with_what_was_typed(
    app: Flask, sent: dict[str, str], row: str
) -> None:
    with app.test_request_context():
        text, form = notation(d6_1a="08:00", d6_1b="09:00", **sent)
    assert text == ""
    rows = [one for one in (*form.days, form.holidays, *form.special) if one.error]
    assert [one.name for one in rows] == [row]
    typed = {*sent.values()} - {"own"}
    assert typed <= {
        rows[0].first,
        rows[0].last,
        *(text for pair in rows[0].spans for text in pair),
    }


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"s0_first": "2026-12-31", "s0_1a": "08:00", "s0_1b": "24:00", "how": "text"},
        {"how": "text", "text": "Mo 99:00"},
        {"how": "text", "text": "off"},
        {"how": "text", "text": "Mo-Fr 08:00-09:00; " * 30},
    ],
)
def test_hours_that_are_none(app: Flask, sent: dict[str, str]) -> None:
    with app.test_request_context():
        text, form = notation(**sent)
    assert (text, bool(form.error)) == ("", True)
