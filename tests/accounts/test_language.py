"""Chinese by default; the choice is kept."""

import pytest
from flask.testing import FlaskClient


def _language(client: FlaskClient, url: str = "/sign-in") -> str:
    page = client.get(url).text
    return page.split('<html lang="')[1].split('"')[0]


def test_chinese_by_default(client: FlaskClient) -> None:
    assert _language(client) == "zh-Hans"


def test_the_choice_is_kept(client: FlaskClient) -> None:
    answer = client.post("/language", data={"lang": "en", "back": "/sign-in"})
    assert answer.location == "/sign-in"
    assert _language(client) == "en"
    client.post("/language", data={"lang": "zh_Hans"})
    assert _language(client) == "zh-Hans"


def test_an_address_may_say_the_language(client: FlaskClient) -> None:
    assert _language(client, "/sign-in?lang=en") == "en"


@pytest.mark.parametrize("wanted", ["fr", "", "../../etc", "EN"])
def test_another_language_changes_nothing(client: FlaskClient, wanted: str) -> None:
    answer = client.post("/language", data={"lang": wanted})
    assert "Set-Cookie" not in answer.headers
    assert _language(client, f"/sign-in?lang={wanted}") == "zh-Hans"


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", ""])
def test_the_way_back_stays_here(client: FlaskClient, back: str) -> None:
    assert client.post("/language", data={"lang": "en", "back": back}).location == "/"
