"""To be written."""

from flask import Blueprint

bp = Blueprint("counter", __name__)
