"""A production start refuses what is not safe, and says what to do."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask, request

from app import config
from app.blueprints.badges.issuer_keys import make as make_key
from app.blueprints.deliveries import vapid
from app.config import ConfigurationError
from app.lib import clock
from tests.conftest import MakeApp

GOOD = {
    "SECRET_KEY": "s" * 48,
    "DATABASE_URL": "postgresql://db/starknight",
    "SMS_GATEWAY_URL": "https://sms.example/send",
    "SMS_GATEWAY_TOKEN": "token",
    "VAPID_SUBJECT": "mailto:operator@example.com",
}
SECRETS = tuple(GOOD)


@pytest.fixture(autouse=True)
def issuer_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an issuer key, as the environment of each start here names it."""
    now = clock.now()
    make_key(tmp_path / "issuer-keys", signs_from=now, now=now)
    monkeypatch.setitem(GOOD, "ISSUER_KEYS_FOLDER", str(tmp_path / "issuer-keys"))
    return tmp_path / "issuer-keys"


@pytest.fixture(autouse=True)
def vapid_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key for push services, as the environment of each start here names it."""
    path = tmp_path / "vapid-key.pem"
    vapid.make(path)
    monkeypatch.setitem(GOOD, "VAPID_KEY", str(path))
    return path


def test_without_a_vapid_key_it_refuses_and_says_how_to_make_one(vapid_key: Path) -> None:
    vapid_key.unlink()
    with pytest.raises(ConfigurationError, match="flask push make-key"):
        config.load(GOOD)


def test_an_address_that_nobody_reads_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="VAPID_SUBJECT"):
        config.load(GOOD | {"VAPID_SUBJECT": "operator@example.com"})


def test_with_all_it_needs_it_starts() -> None:
    settings = config.load(GOOD)
    assert settings["PRODUCTION"] is True
    assert settings["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://db/starknight"


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_without_one_it_refuses_and_says_how_to_make_it(name: str, how: str) -> None:
    environment = GOOD | {name: ""} if how == "empty" else _without(name)
    with pytest.raises(ConfigurationError, match=name) as caught:
        config.load(environment)
    assert "flask secrets make" in str(caught.value)


def _without(name: str) -> Mapping[str, str]:
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.parametrize("word", ["", "production", "PRODUCTION", "staging", "dev"])
def test_anything_but_development_is_production(word: str) -> None:
    environment = {"STAR_KNIGHT_ENV": word} if word else {}
    with pytest.raises(ConfigurationError):
        config.load(environment)


def test_without_an_issuer_key_it_refuses_and_names_the_command(issuer_keys: Path) -> None:
    for file in issuer_keys.iterdir():
        file.unlink()
    with pytest.raises(ConfigurationError, match=str(issuer_keys)) as caught:
        config.load(GOOD)
    assert "flask badges make-key" in str(caught.value)


def test_a_font_that_is_not_there_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="PDF_FONT"):
        config.load(GOOD | {"PDF_FONT": str(tmp_path / "none.ttf")})


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="too short"):
        config.load(GOOD | {"SECRET_KEY": "short"})


def test_development_needs_nothing(tmp_path: Path) -> None:
    settings = config.load({"STAR_KNIGHT_ENV": "development", "DATA_FOLDER": str(tmp_path)})
    assert settings["PRODUCTION"] is False
    assert settings["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'starknight.db'}"


def test_the_command_makes_secrets_that_a_start_takes(app: Flask) -> None:
    runner = app.test_cli_runner()
    made = [runner.invoke(args=["secrets", "make"]).output for _time in range(2)]
    assert made[0] != made[1]
    lines = dict(line.split("=", 1) for line in made[0].splitlines())
    assert config.load(GOOD | lines)["SECRET_KEY"] == lines["SECRET_KEY"]


def test_cookies_in_production_stay_on_this_host_and_https(make: MakeApp) -> None:
    settings = config.load(GOOD)
    chosen = {key: settings[key] for key in settings if key.startswith("SESSION_COOKIE")}
    client = make(PRODUCTION=True, **chosen).test_client()
    answer = client.post("/sign-in", data={"phone": "13800000000"}, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]


def test_a_forwarded_address_counts_only_behind_a_proxy(make: MakeApp) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9"}
    for proxies, address in (("0", "127.0.0.1"), ("1", "203.0.113.9")):
        app = make(TRUSTED_PROXIES=int(proxies))
        seen: list[str | None] = []
        app.before_request(lambda seen=seen: seen.append(_address()))
        app.test_client().get("/healthz", headers=forged)
        assert seen == [address]


def _address() -> str | None:
    return request.remote_addr
