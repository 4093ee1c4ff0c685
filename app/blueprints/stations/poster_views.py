"""To be written."""

from flask import Blueprint

bp = Blueprint("station_posters", __name__)
