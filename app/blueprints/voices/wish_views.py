"""To be written."""

from flask import Blueprint

bp = Blueprint("wishes", __name__)
