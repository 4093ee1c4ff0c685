"""Commands of pushes: making the VAPID key."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.blueprints.deliveries import vapid

push = AppGroup("push", help="The key that push services know us by.")


@push.command("make-key")
@click.option("--if-none", is_flag=True, help="do nothing when there is a key already")
def make_key(if_none: bool) -> None:
    """Make the VAPID key. With another key every phone must subscribe anew, which it does by
    itself when its person next opens the app."""
    path = current_app.config["VAPID_KEY"]
    if if_none and path.exists():
        return
    try:
        key = vapid.make(path)
    except FileExistsError as error:
        raise click.ClickException(
            f"There is a key at {path}. Move it away first; phones then subscribe anew."
        ) from error
    click.echo(f"VAPID key {key.id}: {path}")
