"""Commands of the reports feature."""

import click
from flask.cli import AppGroup

from app.blueprints.reports.services import load_categories
from app.extensions import db
from app.lib.database import transaction

categories = AppGroup("categories", help="The categories of problems.")


@categories.command("load")
def load() -> None:
    """Write the categories that come with the project, or renew them."""
    with transaction(db.session()):
        count = load_categories(db.session())
    click.echo(f"{count} categories")
