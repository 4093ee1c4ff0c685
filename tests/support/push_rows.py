"""People with a phone each, and a critical message for each: nobody's night holds it back."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert

from app.blueprints.accounts.models import Device, User
from app.blueprints.deliveries.models import Subscription
from app.blueprints.deliveries.terms import terms_of
from app.blueprints.notifications.models import Notification
from app.extensions import db
from app.lib import clock
from app.lib.database import Base, table_of, transaction
from tests.support.push_service import Browser


def write_people(app: Flask, origin: str, first: int, end: int) -> None:
    """Those with the ids from `first` to before `end`, in one transaction."""
    with transaction(db.session()):
        for model, rows in _rows(app, origin, range(first, end)).items():
            db.session.execute(insert(table_of(model)), rows)


def _rows(app: Flask, origin: str, ids: range) -> dict[type[Base], list[dict[str, Any]]]:
    now, browser, key = clock.now(), Browser(origin), terms_of(app.config).key
    phone = {
        "origin": origin, "p256dh": browser.p256dh, "auth": browser.auth, "key_id": key.id,
        "site": "https://x.example", "locale": "zh_Hans", "created_at": now, "confirmed_at": now,
    }  # fmt: skip
    device = {
        "secret_hash": "x", "label": "x", "created_at": now, "last_seen_at": now,
        "expires_at": now + timedelta(days=1),
    }  # fmt: skip
    told = {
        "kind": "badge_suspended", "data": {"reason": "x"}, "url": "/badge", "created_at": now,
    }  # fmt: skip
    return {
        User: [{"id": n, "name": f"P{n}", "created_at": now} for n in ids],
        Device: [{"id": n, "user_id": n, **device} for n in ids],
        Subscription: [
            {
                "id": n, "user_id": n, "device_id": n, "endpoint": f"{origin}/push/{n}",
                "endpoint_hash": str(n), **phone,
            }
            for n in ids
        ],
        Notification: [{"id": n, "user_id": n, **told} for n in ids],
    }  # fmt: skip
