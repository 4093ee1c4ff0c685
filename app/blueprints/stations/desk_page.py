"""What the views of the desk of stations share."""

from collections.abc import Mapping

from app.blueprints.stations.desk_queries import STATES, DeskFilter
from app.blueprints.stations.homes import Homes, NoSuchHome
from app.lib.text import clean

MAX_TEXT = 40


def wanted_filter(said: Mapping[str, str], homes: Homes) -> DeskFilter:
    """The filter of a query or a form; what it does not know counts as nothing."""
    state = said.get("state", "")
    try:
        area = homes.area(f"#{said['area']}") if said.get("area") else None
    except NoSuchHome:
        area = None
    return DeskFilter(
        clean(said.get("q", ""))[:MAX_TEXT], area, state if state in STATES else ""
    )  # fmt: skip


def filter_args(wanted: DeskFilter) -> dict[str, str]:
    """The same as arguments of a path."""
    found = {
        "q": wanted.text, "area": str(wanted.area.id) if wanted.area else "",
        "state": wanted.state,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
