"""What the page for a new report shows: the same for everybody, so that a phone may keep it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import get_locale
from uuid6 import uuid7

from app.blueprints.reports.models import Category
from app.blueprints.reports.queries import categories
from app.extensions import db


def shell_context(
    errors: Mapping[str, Sequence[str]] | None = None, values: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The template's context; `errors` and `values` only when a plain form came back."""
    return {
        "category_groups": _groups(categories(db.session()), str(get_locale())),
        "tiles_url": current_app.config["TILES_URL"],
        "errors": errors or {},
        "values": values or {},
        "key": (values or {}).get("key", "") or (str(uuid7()) if values else ""),
    }


def _groups(found: Sequence[Category], locale: str) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for category in found:
        groups.setdefault(category.group(locale), []).append(
            {
                "code": category.code,
                "name": category.name(locale),
                "condition": category.filing_condition,
            }
        )
    return [{"name": name, "categories": members} for name, members in groups.items()]
