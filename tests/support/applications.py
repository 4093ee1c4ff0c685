"""The application as tests run it, and a client that behaves like a browser."""

import os
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from app import create_app
from app.extensions import db
from tests.support.compiled import keep_compiled, share_statements
from tests.support.issuing import ensure_issuer_key, ensure_vapid_key

os.environ["STAR_KNIGHT_ENV"] = "development"
keep_compiled()
SECRET_KEY = "tests-only-" + "0" * 32


def settings(url: str, folder: Path) -> dict[str, Any]:
    """Settings of an application on that database, its files in that folder."""
    sqlite = url.startswith("sqlite")
    options = {"connect_args": {"timeout": 15}} if sqlite else {"pool_size": 4, "max_overflow": 16}
    return {
        "TESTING": True,
        "PRODUCTION": False,
        "SECRET_KEY": SECRET_KEY,
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "DATA_FOLDER": folder,
        "PHOTO_FOLDER": folder / "photos",
        "QUEUE_PATH": folder / "queue.db",
        "ISSUER_KEYS_FOLDER": folder / "issuer-keys",
        "RATELIMIT_ENABLED": False,
        "PROPAGATE_ERRORS": True,
        "VAPID_KEY": folder / "vapid-key.pem",
        "VAPID_SUBJECT": "mailto:tests@example.invalid",
        "SMS_GATEWAY_URL": "",
        "SMS_GATEWAY_TOKEN": "",
    }


class BrowserClient(FlaskClient):
    """Sends what a browser sends with a request from our own pages."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], EnvironBuilder):
            return super().open(*args, **kwargs)
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Sec-Fetch-Site", "same-origin")
        return super().open(*args, headers=headers, **kwargs)


def make_app(url: str, folder: Path, **overrides: Any) -> Flask:
    """An application on that database; its client is a BrowserClient."""
    ensure_issuer_key(folder)
    ensure_vapid_key(folder)
    app = create_app(settings(url, folder) | overrides)
    app.test_client_class = BrowserClient
    with app.app_context():
        share_statements(db.engine)
    return app
