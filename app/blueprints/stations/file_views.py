"""To be written."""

from flask import Blueprint

bp = Blueprint("station_files", __name__)
