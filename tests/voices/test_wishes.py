"""The life of a wish: made, answered, withdrawn, hidden; no step but those of the table."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.accounts.models import User
from app.blueprints.notifications.kinds import shown
from app.blueprints.notifications.models import Notification
from app.blueprints.stations.models import Station
from app.blueprints.voices import hiding, wishes
from app.blueprints.voices.models import Wish, WishEvent, WishState
from app.blueprints.voices.transitions import SHOWN, TRANSITIONS, Who
from app.errors import Conflict, NotFound
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.people import Person
from tests.voices.conftest import Voices

Wishes = Callable[[], list[Wish]]
Events = Callable[[], list[tuple[str, str, str]]]
Told = Callable[[Person], list[tuple[str, str]]]


def test_a_wish_reaches_the_station_and_its_hosts(
    voices: Voices, wishes: Wishes, events: Events, told: Told
) -> None:
    one = voices.wished("挂雨衣的\n钩子", hours=2)
    [answer] = voices.send(one)
    [wish] = wishes()
    assert (answer["verdict"], answer["url"]) == ("accepted", f"/wishes#wish-{wish.id}")
    assert (wish.key, wish.text, wish.state) == (one["key"], "挂雨衣的 钩子", "open")
    assert (wish.station_id, wish.rider_id) == (voices.station, voices.rider.id)
    assert (wish.moved_at - wish.at).total_seconds() == 7200
    assert events() == [("wish", "open", "")]
    assert told(voices.host) == [("wish_new", voices.voices())]
    assert told(voices.other_host) == told(voices.street_host) == []
    assert voices.verdicts(one) == ["duplicate"]


@pytest.mark.parametrize(
    ("step", "state", "kind", "said"),
    [
        ("plan", "planned", "wish_planned", "湖东驿站已把你的心愿列入计划：周五到货"),
        ("fulfil", "fulfilled", "wish_fulfilled", "湖东驿站：你的心愿实现了。周五到货"),
        ("decline", "declined", "wish_declined", "湖东驿站暂时做不到你的心愿：周五到货"),
    ],
)  # fmt: skip
def test_the_rider_reads_the_answer(
    voices: Voices, wishes: Wishes, events: Events, session: Session, step: str, state: str,
    kind: str, said: str,
) -> None:  # fmt: skip
    number = voices.wish()
    assert voices.answer(number, step, "周五到货") == 303
    [wish] = wishes()
    assert (wish.state, wish.answer) == (state, "周五到货")
    assert events()[1:] == [(step, state, "周五到货")]
    page = voices.browser(voices.rider).get("/wishes").text
    assert "周五到货" in page
    notification = session.query(Notification).filter_by(user_id=voices.rider.id).one()
    with voices.app.test_request_context(headers={"Cookie": "lang=zh_Hans"}):
        assert (notification.kind, shown(notification).text) == (kind, said)


def _in_state(voices: Voices, state: WishState) -> int:
    """The id of a wish that is in a state, led there by real steps."""
    number = voices.wish()
    leading = {"planned": "plan", "fulfilled": "fulfil", "declined": "decline"}
    if state in leading:
        assert voices.answer(number, leading[state]) == 303
    elif state == WishState.WITHDRAWN:
        path = f"/wishes/{number}/withdraw"
        assert voices.browser(voices.rider).post(path).status_code == 303
    elif state == WishState.HIDDEN:
        voices.hide_wish(number)
    return number


def _take(voices: Voices, person: Person, number: int, step: str, seen: str) -> None:
    """Take a step past the pages. Raises what the services raise."""
    at = {"now": clock.now()}
    with voices.app.test_request_context():
        session = db.session()
        actor = session.get_one(User, person.id)
        here = (session, actor, voices.station, number)
        try:
            match step:
                case "withdraw":
                    wishes.withdraw(session, actor, number, **at)
                case "hide":
                    hiding.hide_wish(*here, reason="x", **at)
                case "unhide":
                    hiding.unhide_wish(*here, **at)
                case _:
                    wishes.answer(*here, step=step, text="x", seen=seen, **at)
            session.commit()
        finally:
            db.session.remove()


STEPS = tuple(dict.fromkeys(one.step for one in TRANSITIONS if one.source is not None))
TAKEN_BY = {
    "rider": {Who.RIDER}, "other_rider": set(), "host": {Who.HOST}, "other_host": set(),
    "street_host": {Who.HOST}, "administrator": {Who.HOST, Who.ADMINISTRATOR},
}  # fmt: skip


@pytest.mark.parametrize("state", list(WishState))
def test_only_the_steps_of_the_table_can_be_taken(
    voices: Voices, wishes: Wishes, state: WishState
) -> None:
    """Every step, by everybody, from every state: it leads where the table says or nowhere."""
    for step, (name, whos) in product(STEPS, TAKEN_BY.items()):
        number = _laid(voices, state)
        targets = {
            one.target for one in TRANSITIONS
            if (one.step, one.source) == (step, state) and one.who in whos
        }  # fmt: skip
        try:
            _take(voices, getattr(voices, name), number, step, seen=state)
            taken = True
        except (Conflict, NotFound):
            taken = False
        now = wishes()[-1].state
        assert taken == bool(targets), (step, name)
        assert now in (targets or {state}), (step, name)


def _laid(voices: Voices, state: WishState) -> int:
    """The id of a new wish in a state, written as it is; one that is hidden was open before."""
    now = clock.now()
    with voices.app.app_context():
        wish = Wish(
            key=str(uuid7()), station_id=voices.station, rider_id=voices.rider.id, text="x",
            state=state, at=now, moved_at=now,
        )  # fmt: skip
        db.session.add(wish)
        db.session.flush()
        steps = {"wish": WishState.OPEN, "laid": state}
        db.session.add_all(
            WishEvent(wish_id=wish.id, step=step, to_state=to, at=now) for step, to in steps.items()
        )
        db.session.commit()
        number = wish.id
        db.session.remove()
        return number


def _forget(voices: Voices) -> None:
    """As if nobody had wished: for the bound of a day."""
    with voices.app.app_context():
        db.session.query(Wish).delete()
        db.session.commit()
        db.session.remove()


def test_unhidden_it_is_what_it_was_before(voices: Voices, wishes: Wishes) -> None:
    for state in SHOWN:
        number = _in_state(voices, state)
        assert voices.act("wishes", number, "hide", voices.host) == 303
        assert wishes()[-1].state == "hidden"
        assert voices.act("wishes", number, "unhide", voices.administrator) == 303
        assert wishes()[-1].state == state
        _forget(voices)


def test_of_two_hosts_the_slower_hears_of_the_other(voices: Voices, wishes: Wishes) -> None:
    number = voices.wish()
    assert voices.answer(number, "plan", "周五", by=voices.street_host) == 303
    data = {"step": "decline", "answer": "没有地方", "seen": "open"}
    answer = voices.browser(voices.host).post(voices.voices(f"/wishes/{number}"), data=data)
    assert (answer.status_code, "没有地方" in answer.text) == (409, True)
    assert wishes()[0].answer == "周五"
    assert voices.answer(number, "plan", "改到周六", seen="planned") == 303
    assert wishes()[0].answer == "改到周六"


@pytest.mark.parametrize(
    ("data", "errors"),
    [({"step": "plan", "answer": " "}, 1), ({"step": "plan", "answer": "字" * 301}, 1),
     ({"answer": "好的呀"}, 1), ({"step": "hide", "answer": "好的呀"}, 1), ({}, 2)],
    ids=["empty", "long", "no step", "no answer", "nothing"],
)  # fmt: skip
def test_an_answer_that_does_not_fit_comes_back(
    voices: Voices, wishes: Wishes, data: dict[str, Any], errors: int
) -> None:
    path = voices.voices(f"/wishes/{voices.wish()}")
    answer = voices.browser(voices.host).post(path, data={"seen": "open"} | data)
    assert answer.status_code == 422
    assert answer.text.count('class="error"') == errors
    assert data.get("answer", "").strip() in answer.text
    assert wishes()[0].state == "open"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"), ({"text": "\x00\u200b \u202e"}, "text"), ({"text": None}, "text"),
        ({"text": "字" * 301}, "text"), ({"text": ["x"]}, "text"),
        ({"station": None}, "station"), ({"station": "1"}, "station"),
        ({"station": True}, "station"), ({"station": -1}, "station"),
        ({"station": 2**40}, "station"), ({"station": 999_999}, "station"),
        ({"station": [1]}, "station"), ({"station": 1.0}, "station"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_what_does_not_fit_is_named_at_its_field(
    voices: Voices, wishes: Wishes, fields: dict[str, Any], field: str
) -> None:
    wrong, right = voices.wished("一"), voices.wished("二")
    wrong["fields"] |= fields
    rejected, accepted = voices.send(wrong, right)
    assert (rejected["verdict"], list(rejected["errors"])) == ("rejected", [field])
    assert accepted["verdict"] == "accepted"
    assert [one.text for one in wishes()] == ["二"]


def test_a_station_that_was_given_up_takes_none(voices: Voices, session: Session) -> None:
    session.get_one(Station, voices.station).ended_at = clock.now()
    session.commit()
    assert voices.verdicts(voices.wished("一")) == ["rejected"]


def test_three_a_day_by_the_day_of_the_capture(
    voices: Voices, wishes: Wishes, held_clock: Clock
) -> None:
    today = [voices.wished(f"今天{number}") for number in range(4)]
    before = [voices.wished(f"昨天{number}", days=1) for number in range(4)]
    assert voices.verdicts(*today) == ["accepted"] * 3 + ["rejected"]
    assert voices.verdicts(*before) == ["accepted"] * 3 + ["rejected"]
    long_ago = [voices.wished(f"去年{number}", days=100 + 2 * number) for number in range(4)]
    assert voices.verdicts(*long_ago) == ["accepted"] * 3 + ["rejected"], "no way round"
    assert voices.verdicts(voices.wished("别人的"), by=voices.other_rider) == ["accepted"]
    held_clock.forward(days=1)
    assert voices.verdicts(voices.wished("明天")) == ["accepted"]


def test_the_same_wish_is_not_made_twice(voices: Voices, wishes: Wishes) -> None:
    number = voices.wish("钩子")
    [again] = voices.send(voices.wished("钩子"))
    assert list(again["errors"]) == ["text"]
    assert voices.verdicts(voices.wished("钩子", voices.other_station)) == ["accepted"]
    voices.hide_wish(number)
    assert voices.verdicts(voices.wished("钩子")) == ["rejected"], "hidden, it does not come back"
    assert len(wishes()) == 2


def test_only_riders_wish(voices: Voices, wishes: Wishes) -> None:
    assert voices.verdicts(voices.wished("一"), by=voices.host) == ["rejected"]
    assert wishes() == []


def test_a_key_of_somebody_else_is_not_used_again(voices: Voices, wishes: Wishes) -> None:
    one = voices.wished("一")
    assert voices.verdicts(one) == ["accepted"]
    assert voices.verdicts(one, by=voices.other_rider) == ["rejected"]
    assert len(wishes()) == 1


def test_the_plain_form_names_the_station_by_its_number(voices: Voices, wishes: Wishes) -> None:
    browser = voices.browser(voices.rider)
    wrong = browser.post("/wishes", data={"station": "HD-9", "text": "热水"})
    assert (wrong.status_code, "热水" in wrong.text, "HD-9" in wrong.text) == (422, True, True)
    assert browser.post("/wishes", data={"station": " hd-1 ", "text": "热水"}).status_code == 303
    [wish] = wishes()
    assert (wish.station_id, wish.text) == (voices.station, "热水")


def test_a_domain_error_of_one_wish_leaves_the_others(voices: Voices, wishes: Wishes) -> None:
    """Of what is refused nothing is written, in one transaction with what is not."""
    batch = [voices.wished(text) for text in ("一", "一", "二")]
    assert voices.verdicts(*batch) == ["accepted", "rejected", "accepted"]
    assert [one.text for one in wishes()] == ["一", "二"]


def test_nobody_gets_past_the_bound_by_many_phones_at_once(voices: Voices, wishes: Wishes) -> None:
    wished = [voices.wished(f"心愿{number}") for number in range(6)]
    assert sorted(voices.at_once(wished)) == ["accepted"] * 3 + ["rejected"] * 3
    assert len(wishes()) == 3
