"""Time in SQL, for both databases: seconds, and local months.

Suzhou is eight hours ahead of UTC the whole year, since 1991.
"""

from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class epoch_s(FunctionElement[int]):
    """Whole seconds since 1970 of a moment."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_s, "sqlite")
def _epoch_sqlite(element: epoch_s, compiler: Any, **kwargs: Any) -> str:
    return f"unixepoch({compiler.process(element.clauses, **kwargs)})"


@compiles(epoch_s)
def _epoch(element: epoch_s, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"CAST(floor(extract(epoch FROM {moment})) AS BIGINT)"


class local_month(FunctionElement[str]):
    """The month in Suzhou of a moment, "2026-11"."""

    type = String()
    inherit_cache = True


@compiles(local_month, "sqlite")
def _month_sqlite(element: local_month, compiler: Any, **kwargs: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **kwargs)}, '+8 hours')"


@compiles(local_month)
def _month(element: local_month, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"to_char({moment} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
