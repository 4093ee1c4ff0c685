"""To be written."""

from flask import Blueprint

bp = Blueprint("station_desk", __name__)


@bp.get("/stations/desk")
def listed() -> str:
    return ""
