"""Whom riders ride for."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.blueprints.badges.models import Holder
from app.lib.database import table_of

_H = table_of(Holder).c
_COMPANIES = select(_H.user_id, _H.company_id).where(
    _H.user_id.in_(bindparam("riders", expanding=True))
)


def companies_of(session: Session, rider_ids: Collection[int]) -> dict[int, int]:
    """The company of each of these riders, in one query; who is not in the register is missing."""
    if not rider_ids:
        return {}
    return dict(session.execute(_COMPANIES, {"riders": list(rider_ids)}).all())
