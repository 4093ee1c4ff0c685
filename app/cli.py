"""The commands: `flask secrets make`, `flask badges make-key`, `flask push make-key`,
`flask demo load`, `flask categories load`, `flask serve`."""

import secrets as random_secrets

import click
from flask import Flask
from flask.cli import AppGroup


def init_app(app: Flask) -> None:
    """Register every command."""
    from app.blueprints.badges.cli import badges
    from app.blueprints.cases.cli import cases
    from app.blueprints.deliveries.cli import push
    from app.blueprints.demo.cli import demo
    from app.blueprints.organisations.cli import areas
    from app.blueprints.points.cli import points
    from app.blueprints.reports.cli import categories
    from app.blueprints.stars.cli import stars
    from app.blueprints.visits.cli import visits
    from app.serve import serve

    for command in (
        secrets,
        areas,
        badges,
        cases,
        demo,
        push,
        categories,
        points,
        stars,
        visits,
        serve,
    ):
        app.cli.add_command(command)


secrets = AppGroup("secrets", help="Secrets that a production start needs.")


@secrets.command("make")
def make_secrets() -> None:
    """Print new secrets as lines for an environment file."""
    click.echo(f"SECRET_KEY={random_secrets.token_urlsafe(48)}")
