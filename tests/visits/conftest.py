"""What the tests of visits share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.blueprints.visits.drafts import CheckInDraft
from app.lib import clock
from tests.support.station_rows import StationRows

MakeDraft = Callable[..., CheckInDraft]
_numbers = count(1)


def make_draft(station_id: int, rider_id: int | None = None, **columns: Any) -> CheckInDraft:
    """A check-in by the station's poster, now; `at` may be minutes from now too."""
    now = clock.now()
    at = columns.pop("at", now)
    values: dict[str, Any] = {
        "key": f"key-{next(_numbers)}", "station_id": station_id, "rider_id": rider_id,
        "company_id": None, "who": "rider", "people": 1, "label": "", "way": "poster",
        "purpose": "water", "received_at": now, "recorder_id": None, "mark": None,
        "distance_m": None, "latitude": None, "longitude": None,
        "at": at if isinstance(at, datetime) else now + timedelta(minutes=at),
    }  # fmt: skip
    return CheckInDraft(**(values | columns))


@pytest.fixture
def stations(session: Session) -> StationRows:
    return StationRows(session)
