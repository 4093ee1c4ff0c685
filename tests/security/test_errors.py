"""An error is a page, a fragment or JSON, whichever was asked for, in the person's language."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import MakeApp

JSON, HTML = {"Accept": "application/json"}, {"Accept": "text/html,*/*;q=0.8"}


def test_as_a_page(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers=HTML)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "<!doctype html>" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_as_a_fragment(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_page_restored_from_history_is_whole(client: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/nowhere", headers=headers).text


def test_as_json(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers=JSON)
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"
    assert answer.json["error"]["message"]
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-Id"]


def test_the_outboxs_calls_are_always_answered_in_json(rider: FlaskClient) -> None:
    for url in ("/sync/nowhere", "/sync/items", "/sync/photos/x"):
        answer = rider.get(url, headers=HTML)
        assert answer.status_code in (404, 405)
        assert answer.json["error"]["code"] in ("not_found", "method_not_allowed")


@pytest.mark.parametrize(("lang", "words"), [("en", "There is nothing here"), ("zh_Hans", "没有")])
def test_in_the_persons_language(client: FlaskClient, lang: str, words: str) -> None:
    client.set_cookie("lang", lang)
    assert words in client.get("/nowhere").text


def test_signed_out_a_page_leads_to_the_sign_in_and_a_fragment_does_not(
    client: FlaskClient,
) -> None:
    assert client.get("/me").status_code == 302
    assert client.get("/me", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/me", headers=JSON).status_code == 401
    assert client.post("/sign-out").status_code == 401


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT"])
def test_a_method_that_is_not_there(rider: FlaskClient, method: str) -> None:
    assert rider.open("/reports", method=method).status_code == 405


def test_a_crash_is_said_plainly_in_each_form(make: MakeApp) -> None:
    app = make(PROPAGATE_ERRORS=False, TESTING=False)
    app.add_url_rule("/crash", view_func=lambda: 1 / 0)
    client = app.test_client()
    page, fragment, data = (
        client.get("/crash", headers=headers) for headers in (HTML, {"HX-Request": "1"}, JSON)
    )
    assert page.status_code == fragment.status_code == data.status_code == 500
    assert data.json["error"]["code"] == "server_error"
    assert "<html" in page.text
    assert "<html" not in fragment.text


def test_words_from_outside_are_escaped(client: FlaskClient) -> None:
    answer = client.get("/<script>alert(1)</script>")
    assert "<script>alert" not in answer.text
