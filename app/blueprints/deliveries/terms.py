"""The settings of sending, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.blueprints.deliveries import vapid
from app.blueprints.deliveries.endpoints import PushServices
from app.blueprints.deliveries.vapid import VapidKey


@dataclass(frozen=True)
class Terms:
    """Whom we may speak with, as whom, and at whose address they reach us (`mailto:`)."""

    services: PushServices
    key: VapidKey
    subject: str


def terms_of(config: Mapping[str, Any]) -> Terms:
    """Of the application's settings. Raises NoVapidKey."""
    return Terms(
        services_of(config["PUSH_SERVICES"]), vapid.load(config["VAPID_KEY"]),
        config["VAPID_SUBJECT"],
    )  # fmt: skip


@lru_cache(maxsize=8)
def services_of(setting: str) -> PushServices:
    """The services that the setting names."""
    return PushServices.parse(setting)
