"""Each way of cheating is asked about once; an honest day never."""

from datetime import UTC, datetime, timedelta
from math import cos, radians, sin

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.blueprints.fairness import limits
from app.blueprints.fairness.models import Pattern, ReviewState
from app.blueprints.points.models import Occasion
from app.blueprints.points.occurrences import reconcile
from app.blueprints.visits.models import Way
from tests.support.fairness_town import HERE, NOON, Place, Town

FAR = (31.80, 121.10)
"""Some 73 km from HERE."""
NEAR = (31.31, 120.61)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LOOK = 0x0F1E_2D3C_4B5A_6978


def _found(town: Town) -> list[tuple[Pattern, int]]:
    return [(one.pattern, one.rider_id) for one in town.reviews()]


STEP = st.tuples(
    st.sampled_from(["report", "visit", "task"]), st.integers(4, 18), st.floats(0, 50),
    st.floats(0, 360), st.booleans(),
)  # fmt: skip
"""What is done, after how many minutes, at how many km/h one rode there, whither, and whether the
phone's clock is an hour off."""


def _honest_day(session: Session, steps: list[tuple[str, int, float, float, bool]]) -> None:
    """45 deeds in 14 hours at most, by bicycle all over the district."""
    town, place, at = Town(session), HERE, NOON - timedelta(hours=6)
    rider = town.person()
    for what, minutes, speed, direction, off in steps:
        at += minutes * MINUTE
        place = _moved(place, speed * minutes / 60, direction)
        _do(town, rider, what, at, place, clock_off=timedelta(hours=off))
    town.look(later=DAY)
    assert _found(town) == []


def _moved(place: Place, km: float, direction: float) -> Place:
    north, east = km * cos(radians(direction)), km * sin(radians(direction))
    return place[0] + north / 111.2, place[1] + east / (111.2 * cos(radians(place[0])))


def _do(
    town: Town, rider: int, what: str, at: datetime, place: Place, *, clock_off: timedelta
) -> None:
    if what == "report":
        town.report(rider, at, place, photos=[town.photo()], clock_off=clock_off)
    elif what == "visit":
        town.visit(rider, at, town.station(place))
    else:
        town.task(rider, at, place, photos=[town.photo()])


def test_an_honest_day_is_never_asked_about(town: Town) -> None:
    @given(st.lists(STEP, min_size=45, max_size=45))
    @settings(max_examples=15, database=None, phases=[Phase.generate])
    def days(steps: list[tuple[str, int, float, float, bool]]) -> None:
        try:
            _honest_day(town.session, steps)
        finally:
            town.session.rollback()

    days()


def test_more_in_an_hour_than_anybody_can_do_is_asked_once(town: Town) -> None:
    rider = town.person()
    for number in range(25):
        town.report(rider, NOON + number * 2 * MINUTE)
    town.look()
    assert _found(town) == [(Pattern.VELOCITY, rider)]
    assert town.reviews()[0].evidence == {"hour": 25, "day": 25}
    town.report(rider, NOON + 51 * MINUTE)
    town.look()
    [review] = town.reviews()
    assert review.evidence == {"hour": 26, "day": 26}
    assert len(town.sources(review)) == 26


def test_an_hour_over_midnight_counts_as_any(town: Town) -> None:
    rider, midnight = town.person(), datetime(2026, 5, 4, 16, tzinfo=UTC)
    for number in range(24):
        town.report(rider, midnight + (number - 12) * 2 * MINUTE)
    town.look(later=DAY)
    assert _found(town) == [(Pattern.VELOCITY, rider)]


def test_more_in_a_day_than_anybody_can_do_is_asked(town: Town) -> None:
    rider = town.person()
    for number in range(limits.MOST_IN_A_DAY + 1):
        town.report(rider, NOON + timedelta(hours=-10) + number * 9 * MINUTE)
    town.look(later=DAY)
    assert _found(town) == [(Pattern.VELOCITY, rider)]


@pytest.mark.parametrize("minutes", [1, 20, 30])
def test_nobody_is_at_two_far_places_at_once(town: Town, minutes: int) -> None:
    rider = town.person()
    town.report(rider, NOON)
    town.visit(rider, NOON + minutes * MINUTE, town.station(FAR))
    town.task(rider, NOON + (minutes + 1) * MINUTE, FAR)
    town.look()
    [review] = town.reviews()
    assert (review.pattern, review.rider_id, review.about) == (
        Pattern.TRAVEL, rider, "2026-05-05",
    )  # fmt: skip
    [[_one, _other, metres, seconds]] = review.evidence["legs"]
    assert (72_000 < metres < 75_000, seconds) == (True, minutes * 60)


def test_ways_noticed_later_stand_beside_those_before(town: Town) -> None:
    """What comes after midnight looks an hour back: the day before is seen in part."""
    rider, midnight = town.person(), datetime(2026, 5, 4, 16, tzinfo=UTC)
    for minutes, place in ((-600, HERE), (-590, FAR), (-30, HERE), (-20, FAR)):
        town.report(rider, midnight + minutes * MINUTE, place)
    town.look()
    [review] = town.reviews()
    before = review.evidence["legs"]
    town.report(rider, midnight + 90 * MINUTE, FAR)
    town.look()
    assert review.evidence["legs"] == before
    assert len(before) == 2


def test_an_hour_after_midnight_does_not_lessen_the_day_before(town: Town) -> None:
    rider, midnight = town.person(), datetime(2026, 5, 4, 16, tzinfo=UTC)
    town.report(rider, midnight - 300 * MINUTE)
    for number in range(25):
        town.report(rider, midnight - (number + 1) * 2 * MINUTE)
    town.look()
    [review] = town.reviews()
    town.report(rider, midnight + 90 * MINUTE)
    town.look()
    assert review.evidence == {"hour": 25, "day": 26}


def test_a_way_that_can_be_driven_is_not_asked_about(town: Town) -> None:
    rider = town.person()
    town.report(rider, NOON)
    town.visit(rider, NOON + 60 * MINUTE, town.station(FAR))
    town.visit(rider, NOON + 61 * MINUTE, town.station((FAR[0] + 0.015, FAR[1])))
    town.look(later=DAY)
    assert town.reviews() == []


def test_a_pin_put_by_hand_is_no_place_of_the_rider(town: Town) -> None:
    rider = town.person()
    town.report(rider, NOON, FAR, accuracy_m=None)
    town.visit(rider, NOON + MINUTE, town.station())
    town.look()
    assert town.reviews() == []


def test_two_phones_of_two_riders_are_no_travel(town: Town) -> None:
    town.report(town.person(), NOON)
    town.report(town.person(), NOON + MINUTE, FAR)
    town.look()
    assert town.reviews() == []


@pytest.mark.parametrize("bits", [0, 1, 2])
def test_one_photo_for_two_deeds_is_asked_once(town: Town, bits: int) -> None:
    """Of another rider's report, saved again, for a task."""
    rider, other = town.person(), town.person()
    first = town.photo(LOOK)
    again = town.photo(LOOK ^ (1 << 50 | 1 << 3 if bits == 2 else bits)) if bits else first
    town.report(other, NOON, photos=[town.photo(), first])
    claim = town.task(rider, NOON + 30 * MINUTE, NEAR, photos=[again])
    town.look()
    town.report(town.person(), NOON)
    town.look()
    [review] = town.reviews()
    assert (review.pattern, review.rider_id, review.other_id) == (
        Pattern.SAME_PHOTOS, rider, other,
    )  # fmt: skip
    assert town.sources(review) == [claim]
    [[_deed, later, _earlier, earlier, differ]] = review.evidence["photos"]
    assert (later, earlier, differ) == (again, first, bits)


def test_photos_noticed_later_that_week_stand_beside_those_before(town: Town) -> None:
    rider, pictures = town.person(), [town.photo(), town.photo()]
    for picture in pictures:
        town.report(rider, NOON, photos=[picture])
    for number, picture in enumerate(pictures):
        town.now = NOON + number * DAY
        town.report(rider, town.now + 30 * MINUTE, photos=[picture])
        town.look()
    [review] = town.reviews()
    assert [one[1] for one in review.evidence["photos"]] == pictures
    assert len(town.sources(review)) == 2


def test_the_own_photo_again_is_asked_once(town: Town) -> None:
    rider, picture = town.person(), town.photo()
    reports = [town.report(rider, NOON + n * 5 * MINUTE, photos=[picture]) for n in range(4)]
    town.look()
    [review] = town.reviews()
    assert (review.pattern, review.rider_id, review.other_id) == (Pattern.SAME_PHOTOS, rider, None)
    assert town.sources(review) == reports[1:]


def test_photos_of_one_place_that_only_look_alike_are_not_asked_about(town: Town) -> None:
    town.report(town.person(), NOON, photos=[town.photo(LOOK)])
    town.report(town.person(), NOON, photos=[town.photo(LOOK ^ 0b111)])
    town.look()
    assert town.reviews() == []


def test_a_report_made_of_a_tasks_photos_has_the_same_ones(town: Town) -> None:
    rider, picture = town.person(), town.photo()
    report = town.report(rider, NOON, photos=[picture])
    town.task(rider, NOON, photos=[picture], report_id=report)
    town.look()
    assert town.reviews() == []


def test_what_was_taken_back_is_compared_with_nothing(town: Town) -> None:
    rider, picture = town.person(), town.photo()
    first = town.report(rider, NOON, photos=[picture])
    reconcile(town.session, Occasion.CASE, {first: None}, now=NOON)
    town.report(rider, NOON, photos=[picture])
    town.look()
    assert town.reviews() == []


def _written_down(town: Town, rider: int, host: int, *, count: int = 25) -> None:
    station = town.station()
    for number in range(count):
        at = NOON - number * DAY
        town.visit(rider, at, station, way=Way.NUMBER, host=host)


def test_a_host_who_writes_down_one_rider_every_day_is_asked_about_once(town: Town) -> None:
    rider, host = town.person(), town.person()
    _written_down(town, rider, host)
    town.look()
    [review] = town.reviews()
    assert (review.pattern, review.rider_id, review.other_id) == (Pattern.SAME_PAIR, rider, host)
    assert review.evidence == {"who": "host", "count": 25, "of_rider": 25, "of_other": 25}
    town.now += 7 * DAY
    town.visit(rider, town.now, town.station(), way=Way.NUMBER, host=host)
    town.look()
    assert len(town.reviews()) == 1


def test_a_rider_who_scans_at_home_every_day_is_honest(town: Town) -> None:
    """One station, one host, twice a day; the phone or the badge proves who it was."""
    rider, host, station = town.person(), town.person(), town.station()
    for number in range(50):
        at = NOON - number * DAY / 2
        way, by = ((Way.BADGE, host), (Way.POSTER, None))[number % 2]
        town.visit(rider, at, station, way=way, host=by)
    town.look()
    assert town.reviews() == []


def test_a_host_who_writes_down_everybody_is_honest(town: Town) -> None:
    """The scanner is broken for a month."""
    host, station = town.person(), town.station()
    for _rider in range(8):
        rider = town.person()
        for number in range(22):
            town.visit(rider, NOON - number * DAY, station, way=Way.NUMBER, host=host)
    town.look()
    assert town.reviews() == []


def test_a_checker_of_nearly_one_rider_alone_is_asked_about(town: Town) -> None:
    rider, checker = town.person(), town.person()
    for number in range(15):
        town.task(rider, NOON - number * DAY, checker=checker)
    town.task(town.person(), NOON, checker=checker)
    town.look()
    [review] = town.reviews()
    assert (review.pattern, review.rider_id, review.other_id) == (
        Pattern.SAME_PAIR, rider, checker,
    )  # fmt: skip
    assert review.evidence == {"who": "checker", "count": 15, "of_rider": 15, "of_other": 16}


def test_the_only_checker_of_a_community_is_honest(town: Town) -> None:
    checker, riders = town.person(), [town.person() for _rider in range(3)]
    for number in range(45):
        town.task(riders[number % 3], NOON - number * DAY / 2, checker=checker)
    town.look()
    assert town.reviews() == []


def test_a_verifier_of_nearly_one_rider_alone_is_asked_about(town: Town) -> None:
    rider, verifier = town.person(), town.person()
    for number in range(14):
        town.report(rider, NOON - number * DAY, verifier=verifier)
    town.look()
    assert _found(town) == [(Pattern.SAME_PAIR, rider)]
    assert town.reviews()[0].evidence["who"] == "verifier"


def test_who_confirms_the_own_work_is_asked_about_at_once(town: Town) -> None:
    rider = town.person()
    claim = town.task(rider, NOON, checker=rider)
    town.look()
    [review] = town.reviews()
    assert (review.pattern, review.rider_id, review.other_id) == (Pattern.OWN_WORK, rider, None)
    assert town.sources(review) == [claim]


def test_redeeming_and_cancelling_all_week_is_asked_once(town: Town) -> None:
    rider, honest, office = town.person(), town.person(), town.person()
    for number in range(limits.MOST_CANCELLED + 1):
        town.cancelled(rider, NOON + number * MINUTE)
        town.cancelled(honest, NOON + number * MINUTE, by=office)
    town.look()
    assert _found(town) == [(Pattern.CHURN, rider)]
    town.cancelled(rider, NOON + 50 * MINUTE)
    town.look(later=2 * timedelta(hours=1))
    [review] = town.reviews()
    assert review.evidence["cancelled"] == limits.MOST_CANCELLED + 2


def test_what_is_younger_than_five_minutes_waits(town: Town) -> None:
    rider = town.person()
    for number in range(25):
        town.report(rider, NOON + number * MINUTE)
    town.look(later=4 * MINUTE)
    assert town.reviews() == []
    town.look(later=6 * MINUTE)
    assert _found(town) == [(Pattern.VELOCITY, rider)]


def test_what_was_decided_is_not_asked_again(town: Town) -> None:
    rider = town.person()
    for number in range(25):
        town.report(rider, NOON + number * MINUTE)
    town.look()
    town.reviews()[0].state = ReviewState.CLEARED
    town.session.flush()
    town.report(rider, NOON + 26 * MINUTE)
    town.look()
    [review] = town.reviews()
    assert review.state == ReviewState.CLEARED
    assert len(town.sources(review)) == 25
