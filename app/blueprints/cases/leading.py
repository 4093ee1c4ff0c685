"""Which index leads a list of cases, when a filter could use several.

SQLite's planner counts on values being spread evenly, and most cases are closed: left alone it
walks half a million closed cases for two that are flagged. So what narrows most, by what is known
of cases, keeps its index and the rest is hidden from the planner. PostgreSQL keeps statistics of
common values and needs no help. docs/performance.md has the figures.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.blueprints.reports.models import ENDED, State

NARROWEST = ("number", "supervised", "flagged")
"""They lead whatever else is asked: few cases have them."""
PLACES = ("grid_id", "category_code")
"""Thousands of cases each, so they lead among the ended ones."""


def leading(asked: frozenset[str], states: tuple[State, ...], sort: str) -> frozenset[str]:
    """The parts of a filter that may use an index, of those asked for; "queue" stands for its
    states, "order" for the order of the list, "clockless" for that of what has no deadline."""
    for name in NARROWEST:
        if name in asked:
            return frozenset({name})
    if not set(states) & set(ENDED):
        return _among_open(states, sort)
    if "overdue" in asked or sort == "due":
        return frozenset({"overdue", "order", "clockless"})
    for name in PLACES:
        if name in asked:
            return frozenset({name, "since", "until", "order"} if sort == "newest" else {name})
    if sort == "newest" and "department_id" in asked:
        return frozenset({"department_id", "since", "until", "order"})
    return frozenset({"queue", "since", "until", "order"})


def _among_open(states: tuple[State, ...], sort: str) -> frozenset[str]:
    """Few cases are open, so their states lead; one state's index has its order too."""
    if sort == "due":
        return frozenset({"queue", "overdue", "order"})
    one = {"order", "since", "until"} if len(states) == 1 else set()
    return frozenset({"queue"} | one)


class unindexed(FunctionElement[Any]):
    """A condition or a column that no index of SQLite is used for: a unary plus before it.
    https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
    """

    type = Boolean()
    inherit_cache = True


@compiles(unindexed)
def _as_it_is(element: unindexed, compiler: Any, **kwargs: Any) -> str:
    return str(compiler.process(element.clauses, **kwargs))


@compiles(unindexed, "sqlite")
def _with_plus(element: unindexed, compiler: Any, **kwargs: Any) -> str:
    return f"+({compiler.process(element.clauses, **kwargs)})"


def only_leading(
    named: list[tuple[str, ColumnElement[Any]]], leads: frozenset[str]
) -> list[ColumnElement[Any]]:
    """Conditions by name, with all but the leading ones hidden from the planner."""
    return [one if name in leads else unindexed(one) for name, one in named]
