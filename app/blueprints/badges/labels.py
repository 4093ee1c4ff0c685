"""What a guard reads aloud: the company and the rider's masked name, in 12 bytes of UTF-8."""

from app.blueprints.badges.codec import LABEL_BYTES
from app.lib.text import masked_name


def badge_label(company: str, name: str) -> str:
    """The label of a credential: as much of the company as there is room for, then the name.

    飞速配送, 王小明 -> 飞速王**
    """
    masked = masked_name(name)
    room = LABEL_BYTES - len(masked.encode())
    short = company.strip().encode()[:room].decode(errors="ignore").rstrip()
    return short + masked
