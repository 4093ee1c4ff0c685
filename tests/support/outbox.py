"""A phone's outbox, as the server sees it."""

import itertools
import json
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from uuid6 import uuid7
from werkzeug.test import TestResponse

from app.lib import clock
from tests.support.pictures import picture, sha256

_seeds = itertools.count(1)

Item = dict[str, Any]


def new_key() -> str:
    """A key as a phone makes it."""
    return str(uuid7())


def item(*photos: str, key: str | None = None, **fields: Any) -> Item:
    """A report as a phone sends it, with these photos' hashes; `fields` change its fields."""
    now = clock.to_ms(clock.now())
    return {
        "key": key or new_key(),
        "kind": "report",
        "schema": 1,
        "fields": {
            "category": "0102",
            "latitude": 31.3193,
            "longitude": 120.6738,
            "accuracy_m": 12.5,
            "place": "东门垃圾桶旁",
            "description": "堆了两天",
        }
        | fields,
        "photos": list(photos),
        "captured_at": now - 5_000,
        "server_offset": 120,
        "sent_at": now,
    }


def send(client: FlaskClient, *items: Any) -> list[Item]:
    """Post a batch; the verdicts."""
    answer = client.post("/sync/items", json=list(items))
    assert answer.status_code == 200, answer.text
    verdicts = answer.get_json()
    assert isinstance(verdicts, list)
    return verdicts


def send_one(client: FlaskClient, one: Any) -> Item:
    """Post a batch of one; its verdict."""
    [verdict] = send(client, one)
    return verdict


def send_raw(client: FlaskClient, body: str | bytes) -> TestResponse:
    """Post a body as it is."""
    return client.post("/sync/items", data=body, content_type="application/json")


def put(client: FlaskClient, content: bytes, name: str | None = None) -> TestResponse:
    """Send a photo's bytes, by default under their own hash."""
    return client.put(f"/sync/photos/{name or sha256(content)}", data=content)


def put_new(client: FlaskClient) -> str:
    """Send a photo that nobody has sent before; its hash."""
    content = picture(next(_seeds))
    answer = put(client, content)
    assert answer.status_code == 201, answer.text
    return sha256(content)


def filed(client: FlaskClient, **fields: Any) -> int:
    """File a report with one photo; its id."""
    verdict = send_one(client, item(put_new(client), **fields))
    assert verdict["verdict"] == "accepted", json.dumps(verdict)
    return int(verdict["url"].rsplit("/", 1)[1])


def days(count: float) -> int:
    """Days in milliseconds."""
    return int(timedelta(days=count).total_seconds() * 1000)
