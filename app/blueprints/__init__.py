"""The features. A feature's views and background jobs register here and nowhere else."""

from importlib import import_module
from types import ModuleType

from flask import Flask

from app.lib.routes import RowId

PAGES = (
    "accounts.views",
    "announcements.reading_views",
    "announcements.views",
    "audit.views",
    "badges.desk_views",
    "badges.views",
    "badges.well_known_views",
    "cases.appraisal_views",
    "cases.desk_views",
    "cases.double_views",
    "cases.export_views",
    "cases.field_views",
    "cases.map_views",
    "cases.news_views",
    "cases.photo_views",
    "cases.rider_views",
    "cases.settings_absence_views",
    "cases.settings_limit_views",
    "cases.settings_template_views",
    "cases.settings_views",
    "cases.step_views",
    "counters.duty_views",
    "counters.views",
    "deliveries.desk_views",
    "deliveries.views",
    "fairness.rider_views",
    "fairness.views",
    "gates.barrier_views",
    "gates.compound_log_views",
    "gates.compound_views",
    "gates.gate_desk_views",
    "gates.gate_views",
    "gates.map_views",
    "gates.place_views",
    "gates.rider_views",
    "home.health",
    "home.views",
    "insight.coverage_views",
    "insight.figure_views",
    "notifications.settings_views",
    "notifications.views",
    "points.budget_views",
    "points.rule_views",
    "points.views",
    "pwa.views",
    "reports.views",
    "rewards.conflict_views",
    "rewards.desk_views",
    "rewards.picture_views",
    "rewards.shop_views",
    "rewards.stock_views",
    "rewards.supplier_views",
    "rewards.voucher_views",
    "stars.views",
    "stations.desk_views",
    "stations.edit_views",
    "stations.file_views",
    "stations.picture_views",
    "stations.poster_views",
    "stations.views",
    "sync.views",
    "tasks.rider_views",
    "tasks.check_views",
    "tasks.desk_views",
    "tasks.write_views",
    "visits.views",
    "voices.desk_views",
    "voices.rating_views",
    "voices.wish_views",
)
"""Modules with a blueprint `bp`."""
SETUPS = ("accounts.session", "cases.deadline_view")
"""Modules with an `init_app` of their own."""
JOBS = (
    "accounts.jobs",
    "badges.jobs",
    "cases.jobs",
    "gates.jobs",
    "points.jobs",
    "stars.jobs",
    "photos.jobs",
    "cases.double_jobs",
    "announcements.jobs",
    "deliveries.jobs",
    "rewards.jobs",
    "visits.jobs",
    "insight.jobs",
    "tasks.jobs",
    "fairness.jobs",
)
READINGS = (
    "cases.earned_shown",
    "badges.stars_shown",
    "gates.group_names",
    "rewards.redeemed_shown",
    "stars.hearing",
    "tasks.earned_shown",
    "visits.earned_shown",
    "voices.reading",
)
"""What a lower feature reads of a higher one, without knowing it."""


def init_app(app: Flask) -> None:
    """Register every feature's pages and jobs."""
    app.url_map.converters["int"] = RowId
    for name in SETUPS:
        _module(name).init_app(app)
    for name in PAGES:
        app.register_blueprint(_module(name).bp)
    for name in (*JOBS, *READINGS):  # importing one registers what is in it
        _module(name)


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name}")
