"""The sums that levels and boards are read from, moved by differences."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Membership, Role
from app.blueprints.points.settled import Settled
from app.blueprints.stars.levels import month_of
from app.blueprints.stars.models import MonthSum, PlaceSum, RoleSum, Standing
from app.lib.database import insert_of

Key = tuple[Any, ...]
Sums = dict[Key, int]
Model = type[RoleSum] | type[MonthSum] | type[PlaceSum]
MOST_ROWS = 500
"""Rows in one statement."""


def add(session: Session, found: Iterable[Settled]) -> list[int]:
    """Add what was paid, and take off what was taken back; the riders are due to be reckoned.
    Standings are locked first, each table in one order. Answers the riders."""
    roles, months, places = _gathered(found)
    riders = sorted({key[0] for key in months})
    listed = make_due(session, riders)
    companies = companies_of(session, riders)
    _write(session, RoleSum, ("user_id", "month", "five_role"), roles)
    _write(
        session, MonthSum, ("user_id", "month"), months,
        lambda key: {"listed": listed[key[0]], "company_id": companies.get(key[0])},
    )  # fmt: skip
    _write(
        session, PlaceSum, ("user_id", "month", "place_id"), places,
        lambda key: {"listed": listed[key[0]]},
    )  # fmt: skip
    return riders


def _gathered(found: Iterable[Settled]) -> tuple[Sums, Sums, Sums]:
    roles: Sums = defaultdict(int)
    months: Sums = defaultdict(int)
    places: Sums = defaultdict(int)
    for one in found:
        month = month_of(one.at)
        roles[one.rider_id, month, one.five_role] += one.points
        months[one.rider_id, month] += one.points
        if one.place_id is not None:
            places[one.rider_id, month, one.place_id] += one.points
    return roles, months, places


def make_due(session: Session, riders: Collection[int]) -> Mapping[int, bool]:
    """Riders are to be reckoned; answers by id whether others see them on boards. Their rows are
    locked, made where there were none."""
    new = [
        {"user_id": one, "points": 0, "breadth": 0, "level": 1, "due": True, "listed": True}
        for one in riders
    ]
    made = insert_of(session, Standing).values(new)
    known = made.on_conflict_do_update(index_elements=["user_id"], set_={"due": True})
    rows = session.execute(known.returning(Standing.user_id, Standing.listed))
    return {row.user_id: row.listed for row in rows}


def companies_of(session: Session, riders: Collection[int]) -> dict[int, int]:
    """For whom riders ride at present, in one query."""
    found = (
        select(Membership.user_id, func.min(Membership.organisation_id).label("company_id"))
        .where(
            Membership.user_id.in_(riders), Membership.role == Role.RIDER,
            Membership.ended_at.is_(None),
        )
        .group_by(Membership.user_id)
    )  # fmt: skip
    return {row.user_id: row.company_id for row in session.execute(found)}


def _write(
    session: Session, model: Model, names: tuple[str, ...], sums: Sums, more: Any = lambda _key: {}
) -> None:
    rows = [
        dict(zip(names, key, strict=True)) | {"points": points} | more(key)
        for key, points in sorted(sums.items())
    ]
    for start in range(0, len(rows), MOST_ROWS):
        new = insert_of(session, model).values(rows[start : start + MOST_ROWS])
        session.execute(
            new.on_conflict_do_update(
                index_elements=names, set_={"points": model.points + new.excluded.points}
            )
        )
