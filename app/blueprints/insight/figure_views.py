"""To be written."""

from flask import Blueprint

bp = Blueprint("figures", __name__)


@bp.get("/stations/figures")
def page() -> str:
    return ""
