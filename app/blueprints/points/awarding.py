"""Paying what happened, by the rules that were in force then; and taking back what was undone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.points import settled
from app.blueprints.points.books import MANY, NotEnough, rider_account
from app.blueprints.points.ledger import BY_RULES, earn, reverse
from app.blueprints.points.models import Occasion, Occurrence, Outcome, Rule, Why
from app.blueprints.points.requests import Order, Source
from app.blueprints.points.rules import Day, Happened, reckon
from app.lib.clock import start_of_day
from app.lib.database import alone

BATCH = 100
_DUE = (Outcome.WAITING, Outcome.TO_UNDO)


def award(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Settle a batch of occurrences, in the order in which they were told; answers how many. One
    worker at a time does it."""
    alone(session, MANY)
    due = (
        select(Occurrence).where(Occurrence.outcome.in_(_DUE)).order_by(Occurrence.id).limit(limit)
    )
    rows = session.scalars(due.with_for_update().execution_options(populate_existing=True)).all()
    _lock_riders(session, rows, now)
    rules = Rules(session)
    for row in rows:
        if row.outcome == Outcome.TO_UNDO:
            _take_back(session, row, now)
        else:
            _pay(session, row, rules, now)
    session.flush()
    settled.tell(session, rows, now=now)
    return len(rows)


def _lock_riders(session: Session, rows: Sequence[Occurrence], now: datetime) -> None:
    """Riders first and in one order, as the books demand; caps are counted under these locks."""
    for rider_id in sorted({row.rider_id for row in rows}):
        rider_account(session, rider_id, now=now)


class Rules:
    """The rules, read once."""

    def __init__(self, session: Session) -> None:
        rows = session.scalars(select(Rule).order_by(Rule.since, Rule.id))
        self._rules: dict[Occasion, list[Rule]] = {}
        for rule in rows:
            self._rules.setdefault(rule.occasion, []).append(rule)

    def of(self, occasion: Occasion, at: datetime) -> Rule | None:
        """The newest rule in force at a moment."""
        for rule in reversed(self._rules.get(occasion, [])):
            if rule.since <= at and (rule.until is None or at < rule.until):
                return rule
        return None


def _pay(session: Session, row: Occurrence, rules: Rules, now: datetime) -> None:
    rule = rules.of(row.occasion, row.at)
    happened = Happened(row.rider_id, row.at, row.worth, row.five_role, row.place_id)
    reckoned = reckon(rule, happened, paid_that_day(session, row))
    row.rule_id, row.why, row.settled_at = rule.id if rule else None, reckoned.why, now
    row.outcome = Outcome.NOTHING
    if rule is None or reckoned.amount == 0:
        return
    try:
        with session.begin_nested():
            transfer = earn(
                session, _order("earn", row), rider_id=row.rider_id, amount=reckoned.amount,
                payer_id=row.payer_id or rule.payer_id, now=now,
            )  # fmt: skip
    except NotEnough:  # the budget is used up
        row.why = Why.BUDGET
        return
    row.outcome, row.amount, row.transfer_id = Outcome.PAID, reckoned.amount, transfer.id


def _order(scope: str, row: Occurrence) -> Order:
    source = Source(row.occasion, str(row.source_id))
    return Order(scope, f"occurrence {row.id}", source, reason=row.undo_reason or BY_RULES)


def paid_that_day(session: Session, row: Occurrence) -> Day:
    """What the rider was paid on the day of an occurrence, of its kind."""
    start = start_of_day(row.at)
    same = (Occurrence.rider_id == row.rider_id, Occurrence.occasion == row.occasion)
    that_day = (Occurrence.at >= start, Occurrence.at < start + timedelta(days=1))
    counts = or_(Occurrence.outcome == Outcome.PAID, Occurrence.outcome == Outcome.TO_UNDO)
    paid = session.execute(
        select(Occurrence.amount, Occurrence.place_id).where(*same, *that_day, counts)
    )
    ever = session.scalar(
        select(Occurrence.id).where(*same, Occurrence.transfer_id.is_not(None)).limit(1)
    )
    return Day.of([(one.amount, one.place_id) for one in paid], row.place_id, first=ever is None)


def _take_back(session: Session, row: Occurrence, now: datetime) -> None:
    if row.transfer_id is not None:
        reverse(session, _order("undo", row), transfer_id=row.transfer_id, now=now)
    row.outcome, row.settled_at = Outcome.UNDONE, now
