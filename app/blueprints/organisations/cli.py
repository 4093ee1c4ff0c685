"""Commands of the organisations: the areas of grids, in and out."""

from pathlib import Path
from typing import IO

import click
from flask.cli import AppGroup

from app.blueprints.organisations import area_files
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

areas = AppGroup("areas", help="The areas of grids, by which a place's grid is known.")
MOST_LINES = 20


@areas.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--only", is_flag=True, help="take the areas of all grids that the file lacks")
def load(file: Path, only: bool) -> None:
    """Load areas from a GeoJSON file: all of it, or nothing when a feature is wrong."""
    if file.stat().st_size > area_files.MAX_BYTES:
        raise click.ClickException("The file is too large.")
    try:
        with transaction(db.session()):
            drawn = area_files.read(db.session(), file.read_bytes())
            area_files.load(db.session(), drawn, only=only, now=clock.now())
    except area_files.BadFile as error:
        raise click.ClickException(f"Nothing was loaded.\n{_lines(error.problems)}") from error
    click.echo(f"{len(drawn)} areas")
    if shared := area_files.overlaps(drawn):
        pairs = [f"{first} and {second} overlap" for first, second in shared]
        click.echo(f"What lies in two counts for the grid entered first:\n{_lines(pairs)}")


@areas.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
def export(file: IO[str]) -> None:
    """Write all areas as GeoJSON, to a file or to the screen."""
    for piece in area_files.export(db.session()):
        file.write(piece)


def _lines(problems: tuple[str, ...] | list[str]) -> str:
    more = len(problems) - MOST_LINES
    shown = list(problems[:MOST_LINES]) + ([f"and {more} more"] if more > 0 else [])
    return "\n".join(f"  {line}" for line in shown)
