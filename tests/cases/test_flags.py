"""What is odd is flagged to intake, stops nothing, and stays flagged until somebody has looked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases import flags
from app.blueprints.cases.models import CaseFlag
from app.blueprints.reports.models import Report, State
from app.blueprints.reports.services import draft_report, file_reports
from app.extensions import db
from app.lib.geo import distance_m
from tests.conftest import Clock
from tests.support.cases import CaseDesk, capture, send_photo
from tests.support.looks import VARIANTS
from tests.support.people import Person
from tests.support.scenes import scene

RunJobs = Callable[[], None]
NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def desk(app: Flask, held_clock: Clock) -> CaseDesk:
    return CaseDesk(app)


def flagged(session: Session, case_id: int) -> dict[str, dict[str, object]]:
    """The flags of a case by kind, and that its row says so."""
    session.rollback()
    found = session.scalars(select(CaseFlag).where(CaseFlag.report_id == case_id)).all()
    case = session.get_one(Report, case_id, populate_existing=True)
    assert case.flagged == any(one.looked_at is None for one in found)
    return {one.kind: one.data for one in found}


def test_an_honest_report_has_none(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    photo = send_photo(app, desk.rider, scene(1))
    case_id = desk.filed(now=NOW, photos=(photo,), taken=((31.3101, 120.7101),))
    run_jobs()
    assert flagged(session, case_id) == {}


def test_the_same_photo_again_is_flagged_whoever_sends_it_however_late(
    desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    photo = desk.photo(desk.rider)
    first = desk.filed(now=NOW - timedelta(days=500), photos=(photo,))
    again = desk.filed(desk.other_rider, now=NOW, photos=(photo,), latitude=31.4)
    run_jobs()
    assert flagged(session, first) == {}
    number = f"2025-{first:06d}"
    assert flagged(session, again) == {"same_photo": {"report": first, "number": number}}


def test_a_photo_only_resized_is_the_same_photo(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    first = desk.filed(now=NOW, photos=(send_photo(app, desk.rider, scene(2)),))
    resized = send_photo(app, desk.other_rider, VARIANTS["resized"](2))
    again = desk.filed(desk.other_rider, now=NOW, photos=(resized,), latitude=31.4)
    run_jobs()
    assert flagged(session, again)["same_photo"]["report"] == first


@pytest.mark.parametrize(("degrees", "kinds"), [(0.0026, set()), (0.0028, {"far_photo"})])
def test_a_photo_taken_far_away_is_flagged(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs, degrees: float,
    kinds: set[str],
) -> None:  # fmt: skip
    photos = tuple(send_photo(app, desk.rider, scene(seed)) for seed in (3, 4))
    case_id = desk.filed(now=NOW, photos=photos, taken=(None, (31.31 + degrees, 120.71)))
    run_jobs()
    found = flagged(session, case_id)
    assert set(found) == kinds
    if kinds:
        metres = round(distance_m(31.31, 120.71, 31.31 + degrees, 120.71))
        assert found["far_photo"] == {"distance_m": metres}


def test_without_a_place_nothing_is_far(
    desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    photo = desk.photo(desk.rider)
    case_id = desk.filed(
        now=NOW, photos=(photo,), taken=((1.0, 1.0),), latitude=None, longitude=None
    )
    run_jobs()
    assert flagged(session, case_id) == {}


def file_many(app: Flask, rider: Person, captured: list[datetime], now: datetime) -> list[int]:
    """Reports by one rider in one batch; their ids."""
    with app.app_context():
        session = db.session()
        actor = session.get_one(User, rider.id)
        drafts = [
            draft_report(actor, capture(now, captured_at=at, latitude=31.3 + n / 100), now=now)
            for n, at in enumerate(captured)
        ]
        ids = [one.id for one in file_reports(session, drafts)]
        session.commit()
        db.session.remove()
        return ids


def test_more_than_five_in_a_minute(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs
) -> None:
    moments = [NOW - timedelta(seconds=12 * number) for number in range(6)]
    ids = file_many(app, desk.rider, moments, NOW)
    others = file_many(app, desk.other_rider, moments[:5], NOW)
    run_jobs()
    many = {"many_at_once": {"reports": 6, "within_s": 60}}
    assert [flagged(session, one) for one in ids] == [many, {}, {}, {}, {}, many]
    assert all(flagged(session, one) == {} for one in others)


def test_more_than_ten_received_in_ten_minutes(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    hours = [NOW - timedelta(hours=number) for number in range(11)]
    ids = file_many(app, desk.rider, hours[:10], NOW)
    run_jobs()
    assert all(flagged(session, one) == {} for one in ids)
    held_clock.forward(minutes=9)
    [last] = file_many(app, desk.rider, hours[10:], NOW + timedelta(minutes=9))
    run_jobs()
    assert flagged(session, last) == {"many_at_once": {"reports": 11, "within_s": 600}}


def test_nothing_is_stopped_and_somebody_looks(
    app: Flask, desk: CaseDesk, session: Session, run_jobs: RunJobs,
    browser_of: Callable[[Person], FlaskClient],
) -> None:  # fmt: skip
    photo = desk.photo(desk.rider)
    first = desk.filed(now=NOW, photos=(photo,))
    case_id = desk.filed(now=NOW, photos=(photo,), taken=((31.4, 120.71),))
    run_jobs()
    dispatcher = browser_of(desk.dispatcher)
    page = dispatcher.get(f"/cases/{case_id}/doubles?lang=en").text
    assert f"The same photo came with No. 2026-{first:06d}." in page
    assert "m from the place reported" in page
    assert dispatcher.post(f"/cases/{case_id}/flags/same_photo/looked").status_code == 302
    assert set(flagged(session, case_id)) == {"same_photo", "far_photo"}
    assert session.get_one(Report, case_id).flagged
    for _twice in range(2):
        dispatcher.post(f"/cases/{case_id}/flags/far_photo/looked")
    flagged(session, case_id)
    case = session.get_one(Report, case_id)
    assert (case.flagged, case.state) == (False, State.RECEIVED)
    looked = session.get_one(CaseFlag, (case_id, "same_photo"))
    assert looked.looked_by_id == desk.dispatcher.id
    assert dispatcher.post(f"/cases/{case_id}/flags/many_at_once/looked").status_code == 404


def test_a_rider_reads_nothing_of_it(
    desk: CaseDesk, run_jobs: RunJobs, browser_of: Callable[[Person], FlaskClient]
) -> None:
    photo = desk.photo(desk.rider)
    desk.filed(now=NOW, photos=(photo,))
    case_id = desk.filed(now=NOW, photos=(photo,))
    run_jobs()
    rider = browser_of(desk.rider)
    assert "same photo" not in rider.get(f"/reports/{case_id}?lang=en").text
    assert rider.post(f"/cases/{case_id}/flags/same_photo/looked").status_code == 403


def test_each_kind_has_words_and_a_symbol(app: Flask) -> None:
    data = {
        "same_photo": {"report": 1, "number": "2026-000001"}, "far_photo": {"distance_m": 5},
        "many_at_once": {"reports": 6, "within_s": 60},
    }  # fmt: skip
    with app.test_request_context("/?lang=en"):
        for kind in flags.KINDS:
            assert flags.words(CaseFlag(kind=kind, data=data[kind]))
            assert flags.ICONS[kind]
