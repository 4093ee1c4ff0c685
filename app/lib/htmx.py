"""What htmx asked for."""

from flask import request


def wants_fragment() -> bool:
    """Whether the request comes from htmx and is no full page restored from history."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def wants_json() -> bool:
    """Whether the caller prefers JSON to HTML."""
    if request.path.startswith(("/sync/", "/api/")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
