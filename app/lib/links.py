"""Links within the application."""

from urllib.parse import urlsplit


def local_path(target: str | None, default: str = "/") -> str:
    """The target if it is a path of ours, else the default: no redirect leaves the site."""
    if not target or len(target) > 500 or not target.startswith("/"):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    if any(ord(character) < 32 for character in target):
        return default
    return target
