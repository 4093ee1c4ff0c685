"""Who is inside: by the times of the passes, however late they come."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Presence
from app.blueprints.gates.presence import Move, Stay, stays_of
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import RiderPhone
from tests.support.gate_site import Site
from tests.support.gatehouse import GatePhone
from tests.support.outbox import Item

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
"""12:00 in Suzhou."""


@pytest.fixture(autouse=True)
def _at_noon(held_clock: Clock) -> Clock:
    return held_clock


def _saw(
    phone: GatePhone, rider: RiderPhone, minute: int, direction: str = "entry", **about: Any
) -> Item:
    """A pass so many minutes after noon."""
    at_ms = clock.to_ms(NOON + timedelta(minutes=minute))
    return phone.saw(rider.phone.show(at_ms // 1000), at_ms=at_ms, direction=direction, **about)


def _stays(session: Session) -> Sequence[tuple[int, int | None, str | None]]:
    """From which to which minute after noon somebody was inside, and how it ended."""
    session.rollback()
    rows = session.execute(
        select(Presence.entered_at, Presence.left_at, Presence.left_how).order_by(
            Presence.entered_at
        )
    )
    return [(_minute(entered), left and _minute(left), how) for entered, left, how in rows]


def _minute(moment: datetime) -> int:
    return int((moment - NOON).total_seconds() // 60)


def test_in_and_out(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    held_clock.forward(minutes=60)
    gate_phone.send(_saw(gate_phone, rider_phone, 10))
    assert _stays(session) == [(10, None, None)]
    gate_phone.send(_saw(gate_phone, rider_phone, 20))
    assert _stays(session) == [(10, None, None)]
    gate_phone.send(_saw(gate_phone, rider_phone, 30, "exit"))
    assert _stays(session) == [(10, 30, "exit")]
    gate_phone.send(_saw(gate_phone, rider_phone, 40, "exit"))
    assert _stays(session) == [(10, 30, "exit")]


def test_what_comes_late_reopens_nothing(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    held_clock.forward(minutes=60)
    late = _saw(gate_phone, rider_phone, 15)
    gate_phone.send(_saw(gate_phone, rider_phone, 20, "exit"))
    assert _stays(session) == []
    gate_phone.send(late)
    assert _stays(session) == [(15, 20, "exit")]


def test_an_earlier_entry_moves_the_beginning(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    held_clock.forward(minutes=60)
    early = _saw(gate_phone, rider_phone, 5)
    gate_phone.send(_saw(gate_phone, rider_phone, 20))
    gate_phone.send(early)
    assert _stays(session) == [(5, None, None)]


def test_a_late_exit_divides_a_stay(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    held_clock.forward(minutes=60)
    first = _saw(gate_phone, rider_phone, 5)
    late = _saw(gate_phone, rider_phone, 10, "exit")
    again = _saw(gate_phone, rider_phone, 20)
    gate_phone.send(first, again)
    assert _stays(session) == [(5, None, None)]
    gate_phone.send(late)
    assert _stays(session) == [(5, 10, "exit"), (20, None, None)]


def test_refused_nobody_is_inside(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    gate_phone.send(_saw(gate_phone, rider_phone, 0, outcome="refused"))
    assert _stays(session) == []


def test_an_entry_taken_back_was_none(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    held_clock.forward(minutes=60)
    first = _saw(gate_phone, rider_phone, 5)
    second = _saw(gate_phone, rider_phone, 20)
    gate_phone.send(first, second)
    gate_phone.send(gate_phone.undo(first))
    assert _stays(session) == [(20, None, None)]
    gate_phone.send(gate_phone.undo(second))
    assert _stays(session) == []


def test_an_exit_taken_back_leaves_the_rider_inside(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    held_clock.forward(minutes=60)
    leaving = [_saw(gate_phone, rider_phone, 5), _saw(gate_phone, rider_phone, 9, "exit")]
    gate_phone.send(*leaving)
    gate_phone.send(gate_phone.undo(leaving[1]))
    assert _stays(session) == [(5, None, None)]


def test_an_undo_that_comes_first_counts(
    site: Site, held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone,
    session: Session,
) -> None:  # fmt: skip
    entry = _saw(gate_phone, rider_phone, 0)
    gate_phone.send(gate_phone.undo(entry))
    gate_phone.send(entry)
    assert _stays(session) == []
    assert site.passes()[0].undone_at is not None


def test_one_phone_takes_back_nothing_of_another(
    site: Site, gate_phone: GatePhone, new_gate_phone: Any, rider_phone: RiderPhone,
    session: Session,
) -> None:  # fmt: skip
    entry, other = _saw(gate_phone, rider_phone, 0), new_gate_phone()
    other.send(other.undo(entry))
    gate_phone.send(entry)
    other.send(other.undo(entry))
    assert _stays(session) == [(0, None, None)]
    assert site.passes()[0].undone_at is None


def test_who_comes_by_one_gate_may_leave_by_another_phone(
    held_clock: Clock, gate_phone: GatePhone, new_gate_phone: Any, rider_phone: RiderPhone,
    session: Session,
) -> None:  # fmt: skip
    held_clock.forward(minutes=60)
    other = new_gate_phone()
    other.send(_saw(other, rider_phone, 61, "exit"))
    gate_phone.send(_saw(gate_phone, rider_phone, 60))
    assert _stays(session) == [(60, 61, "exit")]


def test_an_entry_from_before_closing_ends_with_it(
    held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    held_clock.forward(hours=20)
    gate_phone.send(_saw(gate_phone, rider_phone, 0))
    assert _stays(session) == [(0, 12 * 60, "closing")]
    gate_phone.send(_saw(gate_phone, rider_phone, 20 * 60))
    assert _stays(session) == [(0, 12 * 60, "closing"), (20 * 60, None, None)]


def test_what_is_a_week_old_or_to_come_moves_nobody(
    site: Site, held_clock: Clock, gate_phone: GatePhone, rider_phone: RiderPhone,
    session: Session,
) -> None:  # fmt: skip
    held_clock.forward(days=8)
    gate_phone.send(_saw(gate_phone, rider_phone, 0), _saw(gate_phone, rider_phone, 9 * 24 * 60))
    assert _stays(session) == []
    assert len(site.passes()) == 2


MOVES = st.lists(st.tuples(st.integers(0, 2000), st.booleans()), max_size=12)


@given(found=MOVES, cut=st.integers(0, 12))
def test_going_on_from_a_stay_is_the_same_as_beginning_anew(
    found: list[tuple[int, bool]], cut: int
) -> None:
    """What was before a moment need not be looked at again."""
    now = NOON + timedelta(minutes=2001)
    moves = [
        Move(NOON + timedelta(minutes=minute), number, enters)
        for number, (minute, enters) in enumerate(sorted(found))
    ]
    whole = stays_of(None, moves, closes_min=0, now=now)
    rest = moves[cut:]
    if not rest:
        return
    begun = [stay for stay in whole if stay.entered_at < rest[0].at]
    before = next((s for s in begun if s.left_at is None or s.left_at >= rest[0].at), None)
    rest = [move for move in moves if move.at >= rest[0].at]
    ended = [stay for stay in begun if stay is not before]
    assert ended + stays_of(before, rest, closes_min=0, now=now) == whole


@given(found=MOVES)
def test_stays_follow_each_other(found: list[tuple[int, bool]]) -> None:
    now = NOON + timedelta(minutes=2001)
    moves = [
        Move(NOON + timedelta(minutes=minute), number, enters)
        for number, (minute, enters) in enumerate(sorted(found))
    ]
    stays: list[Stay] = stays_of(None, moves, closes_min=0, now=now)
    assert [stay.left_at for stay in stays[:-1] if stay.left_at is None] == []
    for one, following in pairwise(stays):
        assert one.left_at is not None
        assert one.entered_at <= one.left_at <= following.entered_at
