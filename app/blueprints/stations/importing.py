"""Stations from a file: all of its rows, or none while anything is wrong with one of them.

A row is of the station that has its number, or of a new one. A column that is not there changes
nothing; an empty cell of one that is there means empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations import editing, profile
from app.blueprints.stations.changing import keep_change
from app.blueprints.stations.homes import Homes, read_homes
from app.blueprints.stations.models import Station
from app.errors import Invalid
from app.lib.database import alone
from app.lib.sheets import Table

MOST_ROWS, MOST_SHOWN = 5000, 200
_BATCH = 500


@dataclass(frozen=True)
class Remark:
    """What is to be said of a cell: its row and column as a spreadsheet counts them, "" for all of
    the row, the name of the column, and what stands there."""

    row: int
    column: str
    head: str
    cell: str
    text: str


@dataclass
class Report:
    """What a file would do, or did: how many stations are new, changed, and as they were.

    With `errors` nothing is done; `warnings` are to be looked at.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    written: bool = False


@dataclass(frozen=True)
class _Row:
    number: int
    cells: Mapping[str, str]
    """By field."""


@dataclass(frozen=True)
class _Sheet:
    """The rows of a file, and in which column each field stands."""

    columns: Mapping[str, int]
    heads: Sequence[str]
    rows: Sequence[_Row]
    dates: frozenset[tuple[int, int]]

    def remark(self, row: int, name: str, cell: str, text: str) -> Remark:
        at = self.columns.get(name)
        if at is None:
            return Remark(row, "", str(profile.FIELDS[name]), cell[:60], text)
        return Remark(row, _letter(at), self.heads[at], cell[:60], text)


def check_table(session: Session, actor: User, table: Table) -> Report:
    """What a file would do; nothing is written. Raises Forbidden, and Invalid at `file` for one
    whose head is not understood."""
    editing.refuse_all_but_administrators(actor)
    return _Import(session, _sheet_of(table)).checked()


def import_table(session: Session, actor: User, table: Table, *, now: datetime) -> Report:
    """Do what a file says, unless anything is wrong with it. Raises as `check_table` does."""
    editing.refuse_all_but_administrators(actor)
    alone(session, editing.NUMBERS)
    plan = _Import(session, _sheet_of(table), held=True)
    report = plan.checked()
    if not report.errors:
        plan.write(actor, now)
        report.written = True
    return report


def _sheet_of(table: Table) -> _Sheet:
    """Find the head: the first row that is not empty. Raises Invalid."""
    start = next(number for number, row in enumerate(table.rows) if any(row))
    heads = table.rows[start]
    columns: dict[str, int] = {}
    for column, head in enumerate(heads):
        name = _known_heads().get(head.casefold())
        if name in columns:
            raise Invalid(
                {"file": [_("The column “%(head)s” stands there twice.", head=head[:40])]}
            )
        if name is not None:
            columns[name] = column
    if "number" not in columns:
        named = str(profile.FIELDS["number"])
        raise Invalid({"file": [_("The first row must name a column “%(head)s”.", head=named)]})
    below = enumerate(table.rows[start + 1 :], start=start + 1)
    rows = [_Row(at + 1, _cells(row, columns)) for at, row in below if any(row)]
    if not rows or len(rows) > MOST_ROWS:
        count = _("From 1 to %(most)s rows below the head.", most=MOST_ROWS)
        raise Invalid({"file": [count]})
    return _Sheet(columns, heads, rows, table.dates)


def _cells(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: row[at] if at < len(row) else "" for name, at in columns.items()}


class _Import:
    """One file on its way. `held` keeps the stations that it names until the transaction ends."""

    def __init__(self, session: Session, sheet: _Sheet, *, held: bool = False) -> None:
        self.session = session
        self.sheet = sheet
        self.homes: Homes = read_homes(session)
        self.known = self._stations(held)
        self.new: list[dict[str, Any]] = []
        self.changes: list[tuple[Station, dict[str, Any]]] = []
        self.report = Report()

    def _stations(self, held: bool) -> dict[str, Station]:
        numbers = sorted({row.cells["number"].upper() for row in self.sheet.rows})
        found: dict[str, Station] = {}
        for start in range(0, len(numbers), _BATCH):
            wanted = select(Station).where(Station.number.in_(numbers[start : start + _BATCH]))
            wanted = wanted.order_by(Station.organisation_id)  # none waits for another crosswise
            if held:
                wanted = wanted.with_for_update(of=Station)
                wanted = wanted.execution_options(populate_existing=True)
            found |= {one.number: one for one in self.session.scalars(wanted)}
        return found

    def checked(self) -> Report:
        """Look at each row; what is to be written waits in `new` and `changes`."""
        self.report.warnings += _unknown_columns(self.sheet)
        rows_by_number: dict[str, int] = {}
        for row in self.sheet.rows:
            values, errors = self._values(row)
            number = values.get("number", "")
            first = rows_by_number.setdefault(number, row.number) if number else row.number
            if first != row.number:
                errors += [self._said(row, "number", _("Row %(row)s has it too.", row=first))]
            self.report.errors += errors
            if not errors:
                self._plan(row, values)
        return self.report

    def _values(self, row: _Row) -> tuple[dict[str, Any], list[Remark]]:
        values, wrong = profile.read(row.cells, self.homes)
        for name, at in self.sheet.columns.items():
            if (row.number - 1, at) in self.sheet.dates:
                wrong[name] = [_("The cell holds a date or a time: make it text.")]
        number = values.get("number")
        station = self.known.get(number) if number else None
        if station is not None and station.ended_at is not None:
            wrong["number"] = [_("This station was given up: resume it first.")]
        errors = [self._said(row, name, text) for name, texts in wrong.items() for text in texts]
        if number and station is None:
            errors += [
                self._said(row, name, _("A new station needs this column."))
                for name in profile.NEEDED
                if name not in self.sheet.columns
            ]
        return values, errors

    def _said(self, row: _Row, name: str, text: str) -> Remark:
        return self.sheet.remark(row.number, name, row.cells.get(name, ""), text)

    def _plan(self, row: _Row, values: dict[str, Any]) -> None:
        if {"latitude", "longitude"} <= values.keys() and not self.homes.is_near(
            values["latitude"], values["longitude"]
        ):
            far = _("More than 10 km outside the district. Is that right?")
            self.report.warnings.append(self._said(row, "latitude", far))
        station = self.known.get(values["number"])
        if station is None:
            self.new.append(values)
            self.report.new += 1
        elif editing.difference(station, values):
            self.changes.append((station, values))
            self.report.changed += 1
        else:
            self.report.same += 1

    def write(self, actor: User, now: datetime) -> None:
        """All of it, in a few statements."""
        for station, values in self.changes:
            data = editing.set_all(self.session, station, values)
            keep_change(self.session, station, actor, "import", now=now, data=data)
        offices = [editing.organisation_of(values) for values in self.new]
        self.session.add_all(offices)
        self.session.flush()
        made = [
            editing.station_of(self.session, office, values, now)
            for office, values in zip(offices, self.new, strict=True)
        ]
        self.session.flush()
        for station in made:
            keep_change(self.session, station, actor, "create", now=now)
        self.session.flush()


def _unknown_columns(sheet: _Sheet) -> Iterator[Remark]:
    known = set(sheet.columns.values())
    for at, head in enumerate(sheet.heads):
        if head and at not in known:
            said = _("This column is not known and was left out.")
            yield Remark(sheet.rows[0].number - 1, _letter(at), head[:60], "", said)


def _letter(column: int) -> str:
    """What a spreadsheet calls a column, 0 being the first."""
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return letters


@cache
def _known_heads() -> dict[str, str]:
    """The fields by what their columns are called, in either language or by the field's name."""
    known = {name: name for name in profile.FIELDS}
    for locale in ("zh_Hans", "en"):
        with force_locale(locale):
            known |= {str(text).casefold(): name for name, text in profile.FIELDS.items()}
    return known
