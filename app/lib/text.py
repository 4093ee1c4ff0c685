"""Text as people type it."""

import re
import unicodedata

MOST_STARS = 2
# Overrides and isolates of writing direction can make a text read as what it is not.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: object) -> str:
    """Text as people mean it: composed, without control and direction-override characters."""
    if not isinstance(text, str):
        return ""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", _DIRECTION.sub("", "".join(kept))).strip()


def masked_name(name: str) -> str:
    """A name with all but its first character hidden: 王小明 -> 王**."""
    name = name.strip()
    return name[:1] + "*" * min(max(len(name) - 1, 0), MOST_STARS)
