"""Commands of the ledger."""

import time
from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from app.blueprints.points.audit import audit, proofs
from app.blueprints.points.default_rules import load_default_rules
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

points = AppGroup("points", help="The ledger of points.")
SAID_EVERY_S = 5.0


@points.command("audit")
@click.option(
    "--month", type=click.DateTime(["%Y-%m"]), help="Only the transfers of a month: 2026-05."
)
def audit_books(month: datetime | None) -> None:
    """Prove the books, saying how far it is; ends with 1 at the first difference."""
    times = _Times()
    which = None if month is None else _bounds(month)
    count = len(proofs(which))
    for number, found in enumerate(audit(db.session(), month=which, progress=times.say), start=1):
        click.echo(f"{number:>2}/{count}  {times.took():7.1f} s  {found.words}", nl=False)
        click.echo("" if found.row is None else f": not so for {found.row}")
        if found.row is not None:
            raise SystemExit(1)
    click.echo("The books are right." if month is None else f"{month:%Y-%m} is right.")


class _Times:
    """Says how far a long proof is, every few seconds."""

    def __init__(self) -> None:
        self._began = self._said = time.monotonic()

    def took(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def say(self, words: str, share: float) -> None:
        """Say it, unless something was said just now."""
        if time.monotonic() - self._said >= SAID_EVERY_S:
            self._said = time.monotonic()
            click.echo(f"       {self.took():7.1f} s  {share:4.0%}  {words}")


def _bounds(month: datetime) -> tuple[datetime, datetime]:
    """A local month's first moment, and that of the next."""
    first = month.replace(day=1, tzinfo=clock.LOCAL)
    return first, (first + timedelta(days=32)).replace(day=1)


@points.command("load-rules")
def load_rules() -> None:
    """Enter the rules to begin with, for what never had one; run twice it changes nothing."""
    with transaction(db.session()):
        count = load_default_rules(db.session(), now=clock.now())
    click.echo(f"{count} rules entered")
