"""Settings, read from the environment once, checked at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY", "DATABASE_URL", "SMS_GATEWAY_URL", "SMS_GATEWAY_TOKEN", "VAPID_SUBJECT",
)  # fmt: skip
MIN_SECRET_LENGTH = 32


class ConfigurationError(RuntimeError):
    """The environment does not allow a safe start; the message says what to do."""


@dataclass(frozen=True)
class Environment:
    """Which kind of start this is, and where the data lies."""

    production: bool
    data_folder: Path


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Flask's configuration from environment variables.

    Raises ConfigurationError when a production start lacks a secret.
    """
    env = os.environ if environ is None else environ
    production = env.get("STAR_KNIGHT_ENV") != "development"  # a word mistyped must not open it
    if production:
        _refuse_without_secrets(env)
    data = Path(env.get("DATA_FOLDER", "instance")).resolve()
    if production:
        _refuse_without_issuer_key(_issuer_keys(env, data))
        _refuse_without_vapid_key(_vapid_key(env, data), env["VAPID_SUBJECT"])
    _refuse_without_font(env.get("PDF_FONT", ""))
    return {
        "PRODUCTION": production,
        "SECRET_KEY": env.get("SECRET_KEY", "" if production else "development-only-not-secret"),
        "DATA_FOLDER": data,
        "SQLALCHEMY_DATABASE_URI": _database_url(env, data),
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(_database_url(env, data)),
        "PHOTO_FOLDER": Path(env.get("PHOTO_FOLDER", str(data / "photos"))).resolve(),
        "QUEUE_PATH": data / "queue.db",
        "QUEUE_URL": env.get("QUEUE_URL", ""),
        "VAPID_KEY": _vapid_key(env, data),
        "VAPID_SUBJECT": env.get("VAPID_SUBJECT", "mailto:nobody@localhost.invalid"),
        "PUSH_SERVICES": env.get("PUSH_SERVICES", ""),
        "ISSUER_KEYS_FOLDER": _issuer_keys(env, data),
        "BADGE_LIVE_HOURS": int(env.get("BADGE_LIVE_HOURS", "72")),
        "BADGE_PRINTED_DAYS": int(env.get("BADGE_PRINTED_DAYS", "28")),
        "PDF_FONT": env.get("PDF_FONT", ""),
        "PASS_RETENTION_DAYS": int(env.get("PASS_RETENTION_DAYS", "90")),
        "VISIT_PLACE_DAYS": int(env.get("VISIT_PLACE_DAYS", "90")),
        "SMS_GATEWAY_URL": env.get("SMS_GATEWAY_URL", ""),
        "SMS_GATEWAY_TOKEN": env.get("SMS_GATEWAY_TOKEN", ""),
        "TILES_URL": env.get("TILES_URL", ""),
        "TRUSTED_PROXIES": int(env.get("TRUSTED_PROXIES", "0")),
        "RATELIMIT_STORAGE_URI": env.get("RATELIMIT_STORAGE_URI", "memory://"),
        "RATELIMIT_ENABLED": env.get("RATELIMIT_ENABLED", "1") == "1",
        "RATELIMIT_HEADERS_ENABLED": True,
        "PROPAGATE_ERRORS": False,
        "MAX_CONTENT_LENGTH": 1 * MIB,
        "MAX_PHOTO_BYTES": 15 * MIB,
        "MAX_FORM_MEMORY_SIZE": 1 * MIB,
        "MAX_FORM_PARTS": 100,
        "SESSION_COOKIE_NAME": "__Host-session" if production else "session",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=90),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "BABEL_DEFAULT_LOCALE": "zh_Hans",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "WTF_CSRF_ENABLED": False,  # fetch metadata instead, so cached shells hold no stale token
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
    }


def _refuse_without_secrets(env: Mapping[str, str]) -> None:
    missing = [name for name in REQUIRED_IN_PRODUCTION if not env.get(name)]
    if missing:
        raise ConfigurationError(
            f"A production start needs {', '.join(missing)}. "
            "`flask secrets make`, run with STAR_KNIGHT_ENV=development, prints new secrets; "
            "docs/operations.md explains the rest. "
            "For development set STAR_KNIGHT_ENV=development."
        )
    if len(env["SECRET_KEY"]) < MIN_SECRET_LENGTH:
        raise ConfigurationError("SECRET_KEY is too short: make one with `flask secrets make`.")


def _issuer_keys(env: Mapping[str, str], data: Path) -> Path:
    return Path(env.get("ISSUER_KEYS_FOLDER", str(data / "issuer-keys"))).resolve()


def _refuse_without_issuer_key(folder: Path) -> None:
    if not any(folder.glob("*.json")):
        raise ConfigurationError(
            f"There is no issuer key for badges in ISSUER_KEYS_FOLDER ({folder}). "
            "`flask badges make-key`, run with STAR_KNIGHT_ENV=development, makes one."
        )


def _vapid_key(env: Mapping[str, str], data: Path) -> Path:
    return Path(env.get("VAPID_KEY", str(data / "vapid-key.pem"))).resolve()


def _refuse_without_vapid_key(path: Path, subject: str) -> None:
    if not path.is_file():
        raise ConfigurationError(
            f"There is no key for push messages at VAPID_KEY ({path}). "
            "`flask push make-key`, run with STAR_KNIGHT_ENV=development, makes one."
        )
    if not subject.startswith(("mailto:", "https://")):
        raise ConfigurationError("VAPID_SUBJECT must be a mailto: or https: address of yours.")


def _refuse_without_font(path: str) -> None:
    if path and not Path(path).is_file():
        raise ConfigurationError(f"PDF_FONT names no file: {path}.")


def _database_url(env: Mapping[str, str], data: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{data / 'starknight.db'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 15}}
    return {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}
