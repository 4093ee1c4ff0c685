"""A visit earns once, whatever comes late or is taken back."""

import random
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.points.audit import audit
from app.blueprints.points.awarding import award
from app.blueprints.points.models import Account, Occasion, Occurrence, Outcome, Rule
from app.blueprints.visits.earning import tell_moved
from app.blueprints.visits.models import CheckIn
from app.blueprints.visits.services import record, take_back
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import People
from tests.support.station_rows import StationRows
from tests.visits.conftest import make_draft

STANDING = (Outcome.WAITING, Outcome.PAID, Outcome.NOTHING)


@pytest.mark.parametrize("seed", range(4))
def test_what_leads_is_what_earns(
    session: Session, stations: StationRows, people: People, seed: int
) -> None:
    chance = random.Random(seed)
    here = [stations.station() for _station in range(2)]
    session.commit()
    riders = [people.make(Role.RIDER).id for _rider in range(2)]
    host = people.make(Role.ADMINISTRATOR).id
    keys: list[str] = []
    with transaction(session):
        session.add(
            Rule(
                occasion=Occasion.VISIT, name_zh="到站", name_en="Visit", amount=2,
                role_percents={}, since=clock.now() - timedelta(days=3650), created_at=clock.now(),
            )
        )  # fmt: skip
    for _step in range(25):
        if keys and chance.random() < 0.25:
            with transaction(session):
                actor = session.get_one(User, host)
                take_back(session, [chance.choice(keys)], actor=actor, now=clock.now())
        else:
            drafts = [
                make_draft(
                    chance.choice(here),
                    chance.choice(riders),
                    at=chance.randint(0, 900),
                    mark="too_far" if chance.random() < 0.1 else None,
                    recorder_id=host,
                )
                for _draft in range(chance.randint(1, 4))
            ]
            keys += [draft.key for draft in drafts]
            with transaction(session):
                record(session, drafts)
        if chance.random() < 0.3:
            _pay(session)
        assert _standing(session) == _leading(session)
    _pay(session)
    paid = session.scalar(select(func.sum(Account.balance)).where(Account.user_id.in_(riders)))
    assert paid == 2 * len(_leading(session))
    assert [found for found in audit(session) if found.row] == []


def _pay(session: Session) -> None:
    with transaction(session):
        award(session, now=clock.now())


def _standing(session: Session) -> set[int]:
    session.rollback()
    found = select(Occurrence.source_id).where(Occurrence.outcome.in_(STANDING))
    return set(session.scalars(found))


def _leading(session: Session) -> set[int]:
    return set(session.scalars(select(CheckIn.id).where(CheckIn.leads)))


def test_what_is_counted_anew_is_told_to_the_ledger(
    app: Flask, session: Session, stations: StationRows, people: People
) -> None:
    here = stations.station()
    session.commit()
    rider = people.make(Role.RIDER).id
    first, second = make_draft(here, rider, at=-30), make_draft(here, rider, at=-20)
    with transaction(session):
        record(session, [first, second])
        ids = dict(session.execute(select(CheckIn.key, CheckIn.id)).all())
        session.execute(update(CheckIn).values(leads=CheckIn.key == second.key))  # a fault
        tell_moved(session, {ids[first.key]: None, ids[second.key]: second}, now=clock.now())
    assert app.test_cli_runner().invoke(args=["visits", "rebuild"]).exit_code == 0
    with transaction(session):
        award(session, now=clock.now())
    told = session.execute(select(Occurrence.source_id, Occurrence.outcome)).all()
    assert {one for one, outcome in told if outcome in STANDING} == {ids[first.key]}
    assert "as their check-ins say" in app.test_cli_runner().invoke(args=["visits", "check"]).output
