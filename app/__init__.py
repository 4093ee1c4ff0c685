"""Star Knight: what riders, gates, stations and the centre share."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    access,
    assets,
    blueprints,
    cli,
    config,
    errors,
    extensions,
    i18n,
    logs,
    queue,
    security,
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured from the environment, then by `overrides`."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(config.load() | dict(overrides or {}))
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]
    logs.init_app(app)
    assets.init_app(app)
    extensions.init_app(app)
    i18n.init_app(app)
    security.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    queue.init_app(app)
    blueprints.init_app(app)
    cli.init_app(app)
    return app
