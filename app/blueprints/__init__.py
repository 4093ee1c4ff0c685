"""The features. A feature's views and background jobs register here and nowhere else."""

from importlib import import_module

from flask import Flask

from app.lib.routes import RowId

JOBS = (
    "app.blueprints.accounts.jobs",
    "app.blueprints.badges.jobs",
    "app.blueprints.cases.jobs",
    "app.blueprints.gates.jobs",
    "app.blueprints.photos.jobs",
    "app.blueprints.cases.double_jobs",
)

READINGS = ("app.blueprints.gates.group_names",)
"""What a lower feature reads of a higher one, without knowing it."""


def init_app(app: Flask) -> None:
    """Register every feature's pages and jobs."""
    from app.blueprints.accounts import session
    from app.blueprints.accounts.views import bp as accounts
    from app.blueprints.audit.views import bp as audit
    from app.blueprints.badges.desk_views import bp as riders
    from app.blueprints.badges.views import bp as badges
    from app.blueprints.badges.well_known_views import bp as sk1
    from app.blueprints.cases import deadline_view
    from app.blueprints.cases.appraisal_views import bp as appraisal
    from app.blueprints.cases.desk_views import bp as cases
    from app.blueprints.cases.double_views import bp as doubles
    from app.blueprints.cases.export_views import bp as case_exports
    from app.blueprints.cases.field_views import bp as field
    from app.blueprints.cases.map_views import bp as case_map
    from app.blueprints.cases.news_views import bp as case_news
    from app.blueprints.cases.photo_views import bp as case_photos
    from app.blueprints.cases.rider_views import bp as reporter
    from app.blueprints.cases.settings_absence_views import bp as settings_absences
    from app.blueprints.cases.settings_limit_views import bp as settings_limits
    from app.blueprints.cases.settings_template_views import bp as settings_templates
    from app.blueprints.cases.settings_views import bp as case_settings
    from app.blueprints.cases.step_views import bp as case_steps
    from app.blueprints.gates.barrier_views import bp as api
    from app.blueprints.gates.compound_log_views import bp as compound_log
    from app.blueprints.gates.compound_views import bp as compounds
    from app.blueprints.gates.gate_desk_views import bp as gate_desk
    from app.blueprints.gates.gate_views import bp as gate
    from app.blueprints.gates.map_views import bp as maps
    from app.blueprints.gates.place_views import bp as places
    from app.blueprints.gates.rider_views import bp as passes
    from app.blueprints.home.health import bp as health
    from app.blueprints.home.views import bp as home
    from app.blueprints.notifications.views import bp as notifications
    from app.blueprints.pwa.views import bp as pwa
    from app.blueprints.reports.views import bp as reports
    from app.blueprints.sync.views import bp as sync

    app.url_map.converters["int"] = RowId
    session.init_app(app)
    deadline_view.init_app(app)
    everyone = (
        accounts, api, audit, badges, sk1, case_photos, field, gate, health, home, notifications,
        passes, places, pwa, reporter, reports, sync,
    )  # fmt: skip
    of_cases = (cases, case_steps, case_news, doubles)
    desks = (*of_cases, riders, compounds, compound_log, gate_desk, maps)
    figures = (appraisal, case_exports, case_map)
    settings = (case_settings, settings_absences, settings_templates, settings_limits)
    for blueprint in (*everyone, *desks, *figures, *settings):
        app.register_blueprint(blueprint)
    for module in (*JOBS, *READINGS):  # importing one registers what is in it
        import_module(module)
