"""What a filter keeps, what it leaves out, and how it stands in an address."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.cases.filters import SORTS, CaseFilter, number_in
from app.blueprints.cases.queues import CENTRE, QUEUES
from app.blueprints.reports.models import State
from app.lib.database import MAX_ROW_ID

IDS = st.none() | st.integers(1, MAX_ROW_ID)
DAYS = st.none() | st.dates(date(1971, 1, 1), date(8999, 12, 31))
FILTERS = st.builds(
    CaseFilter,
    queue=st.sampled_from(sorted(QUEUES)),
    category_code=st.sampled_from(["", "0102", "0211"]),
    group=st.sampled_from(["", "01"]),
    department_id=IDS,
    street_id=IDS,
    grid_id=IDS,
    overdue=st.booleans(),
    flagged=st.booleans(),
    supervised=st.booleans(),
    since=DAYS,
    until=DAYS,
    number=IDS,
    sort=st.sampled_from(SORTS),
)


@given(FILTERS)
def test_a_filter_stands_whole_in_its_address(wanted: CaseFilter) -> None:
    assert CaseFilter.from_args(wanted.args()) == wanted


@given(FILTERS, st.text(min_size=1, max_size=60))
def test_words_on_a_place_are_in_no_address(wanted: CaseFilter, text: str) -> None:
    with_text = CaseFilter.from_args(wanted.args(), text=text)
    assert with_text.args() == wanted.args()


NAMES = st.sampled_from(
    [
        "queue",
        "category",
        "group",
        "department",
        "street",
        "grid",
        "overdue",
        "flagged",
        "supervised",
        "since",
        "until",
        "number",
        "sort",
        "text",
    ]
)


@given(st.dictionaries(NAMES, st.text(max_size=30), max_size=13))
def test_what_makes_no_sense_is_left_out(args: dict[str, str]) -> None:
    found = CaseFilter.from_args(args)
    assert found.queue in QUEUES
    assert found.sort in SORTS
    assert CaseFilter.from_args(found.args()) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [("2026-000123", 123), (" 2026-000123 ", 123), ("123", 123), ("000123", 123), ("", None),
     ("0", None), ("-", None), ("12a", None), ("１２", None), ("9" * 10, MAX_ROW_ID),
     ("9" * 11, None)],
)  # fmt: skip
def test_the_number_of_a_case(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_every_state_waits_in_a_queue_of_the_centre() -> None:
    alone = [one for one in CENTRE if one.only is None and one.name != "all"]
    assert sorted(state for one in alone for state in one.states) == sorted(State)


def test_clearing_leaves_the_queue_and_its_order() -> None:
    wanted = CaseFilter.from_args({"queue": "at_department", "grid": "3", "overdue": "1"})
    assert wanted.narrowing == ("grid_id", "overdue")
    assert wanted.without("grid_id").narrowing == ("overdue",)
    assert wanted.cleared() == CaseFilter(queue="at_department", sort="due")
