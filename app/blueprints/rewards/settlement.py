"""What suppliers are owed: what was handed out in a month, at the price it was redeemed at, less
what was refunded in it. A month that is over stays as it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.blueprints.organisations.models import Organisation
from app.blueprints.rewards.models import (
    HandOut,
    HandOutcome,
    Redemption,
    Reward,
    Supplier,
)
from app.lib.clock import LOCAL

MOST_LINES = 100_000
BATCH = 1000
Moments = InstrumentedAttribute[datetime | None]


@dataclass(frozen=True)
class Month:
    """A local month."""

    first: date

    @property
    def since(self) -> datetime:
        """The moment at which it begins."""
        return datetime(self.first.year, self.first.month, 1, tzinfo=LOCAL)

    @property
    def until(self) -> datetime:
        """The moment at which it has ended."""
        return Month((self.first.replace(day=1) + timedelta(days=32)).replace(day=1)).since

    @property
    def text(self) -> str:
        """As it stands in an address: 2026-05."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Sum:
    """How many of a reward were handed out at a price, less those refunded, and what that makes,
    in fen."""

    supplier: Supplier | None
    reward: Reward
    price_cents: int
    count: int

    @property
    def cents(self) -> int:
        """What is owed."""
        return self.price_cents * self.count


@dataclass(frozen=True)
class Line:
    """One that was handed out, or refunded: then points and price are below zero. `station` is
    where it was handed out, "" for charity; it counts for the month of `booked_at`."""

    number: str
    supplier_zh: str
    reward_zh: str
    station_zh: str
    handed_at: datetime
    booked_at: datetime | None
    cost: int
    price_cents: int


def read_month(text: str, now: datetime) -> Month:
    """The month of "2026-05"; the last one that is over for anything else, none in the future."""
    today = now.astimezone(LOCAL).date()
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return Month(last)
    return Month(found) if found.year >= 2020 and found <= today else Month(last)


def sums(session: Session, month: Month, supplier_id: int | None = None) -> Sequence[Sum]:
    """By supplier, reward and price."""
    given, refunded = _within(Redemption.given_at, month), _within(Redemption.refunded_at, month)
    counted = func.sum(case((given, 1), else_=0) - case((refunded, 1), else_=0))
    rows = session.execute(
        select(Supplier, Reward, Redemption.price_cents, counted)
        .select_from(Redemption)
        .join(Reward, Reward.id == Redemption.reward_id)
        .outerjoin(Supplier, Supplier.id == Redemption.supplier_id)
        .where(or_(given, refunded), _of(supplier_id))
        .group_by(Supplier.id, Reward.id, Redemption.price_cents)
        .having(counted != 0)
        .order_by(Supplier.name_zh, Reward.name_zh, Reward.id, Redemption.price_cents)
    )
    return [Sum(*row) for row in rows]


def lines(session: Session, month: Month, supplier_id: int | None = None) -> Iterator[Line]:
    """Each that was handed out and then each that was refunded, in the order of time; as far as a
    file goes."""
    for booked_at, sign in ((Redemption.given_at, 1), (Redemption.refunded_at, -1)):
        yield from _booked(session, booked_at, sign, month, supplier_id)


def _booked(
    session: Session, booked_at: Moments, sign: int, month: Month, supplier_id: int | None
) -> Iterator[Line]:
    taken = HandOut.outcome != HandOutcome.CONFLICT
    found = session.execute(
        select(
            Redemption.number, func.coalesce(Supplier.name_zh, ""), Reward.name_zh,
            func.coalesce(Organisation.name_zh, ""),
            func.coalesce(HandOut.at, Redemption.given_at), booked_at, sign * Redemption.cost,
            sign * Redemption.price_cents,
        )
        .join(Reward, Reward.id == Redemption.reward_id)
        .outerjoin(Supplier, Supplier.id == Redemption.supplier_id)
        .outerjoin(HandOut, (HandOut.redemption_id == Redemption.id) & taken)
        .outerjoin(Organisation, Organisation.id == HandOut.station_id)
        .where(_within(booked_at, month), _of(supplier_id))
        .order_by(booked_at, Redemption.id)
        .limit(MOST_LINES + 1)
        .execution_options(yield_per=BATCH)
    )  # fmt: skip
    for row in found:
        yield Line(*row)


def _within(at: Moments, month: Month) -> ColumnElement[bool]:
    return and_(at >= month.since, at < month.until)


def _of(supplier_id: int | None) -> ColumnElement[bool]:
    return true() if supplier_id is None else Redemption.supplier_id == supplier_id
