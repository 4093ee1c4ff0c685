"""Who gets what at every route; a route without a line in the table fails."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assets import asset_version
from tests.support.access import CENTRE, OTHERS, Line, lines
from tests.support.exports import export
from tests.support.outbox import filed, item, put_new
from tests.support.people import People, Person, sign_in
from tests.support.pictures import picture, sha256

RunJobs = Callable[[], None]


@pytest.fixture
def report(rider: FlaskClient, run_jobs: RunJobs) -> int:
    """A report whose photo the worker has seen."""
    number = filed(rider)
    run_jobs()
    return number


def _browsers(app: Flask, people: People, owner: Person) -> Iterator[tuple[str, FlaskClient, int]]:
    """A browser for everybody of each column, with one more device of theirs."""
    yield "out", app.test_client(), 0
    persons = [("owner", owner), ("rider", people.make("rider"))]
    persons += [("centre", people.make(role)) for role in CENTRE]
    persons += [("others", people.make(role)) for role in OTHERS]
    persons += [("others", people.make())]
    for column, person in persons:
        client = app.test_client()
        further = sign_in(client, person)
        sign_in(client, person)
        yield column, client, further


def _body(line: Line, owner: Person, photo: str, new: bytes) -> dict[str, Any]:
    """What a request of this kind carries when everything about it is right."""
    match str(line):
        case "POST /sign-in":
            return {"data": {"phone": "13800000000"}}
        case "POST /language":
            return {"data": {"lang": "en"}}
        case "POST /intake/<int:report_id>/reject":
            return {"data": {"reason": "x"}}
        case "POST /intake/import":
            content = export(owner.id, [item(photo)], [])
            return {"data": {"file": (io.BytesIO(content), "x.zip")}}
        case "POST /reports":
            photos = {"photos": (io.BytesIO(new), "x.jpg")}
            return {"data": {"category": "0102", "place": "东门"} | photos}
        case "POST /sync/items":
            return {"json": []}
        case "PUT /sync/photos/<sha256>":
            return {"data": new}
    return {}


def _url(rule: str, **values: object) -> str:
    names = {
        "<version>": "version", "<path:filename>": "filename", "<int:report_id>": "report",
        "<int:position>": "position", "<size>": "size", "<sha256>": "sha256",
        "<int:device_id>": "device",
    }  # fmt: skip
    for part, name in names.items():
        rule = rule.replace(part, str(values[name]))
    return rule


@pytest.mark.parametrize("line", lines(), ids=str)
def test_each_person_gets_what_the_table_says(
    app: Flask, people: People, rider_person: Person, rider: FlaskClient, report: int, line: Line
) -> None:
    with app.app_context():
        version = asset_version()
    photo, got = put_new(rider), []
    for number, (column, client, device) in enumerate(_browsers(app, people, rider_person)):
        with_decision = line.method == "POST" and "report_id" in line.rule
        shown, new = filed(rider) if with_decision else report, picture(7000 + number)
        url = _url(
            line.rule, version=version, filename="icons/star.svg", report=shown, position=1,
            size="large", sha256=sha256(new), device=device,
        )  # fmt: skip
        body = _body(line, rider_person, photo, new)
        answer = client.open(
            url, method=line.method, environ_base={"REMOTE_ADDR": f"203.0.113.{number}"}, **body
        )
        got.append((number, column, answer.status_code))
    assert got == [(number, column, line.statuses[column]) for number, column, _status in got]


def test_every_route_has_a_line(app: Flask) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {str(line) for line in lines()}


@pytest.mark.parametrize("line", [one for one in lines() if one.method != "GET"], ids=str)
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
     {"Sec-Fetch-Site": "", "Origin": "null"}],
    ids=["cross-site", "same-site", "another origin", "no origin"],
)  # fmt: skip
def test_what_changes_something_must_come_from_our_own_pages(
    dispatcher: FlaskClient, rider: FlaskClient, line: Line, headers: dict[str, str]
) -> None:
    url = _url(
        line.rule, version="x", filename="x", report=1, position=1, size="large", sha256="0" * 64,
        device=1,
    )  # fmt: skip
    for client in (dispatcher, rider):
        answer = client.open(url, method=line.method, headers=headers)
        assert answer.status_code == 403
        assert client.get("/sync/whoami").status_code == 200


def test_a_program_that_is_no_browser_may_send(rider: FlaskClient) -> None:
    answer = rider.post("/sync/items", json=[], headers={"Sec-Fetch-Site": ""})
    assert answer.status_code == 200
