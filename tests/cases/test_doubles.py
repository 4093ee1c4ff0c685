"""What may be a double is found near by and by photos, kept by the worker, and read at the desk."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.cases import double_jobs, doubles, likeness
from app.blueprints.cases.models import CaseLink, LinkState
from app.blueprints.photos.models import Photo
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib.looks_alike import look_of, quarters
from tests.conftest import Clock
from tests.support.cases import CaseDesk, send_photo
from tests.support.looks import VARIANTS
from tests.support.scenes import scene
from tests.support.statements import counted

RunJobs = Callable[[], None]
NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
A_METRE = 1 / 111_195
"""Degrees of latitude."""


@pytest.fixture
def desk(app: Flask, held_clock: Clock) -> CaseDesk:
    return CaseDesk(app)


def links(session: Session) -> dict[tuple[int, int], tuple[int | None, int | None]]:
    """Later and earlier report of each proposal, and what is alike of them."""
    session.rollback()
    found = session.scalars(select(CaseLink).where(CaseLink.state == LinkState.PROPOSED))
    return {(one.report_id, one.other_id): (one.distance_m, one.bits) for one in found}


def proposed(session: Session, case_id: int) -> list[int]:
    """The ids that the desk shows beside a case, in their order."""
    session.rollback()
    case = session.get_one(Report, case_id, populate_existing=True)
    return [one.other.id for one in doubles.proposals(session, case)]


def seen(app: Flask, desk: CaseDesk, content: bytes) -> str:
    """A photo that has been sent, by another rider."""
    return send_photo(app, desk.other_rider, content)


def test_near_by_within_the_week_is_proposed(
    desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    first = desk.filed(now=NOW - timedelta(days=7))
    second = desk.filed(now=NOW, latitude=31.31 + 49 * A_METRE)
    run_jobs()
    assert links(session) == {(second, first): (49, None)}


@pytest.mark.parametrize("other", [
    {"latitude": 31.31 + 51 * A_METRE}, {"category_code": "0101"},
    {"latitude": None, "longitude": None}, {"longitude": 120.71 + 60 * A_METRE},
    {"now": NOW - timedelta(days=7, minutes=1)},
])  # fmt: skip
def test_what_is_further_off_in_any_way_is_not(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, other: dict[str, object]
) -> None:
    desk.filed(**({"now": NOW} | other))
    desk.filed(now=NOW)
    run_jobs()
    assert links(session) == {}


@pytest.mark.parametrize("name", VARIANTS)
def test_photos_that_look_alike_are_proposed_whatever_the_category(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs, name: str
) -> None:
    first = desk.filed(photos=(seen(app, desk, scene(3)),), now=NOW - timedelta(days=29))
    second = desk.filed(
        photos=(seen(app, desk, VARIANTS[name](3)),), now=NOW, latitude=31.4, category_code="0101"
    )
    desk.filed(photos=(seen(app, desk, scene(4)),), now=NOW, latitude=31.5)
    run_jobs()
    [(pair, (distance, bits))] = links(session).items()
    assert (pair, distance) == ((second, first), None)
    assert bits is not None
    assert bits <= 8


def test_the_very_same_photo_is_proposed_even_if_it_looks_like_nothing(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    photo = desk.photo(desk.rider)
    first = desk.filed(photos=(photo,), latitude=None, longitude=None, now=NOW)
    second = desk.filed(photos=(photo,), latitude=31.4, now=NOW)
    run_jobs()
    assert links(session) == {(second, first): (None, 0)}


def test_a_photo_of_long_ago_is_not(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    photo = seen(app, desk, scene(5))
    desk.filed(photos=(photo,), latitude=31.4, now=NOW - timedelta(days=31))
    desk.filed(photos=(photo,), now=NOW)
    run_jobs()
    assert links(session) == {}


def test_a_report_waits_until_its_photos_have_been_seen(
    app: Flask, desk: CaseDesk, session: Session
) -> None:
    case_id = desk.filed(photos=(desk.photo(desk.rider),), now=NOW)
    with app.app_context():
        assert not double_jobs.compare_new_reports()
        db.session.remove()
    assert session.get_one(Report, case_id).compare_at is not None


def test_a_worker_killed_half_way_loses_nothing(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    first, second = desk.filed(now=NOW), desk.filed(now=NOW)

    def die(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("app.blueprints.cases.flags.keep", die)
        with pytest.raises(KeyboardInterrupt):
            run_jobs()
    assert links(session) == {}
    held_clock.forward(minutes=2)
    run_jobs()
    assert links(session) == {(second, first): (0, None)}
    assert session.scalars(select(Report.compare_at)).all() == [None, None]


def test_the_desk_sees_what_came_since_the_worker_looked(desk: CaseDesk, session: Session) -> None:
    first, second = desk.filed(now=NOW), desk.filed(now=NOW)
    assert proposed(session, first) == [second]
    assert proposed(session, second) == [first]


def test_once_decided_the_desk_sees_what_was_kept(
    desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    case = desk.at(State.HANDLING, now=NOW)
    run_jobs()
    later = desk.filed(now=NOW)
    assert proposed(session, case) == []
    run_jobs()
    assert proposed(session, case) == [later]


@pytest.mark.parametrize("ended", [State.REJECTED, State.WITHDRAWN])
def test_nothing_is_proposed_to_be_merged_into_what_nobody_works_on(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, ended: State
) -> None:
    other, case = desk.filed(now=NOW), desk.filed(now=NOW)
    run_jobs()
    name, who = ("reject", desk.dispatcher) if ended == State.REJECTED else ("withdraw", desk.rider)
    desk.step(who, other, name, note="x")
    assert proposed(session, case) == []


def test_what_was_merged_stands_under_the_case_that_stayed(
    desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    main, double, third = (desk.filed(now=NOW) for _one in range(3))
    run_jobs()
    desk.step(desk.dispatcher, double, "merge", into_id=main)
    assert proposed(session, third) == [main]
    assert proposed(session, main) == [third]
    assert proposed(session, double) == []


def test_the_likeliest_comes_first(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    photo = seen(app, desk, scene(6))
    near = desk.filed(now=NOW, latitude=31.31 + 5 * A_METRE)
    both = desk.filed(now=NOW, latitude=31.31 + 30 * A_METRE, photos=(photo,))
    alike = desk.filed(now=NOW, latitude=31.4, photos=(photo,))
    case = desk.filed(now=NOW, photos=(photo,))
    run_jobs()
    assert proposed(session, case) == [both, alike, near]


def thousand_at_one_spot(app: Flask, desk: CaseDesk) -> None:
    """Reports of one category at one place within a week, each with a photo of its own."""
    rows, photos, hung = [], [], []
    for number in range(1000):
        at = NOW - timedelta(minutes=9 * number)
        look = look_of(scene(number % 50)) ^ number
        parts = dict(zip(("look_a", "look_b", "look_c", "look_d"), quarters(look), strict=True))
        rows.append({
            "id": 10_000 + number, "reporter_id": desk.rider.id, "category_code": "0102",
            "description": "", "place": "x", "latitude": 31.31, "longitude": 120.71,
            "captured_at": at, "received_at": at, "moved_at": at, "state": State.RECEIVED,
        })  # fmt: skip
        photos.append({
            "sha256": f"{number:064x}", "mime": "image/jpeg", "size_bytes": 1, "width": 1,
            "height": 1, "created_at": at, "work_state": "done", "attempts": 1, "look": look,
        } | parts)  # fmt: skip
        hung.append({"report_id": 10_000 + number, "position": 1, "sha256": f"{number:064x}"})
    with app.app_context():
        session = db.session()
        for table, values in ((Report, rows), (Photo, photos)):
            session.execute(insert(table), values)
        session.execute(insert(Report.photos.property.mapper.class_), hung)
        session.commit()
        db.session.remove()


def test_a_thousand_at_one_spot_take_as_many_statements_as_one(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    def measured(case_id: int) -> tuple[list[int], int, float]:
        ran.clear()
        with app.app_context():
            case = db.session().get_one(Report, case_id)
            began = time.perf_counter()
            found = [one.other.id for one in doubles.proposals(db.session(), case)]
            took = time.perf_counter() - began
            db.session.remove()
        return found, len(ran), took

    ran = counted(app)
    photo = seen(app, desk, scene(0))
    desk.filed(now=NOW, photos=(desk.photo(desk.rider),))
    one = desk.filed(now=NOW, photos=(photo,))
    run_jobs()
    _found, few, _took = measured(one)
    thousand_at_one_spot(app, desk)
    found, many, took = measured(one)
    assert len(found) == doubles.MOST_SHOWN
    assert many <= few
    assert took < 0.5
    with app.app_context():
        case = db.session().get_one(Report, one)
        assert doubles.keep(db.session(), case, now=NOW) == doubles.MOST_KEPT
        db.session.remove()


def test_new_reports_at_a_crowded_spot_are_compared_in_the_end(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    thousand_at_one_spot(app, desk)
    session.execute(update(Report).where(Report.id < 10_050).values(compare_at=NOW))
    session.commit()
    run_jobs()
    session.rollback()
    waiting = select(Report.id).where(Report.compare_at.is_not(None))
    assert session.scalars(waiting).all() == []
    assert len(links(session)) >= 50 * doubles.MOST_KEPT // 2
    assert likeness.CANDIDATES < 1000
