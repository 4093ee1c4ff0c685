"""Commands of the stars."""

import click
from flask.cli import AppGroup

from app.blueprints.stars.recount import recount
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

stars = AppGroup("stars", help="Star levels and leaderboards.")


@stars.command("recount")
def recount_all() -> None:
    """Write sums and levels of all riders anew from what they were paid for."""
    session, last = db.session(), 0
    while True:
        with transaction(session):
            done = recount(session, after=last, now=clock.now())
        if done is None:
            break
        last = done
        click.echo(f"up to rider {last}")
    click.echo("Stars are counted anew.")
