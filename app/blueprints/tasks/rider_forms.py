"""What a rider's plain forms say."""

import math
from collections.abc import Mapping

from flask_babel import gettext as _

from app.blueprints.tasks.terms import MOST_QUESTIONS
from app.errors import Invalid
from app.lib.database import MAX_ROW_ID
from app.lib.geo import Spot
from app.lib.text import whole_number

BOUNDS = {"latitude": 90.0, "longitude": 180.0, "accuracy_m": 1_000_000.0}


def spot_in(form: Mapping[str, str]) -> Spot | None:
    """Where the phone says it is; None if it does not. Raises Invalid."""
    if not form.get("latitude") or not form.get("longitude"):
        return None
    accuracy_m = max(0.0, _number(form, "accuracy_m"))
    return Spot(_number(form, "latitude"), _number(form, "longitude"), accuracy_m)


def _number(form: Mapping[str, str], name: str) -> float:
    try:
        number = float(form.get(name) or 0)
    except ValueError:
        number = math.nan
    if not abs(number) <= BOUNDS[name]:
        raise Invalid({name: [_("That is no number.")]})
    return number


def answers_in(form: Mapping[str, str]) -> tuple[str, ...]:
    """Answers to as many questions as there may be, in their order."""
    return tuple(form.get(f"answer_{number}", "") for number in range(1, MOST_QUESTIONS + 1))


def row_id(text: str | None) -> int | None:
    """The id after which a page begins, as it stands in an address; None for anything else."""
    return whole_number(text, MAX_ROW_ID)
