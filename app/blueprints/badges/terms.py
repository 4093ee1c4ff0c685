"""How long what is issued lives, and the secrets and keys that issuing needs: read from the
settings by an edge, handed to services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.blueprints.badges import issuer_keys, short_codes
from app.blueprints.badges.issuer_keys import IssuerKeys


@dataclass(frozen=True)
class Terms:
    """On which terms badges are issued."""

    keys: IssuerKeys
    live: timedelta
    printed: timedelta
    short_secret: bytes

    @property
    def longest(self) -> timedelta:
        """How long something signed now can be valid at most."""
        return max(self.live, self.printed)


def terms_of(config: Mapping[str, Any]) -> Terms:
    """The terms that the settings name."""
    return Terms(
        keys=issuer_keys.load(config["ISSUER_KEYS_FOLDER"]),
        live=timedelta(hours=config["BADGE_LIVE_HOURS"]),
        printed=timedelta(days=config["BADGE_PRINTED_DAYS"]),
        short_secret=short_codes.secret_of(config["SECRET_KEY"]),
    )
