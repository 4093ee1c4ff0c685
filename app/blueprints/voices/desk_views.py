"""To be written."""

from flask import Blueprint

bp = Blueprint("voices_desk", __name__)
