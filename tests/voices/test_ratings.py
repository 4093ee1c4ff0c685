"""A visit is rated with one tap: by the outbox, by the plain form, once a visit."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.stations.readings import ratings_of
from app.blueprints.visits.models import CheckIn, Mark
from app.blueprints.voices.models import Rating
from app.blueprints.voices.saying import MOST_RATINGS
from app.extensions import db
from tests.conftest import Clock
from tests.support.station_rows import PLACE
from tests.support.stations import poster_text
from tests.voices.conftest import Voices, item

Ratings = Callable[[], list[Rating]]


def test_one_tap_is_a_rating(voices: Voices, ratings: Ratings, held_clock: Clock) -> None:
    key = voices.check_in(hours=1)
    [answer] = voices.send(voices.rated(key, 2, minutes=5))
    [rating] = ratings()
    assert (answer["verdict"], answer["reference"]) == ("accepted", str(rating.id))
    assert (rating.check_in_key, rating.score, rating.words) == (key, 2, "")
    assert (rating.rider_id, rating.station_id) == (voices.rider.id, voices.station)
    assert (held_clock.now() - rating.at).total_seconds() == 300


def test_sent_twice_it_is_one(voices: Voices, ratings: Ratings) -> None:
    one = voices.rated(voices.check_in(hours=1))
    assert voices.verdicts(one) == ["accepted"]
    assert voices.verdicts(one) == ["duplicate"]
    assert len(ratings()) == 1


def test_a_second_rating_takes_the_place_of_the_first(voices: Voices, ratings: Ratings) -> None:
    key = voices.check_in(hours=1)
    voices.send(voices.rated(key, 3, "好", minutes=9))
    assert voices.verdicts(voices.rated(key, 1, "水凉了", minutes=3)) == ["accepted"]
    [rating] = ratings()
    assert (rating.score, rating.words) == (1, "水凉了")


def test_what_was_said_last_counts_whichever_comes_first(voices: Voices, ratings: Ratings) -> None:
    key = voices.check_in(hours=1)
    later, earlier = voices.rated(key, 1, minutes=3), voices.rated(key, 3, minutes=9)
    assert voices.verdicts(later, earlier) == ["accepted", "accepted"]
    assert [one.score for one in ratings()] == [1]


def test_check_ins_of_one_visit_have_one_rating(voices: Voices, ratings: Ratings) -> None:
    first, second = voices.check_in(minutes=200), voices.check_in(minutes=100)
    apart, there = voices.check_in(hours=20), voices.check_in(station=voices.other_station)
    batch = [voices.rated(key, 3) for key in (first, second, apart, there)]
    assert voices.verdicts(*batch) == ["accepted"] * 4
    assert [one.check_in_key for one in ratings()] == [first, apart, there]


def test_a_marked_check_in_between_joins_no_visits(voices: Voices, ratings: Ratings) -> None:
    first, last = voices.check_in(minutes=200), voices.check_in(minutes=20)
    marked = voices.check_in(minutes=100, mark=Mark.TOO_FAR)
    voices.send(*(voices.rated(key) for key in (first, marked, last)))
    assert [one.check_in_key for one in ratings()] == [first, marked, last]


def test_it_waits_for_its_check_in(
    voices: Voices, ratings: Ratings, session: Session, held_clock: Clock
) -> None:
    """The phone sends it again until the check-in is there, or could no longer come."""
    key = voices.check_in(hours=1)
    one = voices.rated(key, 3)
    unknown = "0198c2f0-6d1a-7c3e-9b1f-2a4c6e8f0a1b"
    session.execute(update(CheckIn).values(key=unknown))
    session.commit()
    assert voices.verdicts(one) == ["retry"]
    assert ratings() == []
    session.execute(update(CheckIn).values(key=key))
    session.commit()
    assert voices.verdicts(one) == ["accepted"]
    lost = voices.rated(unknown, 3)
    held_clock.forward(days=8)
    assert voices.verdicts(lost) == ["rejected"]


def test_only_the_riders_own_visits(voices: Voices, ratings: Ratings, session: Session) -> None:
    others = voices.check_in(rider=voices.other_rider, hours=1)
    back = voices.check_in(hours=1)
    session.execute(
        update(CheckIn).where(CheckIn.key == back).values(undone_at=CheckIn.received_at)
    )
    session.commit()
    for key in (others, back):
        [answer] = voices.send(voices.rated(key))
        assert list(answer["errors"]) == ["check_in"]
    key = voices.check_in(hours=1)
    assert voices.verdicts(voices.rated(key), by=voices.host) == ["rejected"]
    assert ratings() == []


@pytest.mark.parametrize(("days", "verdict"), [(6.9, "accepted"), (7.1, "rejected")])
def test_a_week_later_it_is_too_late(voices: Voices, days: float, verdict: str) -> None:
    assert voices.verdicts(voices.rated(voices.check_in(days=days))) == [verdict]


def test_what_waited_for_network_is_not_late(voices: Voices) -> None:
    key = voices.check_in(days=10)
    assert voices.verdicts(voices.rated(key, days=9)) == ["accepted"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"score": 0}, "score"), ({"score": 4}, "score"), ({"score": True}, "score"),
        ({"score": "3"}, "score"), ({"score": 3.0}, "score"), ({"score": [3]}, "score"),
        ({"score": None}, "score"), ({"words": "字" * 201}, "words"),
        ({"check_in": "x"}, "check_in"), ({"check_in": None}, "check_in"),
        ({"check_in": {}}, "check_in"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_what_does_not_fit_is_named_at_its_field(
    voices: Voices, ratings: Ratings, fields: dict[str, Any], field: str
) -> None:
    wrong, right = voices.rated(voices.check_in(hours=3)), voices.rated(voices.check_in())
    wrong["fields"] |= fields
    rejected, accepted = voices.send(wrong, right)
    assert (rejected["verdict"], list(rejected["errors"])) == ("rejected", [field])
    assert accepted["verdict"] == "accepted"
    assert len(ratings()) == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  水\x00很\x1b[31m热\r\n\n\n好 ", "水很[31m热 好"), ("\u202e热水", "热水"), (17, ""),
        ("\u200b\u200d\ufeff", ""), ("e\u0301" + "\u0301" * 40, "é\u0301\u0301"),
    ],
    ids=["control", "direction", "no text", "nothing to see", "piled up"],
)  # fmt: skip
def test_words_are_one_plain_line(
    voices: Voices, ratings: Ratings, typed: object, kept: str
) -> None:
    one = voices.rated(voices.check_in(hours=1))
    one["fields"]["words"] = typed
    assert voices.verdicts(one) == ["accepted"]
    assert ratings()[0].words == kept


def test_so_many_a_day_and_no_more(voices: Voices, ratings: Ratings, held_clock: Clock) -> None:
    keys = [voices.check_in(hours=3 * number) for number in range(MOST_RATINGS + 1)]
    assert voices.verdicts(*(voices.rated(key) for key in keys)) == [
        *["accepted"] * MOST_RATINGS, "rejected",
    ]  # fmt: skip
    assert voices.verdicts(voices.rated(keys[0], 1)) == ["accepted"], "changing one is no more"
    held_clock.forward(days=1)
    assert voices.verdicts(voices.rated(keys[-1])) == ["accepted"]
    assert len(ratings()) == MOST_RATINGS + 1


def test_the_phone_learns_what_was_said_of_each_check_in(voices: Voices) -> None:
    first, second = voices.check_in(minutes=150), voices.check_in(minutes=50)
    voices.send(voices.rated(first, 2, "挤"))
    answer = voices.browser(voices.rider).get("/ratings/mine.json")
    said = {"score": 2, "words": "挤"}
    assert answer.get_json() == {"ratings": {first: said, second: said}}
    assert answer.headers["Cache-Control"] == "no-store"
    assert voices.browser(voices.other_rider).get("/ratings/mine.json").get_json() == {
        "ratings": {}
    }


def test_the_plain_form(voices: Voices, ratings: Ratings, session: Session) -> None:
    voices.check_in(hours=1)
    path = f"/visits/{session.scalar(select(CheckIn.id))}/rating"
    browser = voices.browser(voices.rider)
    assert "湖东驿站" in browser.get(path).text
    wrong = browser.post(path, data={"words": "水很热" * 70})
    assert (wrong.status_code, "水很热" * 70 in wrong.text) == (422, True)
    assert wrong.text.count('class="error"') == 2
    assert browser.post(path, data={"score": "3", "words": "水很热"}).status_code == 303
    assert [(one.score, one.words) for one in ratings()] == [(3, "水很热")]
    assert voices.browser(voices.other_rider).post(path, data={"score": "1"}).status_code == 404


def test_how_stations_are_rated(voices: Voices, held_clock: Clock) -> None:
    scores = (3, 3, 3, 1)
    for number, score in enumerate(scores):
        voices.send(voices.rated(voices.check_in(hours=3 * number), score))
    voices.send(voices.rated(voices.check_in(hours=30, mark=Mark.TOO_FAR), 1))

    def read() -> dict[int, tuple[float, int]]:
        with voices.app.app_context():
            found = ratings_of(db.session(), [voices.station, voices.other_station])
            db.session.remove()
        return {station: (one.good, one.count) for station, one in found.items()}

    assert read() == {voices.station: (0.75, 4)}
    held_clock.forward(days=91)
    assert read() == {}


def test_it_may_come_in_one_batch_with_its_check_in(voices: Voices, ratings: Ratings) -> None:
    """In whichever order the phone sends them."""
    text = poster_text(voices.app, voices.station)
    fields = {"way": "poster", "code": text, "purpose": "rest", "accuracy_m": 10, **PLACE}
    check_in = item("check_in", fields)
    assert voices.verdicts(voices.rated(check_in["key"]), check_in) == ["accepted", "accepted"]
    assert [one.check_in_key for one in ratings()] == [check_in["key"]]


def test_two_phones_at_once_make_one_rating(voices: Voices, ratings: Ratings) -> None:
    key = voices.check_in(hours=1)
    said = [voices.rated(key, score) for score in (1, 2, 3)]
    assert voices.at_once(said) == ["accepted"] * 3
    assert len(ratings()) == 1
