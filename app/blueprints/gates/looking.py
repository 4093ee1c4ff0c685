"""Administrators see all compounds, but say why before they see who passed. The reason is kept in
their session, for one compound, for half an hour.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.access import actor
from app.blueprints.gates.compound_queries import is_manager_of
from app.blueprints.organisations.models import Organisation
from app.lib import clock

KEPT_FOR = timedelta(minutes=30)
MOST_KEPT = 8
_KEY = "looks"


def needs_reason(compound: Organisation, *, now: datetime) -> bool:
    """Whether the person must say why, before who passed is shown."""
    return not is_manager_of(actor(), compound) and given_reason(compound, now=now) is None


def given_reason(compound: Organisation, *, now: datetime) -> str | None:
    """The reason given for this compound in the last half hour."""
    until_ms, reason = _kept().get(str(compound.id), (0, ""))
    return reason if until_ms > clock.to_ms(now) else None


def keep_reason(compound: Organisation, reason: str, *, now: datetime) -> None:
    """Keep a reason for half an hour; those that ran out are forgotten."""
    now_ms = clock.to_ms(now)
    fresh = {
        key: one for key, one in _kept().items() if one[0] > now_ms and key != str(compound.id)
    }
    newest = sorted(fresh.items(), key=lambda item: item[1][0])[1 - MOST_KEPT :]
    until_ms = clock.to_ms(now + KEPT_FOR)
    session[_KEY] = dict(newest) | {str(compound.id): [until_ms, reason]}


def _kept() -> dict[str, Any]:
    found = session.get(_KEY)
    return found if isinstance(found, dict) else {}


def ask_why(compound: Organisation) -> ResponseReturnValue:
    """On to the form that asks for the reason, and from there back to this page; after an export,
    to the log that it was of."""
    path = request.path
    if request.method != "GET":
        path = url_for("compound_log.log", compound_id=compound.id)
    query = request.query_string.decode(errors="replace")
    back = f"{path}?{query}" if query else path
    return redirect(url_for("compounds.why", compound_id=compound.id, back=back))
