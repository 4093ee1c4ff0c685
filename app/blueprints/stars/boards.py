"""Leaderboards of a month, read from kept sums: of the district, of a company, of a station."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.stars.models import MonthSum, PlaceSum
from app.blueprints.stars.sums import companies_of
from app.lib.database import MAX_ROW_ID
from app.lib.text import masked_name

PAGE = 50
MOST_STATIONS = 8
"""Stations of a rider's own that are offered."""


class Of(StrEnum):
    """Whose board."""

    DISTRICT = "district"
    COMPANY = "company"
    STATION = "station"


Line_ = MonthSum | PlaceSum


class _Columns(Protocol):
    id: InstrumentedAttribute[int]
    user_id: InstrumentedAttribute[int]
    month: InstrumentedAttribute[date]
    points: InstrumentedAttribute[int]
    listed: InstrumentedAttribute[bool]


@dataclass(frozen=True)
class Board:
    """A board: of a month, and for a company or a station of one organisation."""

    of: Of
    month: date
    organisation: Organisation | None = None

    @property
    def model(self) -> Any:
        """Where its lines are."""
        return PlaceSum if self.of == Of.STATION else MonthSum

    def lines(self) -> ColumnElement[bool]:
        """All lines of it, whether others see them or not."""
        found: ColumnElement[bool] = self.model.month == self.month
        if self.organisation is None:
            return found
        place = PlaceSum.place_id if self.of == Of.STATION else MonthSum.company_id
        return and_(place == self.organisation.id, found)

    def shown(self) -> ColumnElement[bool]:
        """Those that others see, in the words of the index."""
        return and_(self.lines(), self.model.listed, self.model.points > 0)


@dataclass(frozen=True)
class Line:
    """A place on a board; `name` is masked but for who looks."""

    rank: int
    name: str
    points: int
    is_mine: bool


@dataclass(frozen=True)
class Page:
    """Lines from the best down, and the cursor behind which the next page begins."""

    lines: Sequence[Line]
    after: str | None


@dataclass(frozen=True)
class Own:
    """Where who looks stands; `rank` is None for who earned nothing there in that month."""

    rank: int | None
    points: int


def page(session: Session, board: Board, rider_id: int, *, after: str | None = None) -> Page:
    """A page of a board. Ties share a rank."""
    model = board.model
    cursor = read_cursor(after)
    found = select(model).join(model.user).options(contains_eager(model.user))
    found = found.where(board.shown(), *([_behind(model, cursor)] if cursor else []))
    ordered = found.order_by(model.points.desc(), model.id.desc()).limit(PAGE + 1)
    rows = session.scalars(ordered).all()
    shown = rows[:PAGE]
    more = f"{shown[-1].points}.{shown[-1].id}" if len(rows) > PAGE else None
    return Page(_ranked(session, board, shown, rider_id, cursor), more)


def _ranked(
    session: Session, board: Board, rows: Sequence[Line_], rider_id: int,
    cursor: tuple[int, int] | None,
) -> list[Line]:  # fmt: skip
    lines: list[Line] = []
    before = _count_up_to(session, board, cursor) if cursor else 0
    for place, row in enumerate(rows, start=before + 1):
        if lines and lines[-1].points == row.points:
            rank = lines[-1].rank
        else:
            rank = place if lines or not cursor else rank_of(session, board, row.points)
        lines.append(_line(rank, row, rider_id))
    return lines


def _line(rank: int, row: Line_, rider_id: int) -> Line:
    is_mine = row.user_id == rider_id
    return Line(rank, row.user.name if is_mine else masked_name(row.user.name), row.points, is_mine)


def own(session: Session, board: Board, rider_id: int) -> Own:
    """Where a rider stands, seen by others or not."""
    mine = select(board.model.points).where(board.lines(), board.model.user_id == rider_id)
    points = session.scalar(mine) or 0
    return Own(rank_of(session, board, points) if points > 0 else None, points)


def rank_of(session: Session, board: Board, points: int) -> int:
    """The rank of so many points among those that others see."""
    better = select(func.count()).select_from(board.model)
    return 1 + (session.scalar(better.where(board.shown(), board.model.points > points)) or 0)


def _count_up_to(session: Session, board: Board, cursor: tuple[int, int]) -> int:
    model, (points, id_) = board.model, cursor
    counted = select(func.count()).select_from(model).where(board.shown(), model.points >= points)
    return session.scalar(counted.where(or_(model.points > points, model.id >= id_))) or 0


def _behind(model: _Columns, cursor: tuple[int, int]) -> ColumnElement[bool]:
    points, id_ = cursor
    return and_(model.points <= points, or_(model.points < points, model.id < id_))


def read_cursor(text: str | None) -> tuple[int, int] | None:
    """A cursor as it stood in an address; None for none, and for what is none."""
    parts = (text or "")[:24].split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    points, id_ = map(int, parts)
    return min(points, MAX_ROW_ID), min(id_, MAX_ROW_ID)


def company_of(session: Session, rider_id: int, month: date) -> Organisation | None:
    """On which company's board a rider stood in a month; before anything was earned, the present
    one's."""
    found = select(MonthSum.company_id).where(MonthSum.user_id == rider_id, MonthSum.month == month)
    company_id = session.scalar(found) or companies_of(session, [rider_id]).get(rider_id)
    return session.get(Organisation, company_id) if company_id is not None else None


def stations_of(session: Session, rider_id: int, month: date) -> Sequence[Organisation]:
    """Stations where a rider earned in a month, the most first."""
    found = (
        select(Organisation)
        .join(PlaceSum, PlaceSum.place_id == Organisation.id)
        .where(
            PlaceSum.user_id == rider_id, PlaceSum.month == month, PlaceSum.points > 0,
            Organisation.kind == Kind.STATION,
        )
        .order_by(PlaceSum.points.desc(), Organisation.id)
    )  # fmt: skip
    return session.scalars(found.limit(MOST_STATIONS)).all()


def station(session: Session, station_id: int) -> Organisation | None:
    """A station by its id."""
    found = select(Organisation).where(
        Organisation.id == min(max(station_id, 0), MAX_ROW_ID), Organisation.kind == Kind.STATION
    )
    return session.scalar(found)
