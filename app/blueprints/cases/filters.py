"""What a list of cases is narrowed to, the same for the desk, the map and exports."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select

from app.blueprints.cases import queues
from app.blueprints.cases.leading import leading, only_leading
from app.blueprints.cases.queues import QUEUES, Queue, Sight
from app.blueprints.reports.models import Report, State
from app.lib.clock import LOCAL
from app.lib.database import MAX_ROW_ID
from app.lib.text import clean

SORTS = ("newest", "due", "moved")
"""Latest received first; earliest deadline first, those without a clock last; latest moved
first."""
MAX_TEXT = 60
DEFAULT_QUEUE = "received"
_NAMES = {
    "queue": "queue", "category": "category_code", "group": "group", "department": "department_id",
    "street": "street_id", "grid": "grid_id", "overdue": "overdue", "flagged": "flagged",
    "supervised": "supervised", "since": "since", "until": "until", "number": "number",
    "sort": "sort",
}  # fmt: skip
"""What a part of the filter is called in an address. Words on a place are in none: they may name
somebody."""


@dataclass(frozen=True)
class CaseFilter:
    """A filter. `since` and `until` are local days on which the report was received, both
    included; `number` is the id in a case's number; `text` is part of the words on the place."""

    queue: str = DEFAULT_QUEUE
    category_code: str = ""
    group: str = ""
    """The first two digits of categories."""
    department_id: int | None = None
    street_id: int | None = None
    grid_id: int | None = None
    overdue: bool = False
    flagged: bool = False
    supervised: bool = False
    since: date | None = None
    until: date | None = None
    number: int | None = None
    text: str = ""
    sort: str = "newest"

    @classmethod
    def from_args(
        cls, args: Mapping[str, str], *, text: str = "", default: str = DEFAULT_QUEUE
    ) -> "CaseFilter":
        """The filter of an address, or of a form of the same names; what makes no sense is left
        out. `text` comes by POST alone; `default` is the queue when none is named."""
        queue = QUEUES.get(args.get("queue", "")) or QUEUES[default]
        sort = args.get("sort", "")
        return cls(
            queue=queue.name,
            category_code=_digits(args.get("category"), 8),
            group=_digits(args.get("group"), 2),
            department_id=_row_id(args.get("department")),
            street_id=_row_id(args.get("street")),
            grid_id=_row_id(args.get("grid")),
            overdue=args.get("overdue") == "1",
            flagged=args.get("flagged") == "1",
            supervised=args.get("supervised") == "1",
            since=_day(args.get("since")),
            until=_day(args.get("until")),
            number=number_in(args.get("number", "")),
            text=clean(text)[:MAX_TEXT],
            sort=sort if sort in SORTS else queue.sort,
        )

    def args(self) -> dict[str, Any]:
        """The filter as parts of an address: what is left as it is by itself is left out."""
        said = {name: _said(getattr(self, field)) for name, field in _NAMES.items()}
        if self.sort == self.in_queue.sort:
            said.pop("sort")
        return {name: value for name, value in said.items() if value}

    @property
    def in_queue(self) -> Queue:
        """The queue of the filter."""
        return QUEUES[self.queue]

    @property
    def states(self) -> tuple[State, ...]:
        """The states of the queue."""
        return self.in_queue.states

    @property
    def narrowing(self) -> tuple[str, ...]:
        """Which parts narrow the queue further, by the names of their fields."""
        apart = ("queue", "sort")
        empty = CaseFilter()
        named = [field.name for field in fields(self) if field.name not in apart]
        return tuple(name for name in named if getattr(self, name) != getattr(empty, name))

    def cleared(self) -> "CaseFilter":
        """The whole queue, in its order."""
        return CaseFilter(queue=self.queue, sort=self.in_queue.sort)

    def without(self, field: str) -> "CaseFilter":
        """The filter without one of its narrowing parts."""
        return replace(self, **{field: getattr(CaseFilter(), field)})

    def apply(
        self, found: Select[Any], sight: Sight, *, leads: frozenset[str] | None = None
    ) -> Select[Any]:
        """Narrow a statement that selects from reports. Begin it with `visible_cases(actor)`.
        `leads`: which parts may use an index, where the statement has a better one than a list."""
        named = [*self._queued(sight), *self._narrowed(sight)]
        return found.where(*only_leading(named, self.leads if leads is None else leads))

    def _queued(self, sight: Sight) -> list[tuple[str, ColumnElement[bool]]]:
        """What the queue asks for: its states, and what it asks besides by the name of the part
        of a filter that asks the same."""
        queue = self.in_queue
        found: list[tuple[str, ColumnElement[bool]]] = []
        if len(queue.states) < len(State):
            found.append(("queue", Report.state.in_(queue.states)))
        if queue.only is not None:
            found.append((self._of_queue or "queue", queue.only(sight)))
        return found

    @property
    def leads(self) -> frozenset[str]:
        """Which parts may lead by their index, "order" among them."""
        return leading(frozenset({*self.narrowing, self._of_queue}), self.states, self.sort)

    @property
    def _of_queue(self) -> str:
        """The part of a filter that the queue asks for by itself; "" for none."""
        return self.queue if self.queue in ("overdue", "flagged", "supervised") else ""

    def _narrowed(self, sight: Sight) -> list[tuple[str, ColumnElement[bool]]]:
        """What narrows the queue, by the names of the fields."""
        conditions = {
            "category_code": Report.category_code == self.category_code,
            "group": Report.category_code.between(self.group, f"{self.group}999999"),
            "department_id": Report.department_id == self.department_id,
            "street_id": Report.street_id == self.street_id,
            "grid_id": Report.grid_id == self.grid_id,
            "overdue": queues.overdue(sight),
            "flagged": queues.flagged(sight),
            "supervised": queues.supervised(sight),
            "since": Report.received_at >= _midnight(self.since),
            "until": Report.received_at < _midnight(self.until, days=1),
            "number": Report.id == self.number,
            "text": Report.place.contains(self.text, autoescape=True),
        }
        return [(name, conditions[name]) for name in self.narrowing]


def number_in(text: str) -> int | None:
    """The id that a case's number means: "2026-000123", or its digits alone; None for what is no
    number."""
    return _row_id(text.strip().rpartition("-")[2])


def _digits(text: str | None, most: int) -> str:
    text = text or ""
    return text if text.isascii() and text.isdecimal() and len(text) <= most else ""


def _row_id(text: str | None) -> int | None:
    digits = _digits(text, len(str(MAX_ROW_ID)))
    return min(int(digits), MAX_ROW_ID) or None if digits else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 < day.year < 9000 else None


def _midnight(day: date | None, *, days: int = 0) -> datetime:
    whole = (day or date(1971, 1, 1)) + timedelta(days=days)
    return datetime.combine(whole, time(), LOCAL)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)
