"""Who may see what: nobody sees who it was, and hidden words stay with their rider."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.blueprints.audit.models import AuditEntry
from app.blueprints.stations.models import Station
from app.blueprints.voices.models import Rating, Wish
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.people import Person
from tests.voices.conftest import Voices

Ratings = Callable[[], list[Rating]]
Told = Callable[[Person], list[tuple[str, str]]]
BAD = "这个人真讨厌"


def pages(voices: Voices, person: Person) -> str:
    """All that somebody can see of the voices of the station."""
    browser, text = voices.browser(person), ""
    for shown in ("waiting", "answered", "ratings", "hidden", "hidden_words"):
        text += browser.get(f"{voices.voices()}?show={shown}").text
        text += browser.get(f"/stations/desk/wishes?show={shown}").text
    for path in ("/wishes", "/ratings/mine.json", f"/stations/{voices.station}/wishes"):
        answer = browser.get(path)
        text += str(answer.json) if answer.is_json else answer.text
    return text


def test_hidden_words_are_the_riders_and_administrators_alone(
    voices: Voices, ratings: Ratings, told: Told
) -> None:
    wish, rating = voices.wish(f"{BAD}一"), voices.rating(f"{BAD}二")
    assert BAD in pages(voices, voices.host)
    for what, number in (("wishes", wish), ("ratings", rating)):
        assert voices.act(what, number, "hide", voices.host, "骂人的话") == 303
    everybody = (
        voices.host, voices.street_host, voices.other_host, voices.other_rider,
    )  # fmt: skip
    for person in everybody:
        assert BAD not in pages(voices, person), person.name
        assert "骂人的话" not in pages(voices, person), person.name
    for person in (voices.rider, voices.administrator):
        seen = pages(voices, person)
        assert all(f"{BAD}{one}" in seen for one in "一二"), person.name
        assert "骂人的话" in seen
    assert [kind for kind, _url in told(voices.rider)] == ["wish_hidden", "rating_hidden"]


def test_the_score_of_hidden_words_goes_on_counting(voices: Voices) -> None:
    voices.rating("好")
    bad = voices.rating(BAD, score=1, hours=9)
    before = voices.browser(voices.host).get(voices.voices()).text
    assert "50%" in before
    assert voices.act("ratings", bad, "hide", voices.host) == 303
    assert "50%" in voices.browser(voices.host).get(voices.voices()).text


def test_words_are_hidden_and_shown_again_with_a_trace(
    voices: Voices, ratings: Ratings, session: Session
) -> None:
    number = voices.rating(BAD)
    assert voices.act("ratings", number, "hide", voices.host, " ") == 422
    assert voices.act("ratings", number, "hide", voices.host, "字" * 121) == 422
    assert voices.act("ratings", number, "hide", voices.other_host) == 404
    assert voices.act("ratings", number, "unhide", voices.host) == 403
    assert voices.act("ratings", number, "unhide", voices.administrator) == 409
    assert voices.act("ratings", number, "hide", voices.street_host, "骂人") == 303
    assert voices.act("ratings", number, "hide", voices.host) == 409
    assert ratings()[0].hidden_by_id == voices.street_host.id
    assert voices.act("ratings", number, "unhide", voices.administrator) == 303
    assert BAD in pages(voices, voices.host)
    session.rollback()
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert [(one.what, one.actor_id, one.reason) for one in rows] == [
        ("words_hidden", voices.street_host.id, "骂人"),
        ("words_shown", voices.administrator.id, "骂人"),
    ]


def test_without_words_there_is_nothing_to_hide(voices: Voices) -> None:
    assert voices.act("ratings", voices.rating(""), "hide", voices.host) == 409


@pytest.mark.parametrize(("words", "hidden"), [(BAD, True), ("水很热", False)])
def test_said_anew_the_same_words_stay_hidden(
    voices: Voices, ratings: Ratings, words: str, hidden: bool
) -> None:
    key = voices.check_in(hours=1)
    [answer] = voices.send(voices.rated(key, 1, BAD, minutes=9))
    assert voices.act("ratings", int(answer["reference"]), "hide", voices.host) == 303
    assert voices.verdicts(voices.rated(key, 2, words)) == ["accepted"]
    assert (ratings()[0].hidden_at is not None) == hidden
    assert (BAD in pages(voices, voices.host)) is False


def test_a_reason_that_does_not_fit_comes_back(voices: Voices) -> None:
    path = voices.voices(f"/wishes/{voices.wish()}/hide")
    long = "因为" * 61
    answer = voices.browser(voices.host).post(path, data={"reason": long})
    assert (answer.status_code, long in answer.text) == (422, True)
    assert answer.text.count('class="error"') == 1


def test_nobody_sees_who_it_was(voices: Voices) -> None:
    voices.rating("水很热")
    voices.answer(voices.wish("挂雨衣的钩子"), "fulfil")
    for person in (voices.host, voices.street_host, voices.administrator, voices.other_rider):
        seen = pages(voices, person)
        assert voices.rider.name not in seen.replace("hidden", "")
        assert voices.rider.phone[-8:] not in seen
        assert "挂雨衣的钩子" in seen


def test_everybody_reads_only_what_came_true(voices: Voices) -> None:
    client, path = voices.app.test_client(), f"/stations/{voices.station}/wishes"
    numbers = {text: voices.wish(text) for text in ("要有热水", "要有空调", "要有书看")}
    voices.answer(numbers["要有热水"], "fulfil", "装了饮水机")
    voices.answer(numbers["要有空调"], "decline", "没有电")
    page = client.get(path).text
    assert "要有热水" in page
    assert "装了饮水机" in page
    assert not any(text in page for text in ("要有空调", "没有电", "要有书看"))
    voices.hide_wish(numbers["要有热水"])
    assert "要有热水" not in client.get(path).text
    assert "要有热水" not in client.get(path, headers={"Accept-Language": "en"}).text


def test_of_a_station_that_was_given_up_nothing_is_read(voices: Voices, session: Session) -> None:
    session.get_one(Station, voices.station).ended_at = clock.now()
    session.commit()
    client = voices.app.test_client()
    assert client.get(f"/stations/{voices.station}/wishes").status_code == 404


def test_hosts_see_their_stations_together(voices: Voices) -> None:
    voices.wish("这里的心愿")
    voices.send(voices.wished("那里的心愿", voices.other_station))
    seen = {
        name: voices.browser(getattr(voices, name)).get("/stations/desk/wishes").text
        for name in ("host", "other_host", "street_host", "administrator")
    }
    here = {name for name, text in seen.items() if "这里的心愿" in text}
    there = {name for name, text in seen.items() if "那里的心愿" in text}
    assert here == {"host", "street_host", "administrator"}
    assert there == {"other_host", "street_host", "administrator"}
    assert voices.browser(voices.other_host).get(voices.voices()).status_code == 404


def test_a_wish_is_answered_from_the_page_of_all(voices: Voices) -> None:
    path = voices.voices(f"/wishes/{voices.wish()}")
    data = {"step": "plan", "answer": "好的", "seen": "open", "all": "1", "show": "waiting"}
    answer = voices.browser(voices.street_host).post(path, data=data)
    assert (answer.status_code, answer.location) == (303, "/stations/desk/wishes?show=waiting")


def test_pages_follow_each_other_without_a_gap(
    voices: Voices, session: Session, held_clock: Clock
) -> None:
    now = clock.now()
    rows = [
        Wish(
            key=f"w{number}", station_id=voices.station, rider_id=voices.rider.id,
            text=f"心愿-{number:02}-", at=now, moved_at=now,
        )
        for number in range(45)
    ]  # fmt: skip
    said = [
        Rating(
            station_id=voices.station, rider_id=voices.rider.id, check_in_key=f"c{number}",
            score=3, words=f"评价-{number:02}-", at=now,
        )
        for number in range(45)
    ]  # fmt: skip
    session.add_all([*rows, *said])
    session.commit()
    walks = (
        (voices.host, voices.voices(), "心愿", range(45)),
        (voices.street_host, "/stations/desk/wishes", "心愿", range(45)),
        (voices.rider, "/wishes", "心愿", range(44, -1, -1)),
        (voices.host, f"{voices.voices()}?show=ratings", "评价", range(44, -1, -1)),
    )
    for person, path, word, numbers in walks:
        assert _walked(voices, person, path, word) == [f"{one:02}" for one in numbers], path


def _walked(voices: Voices, person: Person, path: str, word: str) -> list[str]:
    """The numbers of all that the pages show, in their order."""
    browser, found = voices.browser(person), []
    while path:
        page = browser.get(path).text
        found += [part[:2] for part in page.split(f"{word}-")[1:]]
        links = [part.split('"')[0] for part in page.split('href="')]
        more = [link for link in links if "after=" in link]
        path = more[0].replace("&amp;", "&") if more else ""
    return found


def test_the_desk_asks_no_more_with_more_to_show(voices: Voices) -> None:
    browser, counts = voices.browser(voices.street_host), []
    for more in (1, 2):
        for number in range(more):
            voices.send(voices.wished(f"心愿{more}{number}", voices.other_station))
        said: list[str] = []

        def count(*given: object, said: list[str] = said) -> None:
            said.append(str(given[2]))

        with voices.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        page = browser.get("/stations/desk/wishes").text
        event.remove(engine, "before_cursor_execute", count)
        assert page.count('<li class="card') == len(counts) * 2 + 1
        counts.append(len(said))
    assert counts[1] <= counts[0]


def test_an_address_that_is_none_begins_at_the_beginning(voices: Voices) -> None:
    voices.wish("钩子")
    browser = voices.browser(voices.host)
    for after in ("x", "-1", "0", str(2**40), "９"):
        assert "钩子" in browser.get(f"{voices.voices()}?after={after}&show=nonsense").text
