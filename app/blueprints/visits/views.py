"""To be written."""

from flask import Blueprint

bp = Blueprint("visits", __name__)


@bp.get("/visits")
def listed() -> str:
    return ""
