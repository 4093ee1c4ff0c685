"""Commands of the visits: kept sums written anew, and compared."""

import click
from flask.cli import AppGroup

from app.blueprints.visits import recount
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

visits = AppGroup("visits", help="What is counted of check-ins.")


@visits.command("rebuild")
def rebuild() -> None:
    """Write the visits and the sums of every station anew from the check-ins."""
    session = db.session()
    stations = recount.stations(session)
    for station_id in stations:
        with transaction(session):
            recount.rebuild(session, station_id, now=clock.now())
    click.echo(f"{len(stations)} stations counted anew")


@visits.command("check")
def check() -> None:
    """Compare visits and sums with the check-ins; exits with 1 at the first difference."""
    session = db.session()
    stations = recount.stations(session)
    for station_id in stations:
        session.rollback()
        if session.get_bind().dialect.name == "postgresql":  # SQLite reads one moment anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        for found in recount.differences(session, station_id):
            raise click.ClickException(str(found))
    session.rollback()
    click.echo(f"{len(stations)} stations are as their check-ins say")
