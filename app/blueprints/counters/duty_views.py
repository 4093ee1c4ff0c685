"""To be written."""

from flask import Blueprint

bp = Blueprint("duties", __name__)
