"""Units of work: writers begin as writers, and all or nothing is kept."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Membership
from app.extensions import db
from app.lib.database import UtcDateTime, transaction

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def only_sqlite(database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("settings of SQLite")


def _user(number: int) -> User:
    return User(phone=f"+861380000{number:04d}", name="x", created_at=NOW)


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User)) or 0


def test_a_unit_of_work_is_kept(session: Session) -> None:
    with transaction(session):
        session.add(_user(1))
    session.rollback()
    assert _count(session) == 1


def test_a_unit_of_work_that_fails_leaves_nothing(session: Session) -> None:
    def fail() -> None:
        with transaction(session):
            session.add(_user(1))
            session.flush()
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()
    assert _count(session) == 0


@pytest.mark.usefixtures("only_sqlite")
def test_a_writer_begins_immediate(session: Session) -> None:
    begun: list[str] = []

    @event.listens_for(session.get_bind(), "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        begun.append(statement)

    with transaction(session):
        session.scalar(select(func.count()).select_from(User))
    assert begun[0] == "BEGIN IMMEDIATE"


@pytest.mark.usefixtures("only_sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 15_000)],
)
def test_settings_of_sqlite(session: Session, pragma: str, value: object) -> None:
    assert session.scalar(text(f"PRAGMA {pragma}")) == value


def test_foreign_keys_hold(session: Session) -> None:
    stray = Membership(user_id=999, organisation_id=999, role="rider", created_at=NOW)
    with pytest.raises(IntegrityError), transaction(session):
        session.add(stray)


def test_a_moment_comes_back_in_utc(session: Session) -> None:
    with transaction(session):
        session.add(_user(1))
    assert session.scalars(select(User)).one().created_at == NOW
    assert session.scalars(select(User)).one().created_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), session.get_bind().dialect)  # noqa: DTZ001


def test_what_is_read_first_is_read_again_inside(app: Flask, session: Session) -> None:
    """Read, then write what follows from it, eight at a time: no update is lost."""
    with transaction(session):
        session.add(_user(1))
    session.close()

    def add_one() -> None:
        with app.app_context(), transaction(db.session()):
            person = db.session.scalars(select(User).with_for_update()).one()
            person.name = f"{int(person.name.removeprefix('x') or 0) + 1}"

    threads = [threading.Thread(target=add_one) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.scalars(select(User)).one().name == "8"
