"""The demo district: as large as said, the same by seed, never in production."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements.models import Announcement
from app.blueprints.demo.people import ACCOUNTS
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import Report
from app.lib import clock, phone
from tests.conftest import MakeApp

EXPECTED = {
    Kind.ZONE: 4, Kind.STREET: 5, Kind.COMMUNITY: 60, Kind.GRID: 240, Kind.DEPARTMENT: 31,
    Kind.SYSTEM: 43, Kind.STATION: 280, Kind.COMPOUND: 60,
}  # fmt: skip


def test_it_is_as_large_as_the_real_one(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output
    kinds = select(Organisation.kind, func.count()).group_by(Organisation.kind)
    found = {row[0]: row[1] for row in session.execute(kinds)}
    assert {kind: found[kind] for kind in EXPECTED} == EXPECTED
    staff = (
        len(ACCOUNTS) - 1 + 29 + 5
    )  # a handler of each further department, a grid worker a street
    assert session.scalar(select(func.count()).select_from(User)) == 600 + staff
    assert session.scalar(select(func.count()).select_from(Report)) == 5300
    assert session.scalar(select(func.max(Report.received_at))) <= clock.now()
    announced = session.scalars(select(Announcement).order_by(Announcement.id)).all()
    assert [(one.state, one.written) for one in announced] == [
        ("sent", 600), ("scheduled", 0), ("draft", 0),
    ]  # fmt: skip


def test_it_is_loaded_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["demo", "load"]).exit_code == 0
    assert "empty" in runner.invoke(args=["demo", "load"]).output
    assert runner.invoke(args=["demo", "load", "--if-empty"]).exit_code == 0


def test_production_refuses_it(make: MakeApp) -> None:
    result = make(PRODUCTION=True).test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert "not for production" in result.output


def test_the_accounts_have_numbers_that_can_be_typed(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(args=["demo", "accounts"]).output
    for account in ACCOUNTS:
        assert phone.normalise(account.shown_phone) == account.phone
        assert account.shown_phone in shown
