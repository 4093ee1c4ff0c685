"""Commands of the badges: making, listing and dropping issuer keys."""

from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from app.blueprints.badges import issuer_keys
from app.blueprints.badges.issuer_keys import BadKeyFile, IssuerKey, IssuerKeys, MayNotGo
from app.blueprints.badges.terms import terms_of
from app.lib import clock

badges = AppGroup("badges", help="The keys that sign badges.")
OVERLAP_HOURS = 24
"""Gates that were offline for less know a new key before they meet what it signed."""


def _keys() -> IssuerKeys:
    try:
        return issuer_keys.load(current_app.config["ISSUER_KEYS_FOLDER"])
    except BadKeyFile as error:
        raise click.ClickException(str(error)) from error


@badges.command("make-key")
@click.option("--if-none", is_flag=True, help="do nothing when there is a key already")
@click.option(
    "--signs-after",
    type=click.IntRange(0, 24 * 30),
    metavar="HOURS",
    help=f"hours until the key signs; it is published at once  [default: {OVERLAP_HOURS}; "
    "0 for the first key]",
)
def make_key(if_none: bool, signs_after: int | None) -> None:
    """Make a key. Keep a copy of its file apart from the database's backups."""
    held = _keys().keys
    if if_none and held:
        return
    hours = (OVERLAP_HOURS if held else 0) if signs_after is None else signs_after
    now = clock.now()
    key = issuer_keys.make(
        current_app.config["ISSUER_KEYS_FOLDER"], signs_from=now + timedelta(hours=hours), now=now
    )
    click.echo(f"key {key.kid} signs from {_moment(key.signs_from)}: {key.path}")


@badges.command("keys")
def list_keys() -> None:
    """List the keys: kid, from when on it signs, its state, and from when on it may go."""
    keys, now = _keys(), clock.now()
    longest = terms_of(current_app.config).longest
    rows = [
        (
            str(key.kid),
            _moment(key.signs_from),
            _state(keys, key, now),
            _may_go(keys, key, longest, now),
        )
        for key in keys.keys
    ]
    for kid, since, state, may_go in [("kid", "signs from", "state", "may go"), *rows]:
        click.echo(f"{kid:>5}  {since:<20}  {state:<8}  {may_go}")


def _state(keys: IssuerKeys, key: IssuerKey, now: datetime) -> str:
    if key.signs_from > now:
        return "waiting"
    return "signing" if keys.signing(now) == key else "retired"


def _may_go(keys: IssuerKeys, key: IssuerKey, longest: timedelta, now: datetime) -> str:
    moment = now if key.signs_from > now else keys.may_go(key, longest)
    if moment is None:
        return "when another key has followed"
    return "now" if moment <= now else _moment(moment)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@badges.command("drop-key")
@click.argument("kid", type=click.IntRange(0, issuer_keys.MAX_KID))
@click.option("--compromised", is_flag=True, help="others may know it: end all that it signed")
def drop_key(kid: int, compromised: bool) -> None:
    """Delete a key. Refuses while something that it signed may still be valid."""
    _keys()
    try:
        gone = issuer_keys.drop(
            current_app.config["ISSUER_KEYS_FOLDER"],
            kid,
            longest=terms_of(current_app.config).longest,
            compromised=compromised,
            now=clock.now(),
        )
    except MayNotGo as error:
        raise click.ClickException(str(error)) from error
    for key in gone:
        click.echo(f"dropped {key.path.name}")
