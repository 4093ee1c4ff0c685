"""To be written."""

from flask import Blueprint

bp = Blueprint("coverage", __name__)


@bp.get("/stations/coverage")
def page() -> str:
    return ""
