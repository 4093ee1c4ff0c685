"""The five roles in words: what they are, and what earns in each."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.blueprints.points.forms import FIVE_ROLES
from app.blueprints.stars.models import What


@dataclass(frozen=True)
class RoleWords:
    """A role: its name in the data, on the screen, an icon of the sprite, and how it is earned."""

    called: str
    name: Any
    icon: str
    how: Any


def _role(key: str, icon: str, how: Any) -> RoleWords:
    called, name = FIVE_ROLES[key]
    return RoleWords(called, name, icon, how)


ROLES = (
    _role(
        "inspector", "eye",
        _l("Report what the city looks like: rubbish, broken lamps, cluttered pavements."),
    ),
    _role(
        "safety", "hard-hat",
        _l("Report dangers: blocked fire lanes, loose cables, missing manhole covers."),
    ),
    _role(
        "civility", "handshake",
        _l("Report vehicles parked in the way, and signs and stickers where none may be."),
    ),
    _role(
        "governance", "house",
        _l("Report what disturbs a community: accidents, blocked drains, noise."),
    ),
    _role("party", "users", _l("Help the old and the young, and where neighbours quarrel.")),
)  # fmt: skip
STEPS: dict[What, Any] = {
    What.ROSE: _l("Rose to level %(level)s"),
    What.FELL: _l("Fell to level %(level)s"),
    What.LEFT: _l("Left the leaderboards"),
    What.RETURNED: _l("Returned to the leaderboards"),
}
STEP_ICONS = {
    What.ROSE: "star", What.FELL: "undo-2", What.LEFT: "lock", What.RETURNED: "trophy",
}  # fmt: skip


def step_words(what: What, level: int) -> str:
    """A step of a standing, for its rider."""
    return str(STEPS[what]) % {"level": level}
