"""How messages of a kind read and travel."""

from dataclasses import dataclass
from typing import Any

DAY_S = 86_400


@dataclass(frozen=True)
class Kind:
    """A text with places for what is in the notification's data, an icon of the sprite, and a
    tone that is a class of `.status`.

    `urgency` and `ttl_s` are those of RFC 8030, 5.3 and 5.2. A critical kind passes quiet hours
    and goes by SMS too where no phone takes pushes; it cannot be switched off. One that replaces
    takes the place of the one of its kind and address that is on the screen.
    """

    text: Any
    icon: str
    tone: str = "going"
    topic: str = "cases"
    urgency: str = "normal"
    ttl_s: int = 3 * DAY_S
    critical: bool = False
    replaces: bool = False
