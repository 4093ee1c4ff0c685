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


def whole_number(text: str | None, most: int) -> int | None:
    """A number above zero of plain digits, as it stands in an address or a hidden field; None for
    anything else and for one above `most`."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    return int(text) if 0 < int(text) <= most else None


def masked_name(name: str) -> str:
    """A name with all but its first character hidden: 王小明 -> 王**."""
    name = name.strip()
    return name[:1] + "*" * min(max(len(name) - 1, 0), MOST_STARS)
