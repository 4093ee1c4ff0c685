"""Commands of the demo district: load it, and say which accounts to try."""

import random
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges import issuer_keys
from app.blueprints.cases.earning import book
from app.blueprints.cases.settings_templates import load_templates
from app.blueprints.demo.announcements import build_announcements
from app.blueprints.demo.areas import build_areas
from app.blueprints.demo.badges import build_badges
from app.blueprints.demo.district import build_district
from app.blueprints.demo.faces import build_portraits
from app.blueprints.demo.fairness import leave_a_few
from app.blueprints.demo.gates import build_gates, build_plan
from app.blueprints.demo.history import build_history
from app.blueprints.demo.passes import build_passes
from app.blueprints.demo.people import ACCOUNTS, build_people
from app.blueprints.demo.pictures import build_pictures
from app.blueprints.demo.rewards import build_rewards
from app.blueprints.demo.routing import build_rules
from app.blueprints.demo.stations import build_stations
from app.blueprints.demo.tasks import build_tasks
from app.blueprints.demo.visits import build_visits
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.photos.store import photo_storage
from app.blueprints.points.default_rules import load_default_rules
from app.blueprints.reports.services import load_categories
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

demo = AppGroup("demo", help="A synthetic district to try things in; never in production.")


@demo.command("load")
@click.option("--seed", default=2026, show_default=True, help="the same seed, the same district")
@click.option("--if-empty", is_flag=True, help="do nothing when there is a district already")
def load(seed: int, if_empty: bool) -> None:
    """Build the district: organisations, people, a year of reports with pictures."""
    if current_app.config["PRODUCTION"]:
        raise click.ClickException("The demo district is not for production.")
    session = db.session()
    if session.scalar(select(Organisation.id).limit(1)) is not None:
        if if_empty:
            return
        raise click.ClickException("There is data already; the demo needs an empty database.")
    chance, now = random.Random(seed), clock.now()
    # Drawing is slow, so before the transaction.
    photos, faces = build_pictures(photo_storage(), chance), build_portraits(photo_storage())
    plan = build_plan(photo_storage())
    keys = issuer_keys.load(current_app.config["ISSUER_KEYS_FOLDER"])
    with transaction(session):
        load_categories(session)
        district = build_district(session, chance)
        build_areas(session, district, now)
        build_rules(session, district, now)
        load_templates(session)
        people = build_people(session, district, chance, now)
        count = build_history(session, people, photos, chance, now)
        gates = build_gates(session, district, plan, now)
        holders = build_badges(session, people, faces, now)
        passes = build_passes(session, gates, holders, chance, now)
        build_announcements(session, chance, now)
        stations = build_stations(session, district, chance, now)
        _book(session, now)
        leave_a_few(session)
        visits = build_visits(session, stations, people.riders, people.host, chance, now)
        worker = people.verifiers[district.of(Kind.GRID)[0]]
        tasks = build_tasks(session, people, stations, photos[1], worker, now)
        vouchers = build_rewards(session, photo_storage(), people, stations, keys, chance, now)
    click.echo(
        f"{len(district.ids)} organisations, {len(people.riders)} riders, {count} reports, "
        f"{passes} passes, {len(stations)} stations, {visits} check-ins, "
        f"{tasks} tasks, {vouchers} vouchers"
    )


def _book(session: Session, now: datetime) -> None:
    """The rules to begin with, and what they pay for the year: the worker does that."""
    load_default_rules(session, now=now)
    after: int | None = 0
    while after is not None:
        after = book(session, after=after, now=now)


@demo.command("accounts")
@click.option("--port", default=8000, show_default=True)
def accounts(port: int) -> None:
    """Print the address and the accounts to try."""
    click.echo(f"\n  Star Knight 星骑士: http://127.0.0.1:{port}\n")
    for account in ACCOUNTS:
        click.echo(f"  {account.shown_phone}  {account.role.value:<16} {account.use}")
    click.echo("\n  While developing, the sign-in page itself shows the code.\n")
