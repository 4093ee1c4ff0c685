"""Who is paid for a closed case."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points.models import Occasion, Occurrence
from app.blueprints.reports.models import Report
from app.lib.database import transaction
from tests.support.cases import CaseDesk


def _earning(session: Session) -> list[int]:
    session.rollback()
    found = select(Occurrence.source_id).where(Occurrence.occasion == Occasion.CASE)
    return list(session.scalars(found))


def test_a_rider_earns_and_somebody_who_is_none_does_not(app: Flask, session: Session) -> None:
    desk = CaseDesk(app)
    of_rider, of_host = desk.at("verified"), desk.at("verified")
    with transaction(session):  # as a host's report of a broken facility is the host's
        session.get_one(Report, of_host).reporter_id = desk.grid_worker.id
    for case_id in (of_rider, of_host):
        desk.step(desk.dispatcher, case_id, "close")
    assert _earning(session) == [of_rider]
