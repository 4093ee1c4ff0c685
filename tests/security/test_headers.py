"""What every answer carries, and what no page contains."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.support.outbox import filed

PAGES = (
    "/sign-in", "/", "/me", "/sign-out", "/reports", "/reports/new", "/reports/1", "/outbox",
    "/offline", "/install", "/cases", "/cases/1", "/intake/import", "/nowhere", "/sync/whoami",
    "/healthz", "/manifest.webmanifest", "/sw.js",
)  # fmt: skip


@pytest.fixture
def browsers(client: FlaskClient, rider: FlaskClient, dispatcher: FlaskClient) -> list[FlaskClient]:
    """Signed out, a rider with a report, and the centre."""
    filed(rider)
    return [client, rider, dispatcher]


def _policy(header: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in header.split(";"))
    return {name: value for name, _space, value in parts}


@pytest.mark.parametrize("url", PAGES)
def test_every_answer_carries_the_headers(browsers: list[FlaskClient], url: str) -> None:
    for client in browsers:
        headers = client.get(url).headers
        policy = _policy(headers["Content-Security-Policy"])
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert re.fullmatch(r"[A-Za-z0-9-]{8,64}", headers["X-Request-Id"])


@pytest.mark.parametrize("url", PAGES)
def test_no_page_needs_what_the_policy_forbids(browsers: list[FlaskClient], url: str) -> None:
    for client in browsers:
        answer = client.get(url)
        if answer.mimetype != "text/html":
            continue
        scripts = re.findall(r"<script\b([^>]*)>", answer.text)
        for script in scripts:
            assert "src=" in script or 'type="application/json"' in script
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", answer.text)


@pytest.mark.parametrize("url", ["/", "/me", "/reports", "/reports/1", "/sync/whoami"])
def test_what_is_personal_is_kept_nowhere(browsers: list[FlaskClient], url: str) -> None:
    assert browsers[1].get(url).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "url", ["/reports/new", "/outbox", "/offline", "/messages/kept", "/stations"]
)
def test_what_a_phone_keeps_knows_nobody(
    browsers: list[FlaskClient], url: str, rider_person: object
) -> None:
    """The service worker keeps these pages: they are the same bytes for everybody."""
    pages = {client.get(url).data for client in browsers}
    assert len(pages) == 1
    answers = [client.get(url) for client in browsers]
    assert all(answer.headers["Cache-Control"] == "no-cache" for answer in answers)
    assert all("session=" not in answer.headers.get("Set-Cookie", "") for answer in answers)


def test_a_flash_never_gets_into_a_kept_page(rider: FlaskClient, dispatcher: FlaskClient) -> None:
    dispatcher.post(f"/cases/{filed(rider)}/accept")
    for url in ("/reports/new", "/outbox", "/offline", "/messages/kept"):
        assert "2026-0" not in dispatcher.get(url).text


def test_static_files_are_kept_for_ever_under_their_version(client: FlaskClient) -> None:
    url = re.search(r'/static/[0-9a-f]{12}/[^"]+\.css', client.get("/sign-in").text)
    assert url is not None
    assert "immutable" in client.get(url[0]).headers["Cache-Control"]
    old = re.sub(r"/static/[0-9a-f]{12}/", "/static/000000000000/", url[0])
    assert client.get(old).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["../config.py", "..%2fconfig.py", "css/../../config.py"])
def test_static_files_lead_nowhere_else(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/x/{path}").status_code == 404


def test_tiles_may_come_from_the_one_host_that_is_set(make: MakeApp) -> None:
    app = make(TILES_URL="https://tiles.example/{z}/{x}/{y}.png")
    policy = _policy(app.test_client().get("/sign-in").headers["Content-Security-Policy"])
    assert policy["img-src"] == "'self' blob: data: https://tiles.example"


def test_pages_are_compressed(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/reports/new", headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < 20_000


def test_one_script_alone_may_compile_webassembly(client: FlaskClient) -> None:
    """A worker goes by the policy of its own answer: no page and no other script may."""
    found = re.search(r"/static/[0-9a-f]{12}/", client.get("/sign-in").text)
    assert found
    worker, page = client.get(f"{found[0]}js/scan/decoder_worker.js"), client.get("/sign-in")
    policy = _policy(worker.headers["Content-Security-Policy"])
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["connect-src"] == "'self'"
    other = client.get(f"{found[0]}js/scan/decoder.js")
    assert other.headers["Content-Security-Policy"] == page.headers["Content-Security-Policy"]
    outside = client.get("/js/scan/decoder_worker.js")
    assert "wasm" not in outside.headers["Content-Security-Policy"]
