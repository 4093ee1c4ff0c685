"""Commands of the cases."""

import click
from flask.cli import AppGroup

from app.blueprints.cases.earning import book
from app.blueprints.cases.placing import place_some
from app.blueprints.cases.settings_templates import load_templates
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

cases = AppGroup("cases", help="What the centre works with.")


@cases.command("load-templates")
def load() -> None:
    """Add the answer templates that come with the project; those there are stay as they are."""
    with transaction(db.session()):
        count = load_templates(db.session())
    click.echo(f"{count} templates added")


@cases.command("place")
def place() -> None:
    """Find the grid of reports that were filed before the areas were loaded."""
    placed, after = 0, 0
    while True:
        with transaction(db.session()):
            count, further = place_some(db.session(), after)
        placed += count
        if further is None:
            break
        after = further
    click.echo(f"{placed} reports placed")


@cases.command("book-points")
def book_points() -> None:
    """Tell the ledger of cases that were closed before there was one; run twice it changes
    nothing. The worker pays them."""
    after: int | None = 0
    while after is not None:
        with transaction(db.session()):
            after = book(db.session(), after=after, now=clock.now())
    click.echo("every case is told of")
