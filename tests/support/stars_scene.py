"""Rows of stars that can be named in a path, and what its forms hold when all is right."""

from typing import Any
from uuid import uuid4

from flask import Flask

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.points import ledger
from app.blueprints.points.books import budget_account
from app.blueprints.points.budgets import GIVEN
from app.blueprints.points.requests import Order, Source
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import Person
from tests.support.station_scene import StationScene

BODIES: dict[str, dict[str, Any]] = {
    "POST /stars/boards/listed": {"listed": "0"},
    "POST /point-budgets": {"amount": "10", "reason": "开始", "key": str(uuid4())},
    "POST /point-budgets/<int:account_id>/gifts/<int:transfer_id>/back": {"reason": "多给了"},
}
"""By "METHOD rule"."""


def build(app: Flask, owner: Person, station: StationScene) -> dict[str, object]:
    """The budget of the owner's company, with a gift; ids by the names that paths have."""
    with app.app_context():
        session, now = db.session(), clock.now()
        memberships = session.get_one(User, owner.id).memberships
        company = next(one for one in memberships if one.role == Role.RIDER).organisation_id
        BODIES["POST /point-budgets"]["organisation"] = str(company)
        with transaction(session):
            order = Order(GIVEN, "1", Source("budget", str(company)))
            gift = ledger.fund(session, order, organisation_id=company, amount=50, now=now).id
            account = budget_account(session, company, now=now).id
    return {"account_id": account, "transfer_id": gift}
