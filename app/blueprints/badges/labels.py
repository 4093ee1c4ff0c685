"""What a guard reads aloud: the company and the rider's masked name, in 12 bytes of UTF-8."""

from app.blueprints.badges.codec import LABEL_BYTES

MOST_STARS = 2


def masked_name(name: str) -> str:
    """A name with all but its first character hidden: 王小明 -> 王**."""
    name = name.strip()
    return name[:1] + "*" * min(max(len(name) - 1, 0), MOST_STARS)


def badge_label(company: str, name: str) -> str:
    """The label of a credential: as much of the company as there is room for, then the name.

    飞速配送, 王小明 -> 飞速王**
    """
    masked = masked_name(name)
    room = LABEL_BYTES - len(masked.encode())
    short = company.strip().encode()[:room].decode(errors="ignore").rstrip()
    return short + masked
