"""The features. A feature's views and background jobs register here and nowhere else."""

from importlib import import_module

from flask import Flask

from app.lib.routes import RowId

JOBS = (
    "app.blueprints.accounts.jobs",
    "app.blueprints.badges.jobs",
    "app.blueprints.photos.jobs",
)


def init_app(app: Flask) -> None:
    """Register every feature's pages and jobs."""
    from app.blueprints.accounts import session
    from app.blueprints.accounts.views import bp as accounts
    from app.blueprints.badges.views import bp as badges
    from app.blueprints.badges.well_known_views import bp as sk1
    from app.blueprints.gates.gate_views import bp as gate
    from app.blueprints.home.health import bp as health
    from app.blueprints.home.views import bp as home
    from app.blueprints.pwa.views import bp as pwa
    from app.blueprints.reports.intake_views import bp as intake
    from app.blueprints.reports.views import bp as reports
    from app.blueprints.sync.views import bp as sync

    app.url_map.converters["int"] = RowId
    session.init_app(app)
    for blueprint in (accounts, badges, sk1, gate, health, home, pwa, reports, intake, sync):
        app.register_blueprint(blueprint)
    for module in JOBS:  # importing one registers its jobs
        import_module(module)
