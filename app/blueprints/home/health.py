"""Is the process alive; can it do its work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.extensions import db, limiter

bp = Blueprint("health", __name__)
limiter.exempt(bp)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers and has been migrated."""
    try:
        version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception:
        return jsonify(status="database"), 503
    return (jsonify(status="ok"), 200) if version else (jsonify(status="not migrated"), 503)
