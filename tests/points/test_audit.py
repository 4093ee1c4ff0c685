"""What gets past the database's own refusal, the audit names: of all, or of a month."""

from datetime import UTC, datetime

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.points import audit as audits
from app.blueprints.points import ledger
from app.blueprints.points.models import Account, Entry, Lot, Transfer, TransferKind
from app.blueprints.points.requests import Order, Source
from app.lib.database import transaction
from tests.support.people import People

MAY = datetime(2026, 5, 5, 4, tzinfo=UTC)
LAST_OF_APRIL = datetime(2026, 4, 30, 15, 59, tzinfo=UTC)
"""A minute before midnight in Suzhou."""
JUNE = datetime(2026, 6, 1, 4, tzinfo=UTC)


def _audit(app: Flask, *more: str) -> Result:
    return app.test_cli_runner().invoke(args=["points", "audit", *more])


@pytest.fixture
def rider_id(people: People, session: Session) -> int:
    """With points of April, May and June."""
    rider = people.make("rider").id
    with transaction(session):
        for key, at in (("a", LAST_OF_APRIL), ("b", MAY), ("c", JUNE)):
            order = Order("test", key, Source("case", "1"))
            ledger.earn(session, order, rider_id=rider, amount=5, now=at)
    return rider


def test_right_books_are_told_proof_by_proof(app: Flask, rider_id: int) -> None:
    done = _audit(app)
    assert done.exit_code == 0
    assert done.output.count("\n") == len(audits.PROOFS) + 1
    assert done.output.endswith("The books are right.\n")
    of_may = _audit(app, "--month", "2026-05")
    assert (of_may.exit_code, of_may.output.endswith("2026-05 is right.\n")) == (0, True)


def _between(session: Session, rider_id: int, at: datetime, wrong_by: int) -> None:
    """A transfer there and one back, whose entries do not go on from what was before."""
    account = session.scalars(select(Account).where(Account.user_id == rider_id)).one()
    last = session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    assert last is not None
    for key, amount, after in (("x", 3, 3 + wrong_by), ("y", -3, 0)):
        transfer = Transfer(
            scope="test", key=key, request_hash="0" * 64, kind=TransferKind.EARN,
            source_kind="case", source_id="1", at=at,
        )  # fmt: skip
        session.add(transfer)
        session.flush()
        issue = session.scalars(select(Account).where(Account.kind == "issue")).first()
        assert issue is not None
        for one, moved in ((account, amount), (issue, -amount)):
            left = one.balance + (after if one is account else (-3 if key == "x" else 0))
            session.add(
                Entry(
                    transfer_id=transfer.id, account_id=one.id, amount=moved, balance_after=left
                )
            )  # fmt: skip
        session.flush()


def test_an_entry_that_does_not_go_on_is_named(app: Flask, rider_id: int, session: Session) -> None:
    """Sums and last balances fit all the same."""
    with transaction(session):
        _between(session, rider_id, MAY, wrong_by=1)
    done = _audit(app)
    assert done.exit_code == 1
    assert "each entry goes on from the one before: not so for" in done.output
    assert _audit(app, "--month", "2026-05").exit_code == 1
    assert _audit(app, "--month", "2026-04").exit_code == 0
    assert _audit(app, "--month", "2026-06").exit_code == 0


def test_a_month_is_that_of_suzhou(app: Flask, rider_id: int, session: Session) -> None:
    with transaction(session):
        first_lot = select(Lot.id).order_by(Lot.id).limit(1).scalar_subquery()
        session.execute(update(Lot).where(Lot.id == first_lot).values(amount=6))
    assert _audit(app, "--month", "2026-04").exit_code == 1
    assert _audit(app, "--month", "2026-05").exit_code == 0
    assert _audit(app).exit_code == 1


@pytest.mark.parametrize("month", ["2026", "2026-13", "may"])
def test_what_is_no_month_is_refused(app: Flask, month: str) -> None:
    assert _audit(app, "--month", month).exit_code == 2


def test_it_is_asked_stretch_by_stretch(
    app: Flask, rider_id: int, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of a stretch, all is asked, and what is wrong is found."""
    monkeypatch.setattr(audits, "MANY", 1)
    monkeypatch.setattr(audits, "ACCOUNTS", 1)
    said: list[tuple[str, float]] = []
    found = audits.audit(session, progress=lambda words, share: said.append((words, share)))
    assert [one for one in found if one.row] == []
    shares = [share for words, share in said if words == audits.PROOFS[0].words]
    assert shares == [0, 1 / 3, 2 / 3]
    with transaction(session):
        _between(session, rider_id, JUNE, wrong_by=2)
    session.rollback()
    assert [one.row for one in audits.audit(session)][-1] is not None
