"""An announcement for whoever was told."""

from flask import Blueprint, render_template

from app.access import actor, signed_in
from app.blueprints.announcements import queries
from app.extensions import db

bp = Blueprint("announcement_reading", __name__, url_prefix="/announcements")


@bp.get("/<int:announcement_id>/read")
@signed_in
def read(announcement_id: int) -> str:
    """Its words, or that it was taken back."""
    announcement = queries.told(db.session(), actor(), announcement_id)
    return render_template("announcements/read.html", announcement=announcement)
