"""The description of the interface for barriers is valid, whole and true."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.blueprints.badges.verdict import Reason
from app.blueprints.gates.barrier_views import DESCRIPTION
from app.blueprints.gates.rules import Refusal
from tests.conftest import Clock
from tests.gates.test_barriers import Lane
from tests.support.badges import Desk
from tests.support.gate_site import Site
from tests.support.people import People

DOCUMENT = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
EXAMPLES = 60
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


@pytest.fixture
def lane(app: Flask, people: People, held_clock: Clock) -> Lane:
    return Lane(Site(app, people, Desk(app, people.make("administrator"))))


def test_it_is_served_to_everybody_and_kept_by_its_tag(client: FlaskClient) -> None:
    first = client.get("/api/v1/openapi.json")
    assert first.get_json() == DOCUMENT
    assert "public" in first.headers["Cache-Control"]
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_route_of_the_interface_is_described_and_no_other(app: Flask) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method)
        for path, operations in DOCUMENT["paths"].items()
        for method in operations
        if method in ("get", "post", "put", "patch", "delete")
    }
    assert routes == described


def test_reasons_are_those_of_the_verdict() -> None:
    """But those that a barrier never hears: the server's list is always fresh, and nobody types."""
    verdict = DOCUMENT["components"]["schemas"]["Verdict"]["properties"]
    never = {Reason.LIST_STALE, Reason.LIST_EXPIRED, Reason.SHORT_CODE, Reason.BAD_SHORT_CODE}
    assert set(verdict["reason"]["enum"]) == set(Reason) - never
    assert set(verdict["detail"]["enum"]) == {*Refusal, None}


def test_every_reference_leads_somewhere_and_every_part_is_used() -> None:
    used = set(re.findall(r'"\$ref": "#/components/([^"]+)"', json.dumps(DOCUMENT)))
    parts = DOCUMENT["components"]
    there = {f"{kind}/{name}" for kind in parts for name in parts[kind]}
    assert used == {one for one in there if not one.startswith("securitySchemes/")}


def _schemas(node: Any) -> Any:
    """Every schema in a document, with the examples beside it."""
    if isinstance(node, dict):
        if "schema" in node:
            examples = [one["value"] for one in node.get("examples", {}).values()]
            examples += [node["example"]] if "example" in node else []
            yield node["schema"], examples
        for child in node.values():
            yield from _schemas(child)
    elif isinstance(node, list):
        for child in node:
            yield from _schemas(child)


def test_schemas_are_of_the_2020_12_dialect_and_examples_fit_them() -> None:
    seen = 0
    for schema, examples in _schemas(DOCUMENT):
        whole = {"components": DOCUMENT["components"]} | schema
        validator = jsonschema_rs.Draft202012Validator(whole)
        for example in examples:
            validator.validate(example)
            seen += 1
    assert seen >= 10


def test_the_document_is_valid_openapi(app: Flask) -> None:
    found = schemathesis.openapi.from_dict(DOCUMENT)
    found.validate()
    assert len(list(found.get_all_operations())) == 2


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [("/api/v1/verdicts", "POST", POSITIVE), ("/api/v1/verdicts", "POST", NEGATIVE),
     ("/api/v1/openapi.json", "GET", POSITIVE)],
)  # fmt: skip
def test_schemathesis_finds_nothing(
    lane: Lane, app: Flask, path: str, method: str, mode: schemathesis.GenerationMode
) -> None:
    """Requests that fit the description and requests that do not, against the application."""
    app.config["PROPAGATE_ERRORS"] = False  # as it is served
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operation = schema[path][method]
    # What carries requests here does not unpack answers.
    headers = {"Authorization": f"Bearer {lane.token}", "Accept-Encoding": "identity"}

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers)

    run()


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=300) | st.from_regex(r"SK1:[0-9]{0,560}", fullmatch=True))
def test_no_made_up_text_ever_opens(lane: Lane, text: str) -> None:
    answer = lane.post(json={"text": text})
    if text:
        assert answer.status_code == 200
        assert (answer.get_json()["open"], answer.get_json()["pass"]) == (False, None)
