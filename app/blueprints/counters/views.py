"""To be written."""

from flask import Blueprint

bp = Blueprint("counter", __name__)


@bp.get("/counter")
def page() -> str:
    return ""
