"""What travels: its size, its form, and who it says that it comes from."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.deliveries import vapid
from app.blueprints.deliveries.outcome import MAX_WAIT_S, What, of_answer
from app.blueprints.deliveries.payload import MAX_BYTES, SHORT_BYTES, Letter, payload
from app.blueprints.deliveries.sender import Push, encrypted
from app.blueprints.deliveries.vapid import NoVapidKey, Tokens
from tests.support.push_service import Browser

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
SITE = "https://star.example"
words = st.text(max_size=60)


@given(words, st.text(max_size=3_000), st.booleans())
def test_whatever_the_text_it_fits_and_is_a_declarative_message(
    title: str, text: str, short: bool
) -> None:
    letter = Letter(title, text, "/reports/1", "n1", "打开", "不再提醒", "reports", 1, 5)
    content = payload(letter, site=SITE, locale="zh_Hans", short=short)
    assert len(content) <= (SHORT_BYTES if short else MAX_BYTES) or len(title.encode()) > 100
    found = json.loads(content)
    shown = found["notification"]
    assert found["web_push"] == 8030
    assert (shown["title"], shown["tag"]) == (title, "n1")
    assert shown["navigate"] == f"{SITE}/messages/1/open"
    assert text.startswith(shown["body"].removesuffix("…"))
    assert all(one["navigate"].startswith(SITE) for one in shown.get("actions", []))


def test_the_largest_stays_below_what_services_take() -> None:
    browser = Browser(f"{SITE}/push/1")
    letter = Letter("题" * 60, "长" * 1_000, "/x" * 90, "n1", "打开", "不再提醒这类", "reports", 1)
    content = payload(letter, site=SITE, locale="zh_Hans")
    push = Push(browser.endpoint, SITE, browser.p256dh, browser.auth, content, 60, "low", "n1")
    body = encrypted(push)
    assert len(body) < 2_744
    assert browser.decrypt(body)["notification"]["body"].endswith("…")


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        (None, 0), ("", 0), ("30", 30), (" 30 ", 30), ("-1", 0), ("soon", 0), ("٣", 0),
        ("99999999999999999999", MAX_WAIT_S),
        ("Wed, 25 Nov 2026 04:01:00 GMT", 60), ("Wed, 25 Nov 2026 03:00:00 GMT", 0),
    ],
)  # fmt: skip
def test_how_long_a_service_asks_us_to_wait(retry_after: str | None, seconds: float) -> None:
    found = of_answer(503, retry_after, now=NOW)
    assert (found.what, found.wait_s) == (What.WAIT, seconds)


def test_a_token_is_kept_and_made_anew_in_time_and_when_the_clock_changes(tmp_path: Path) -> None:
    key = vapid.make(tmp_path / "key.pem")
    tokens = Tokens(key, "mailto:operator@example.com")

    def token(hours: float, origin: str = "https://a.example") -> str:
        return tokens.authorization(origin, now=NOW + timedelta(hours=hours))

    first = token(0)
    assert first.endswith(f", k={key.public}")
    assert token(10.9) == first
    assert token(0, "https://b.example") != first
    renewed = token(11.1)
    assert renewed != first
    assert token(2) != renewed, "the clock was set back"
    claims = jwt.decode(
        first.split("t=")[1].split(",")[0], key.private_key.public_key(), algorithms=["ES256"],
        audience="https://a.example", options={"verify_exp": False},
    )  # fmt: skip
    assert claims["sub"] == "mailto:operator@example.com"
    assert claims["exp"] == (NOW + timedelta(hours=12)).timestamp()


def test_a_key_is_its_owners_alone_and_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keys/key.pem"
    with pytest.raises(NoVapidKey, match="flask push make-key"):
        vapid.load(path)
    key = vapid.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        vapid.make(path)
    assert vapid.load(path).id == key.id
    path.write_text("no key")
    with pytest.raises(NoVapidKey, match="holds no VAPID key"):
        vapid.load(path)
