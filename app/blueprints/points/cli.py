"""Commands of the ledger."""

import time

import click
from flask.cli import AppGroup

from app.blueprints.points.audit import PROOFS, audit
from app.blueprints.points.default_rules import load_default_rules
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

points = AppGroup("points", help="The ledger of points.")


@points.command("audit")
def audit_books() -> None:
    """Prove the books; ends with 1 at the first difference."""
    began = time.monotonic()
    for number, found in enumerate(audit(db.session()), start=1):
        took = time.monotonic() - began
        click.echo(f"{number:>2}/{len(PROOFS)}  {took:7.1f} s  {found.words}", nl=False)
        click.echo("" if found.row is None else f": not so for {found.row}")
        if found.row is not None:
            raise SystemExit(1)
    click.echo("The books are right.")


@points.command("load-rules")
def load_rules() -> None:
    """Enter the rules to begin with, for what never had one; run twice it changes nothing."""
    with transaction(db.session()):
        count = load_default_rules(db.session(), now=clock.now())
    click.echo(f"{count} rules entered")
