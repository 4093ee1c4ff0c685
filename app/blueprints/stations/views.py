"""To be written."""

from flask import Blueprint

bp = Blueprint("stations", __name__)


@bp.get("/stations")
def page() -> str:
    return ""
