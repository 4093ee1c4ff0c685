"""To be written."""

from flask import Blueprint

bp = Blueprint("station_desk", __name__)
