"""Who gets what at every route; a route without a line in the table fails."""

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assets import asset_version
from app.blueprints.organisations.models import Role
from tests.support import (
    case_scene,
    fairness_scene,
    rewards_scene,
    stars_scene,
    station_scene,
    tasks_scene,
)
from tests.support.access import NO_ROLE, OTHERS, Line, lines
from tests.support.announcing import company_tells
from tests.support.badges import enrolment
from tests.support.case_scene import CaseScene, send_to_department
from tests.support.case_settings import settings_rows
from tests.support.compound_bodies import body_of
from tests.support.exports import export
from tests.support.neighbourhood import Neighbourhood, build
from tests.support.outbox import filed, item, put_new
from tests.support.people import People, Person, sign_in
from tests.support.pictures import picture, sha256
from tests.support.sk1 import Phone
from tests.support.station_scene import StationScene

RunJobs = Callable[[], None]
SCENES = (stars_scene, rewards_scene, tasks_scene, fairness_scene)
BODIES = station_scene.BODIES | {
    rule: body for scene in SCENES for rule, body in scene.BODIES.items()
}


@pytest.fixture
def report(rider: FlaskClient, run_jobs: RunJobs) -> int:
    """A report whose photo the worker has seen."""
    number = filed(rider)
    run_jobs()
    return number


@pytest.fixture
def there(app: Flask, rider_person: Person) -> Neighbourhood:
    """The rider's badge, and a compound that the rider passed."""
    return build(app, rider_person)


@pytest.fixture
def scene(app: Flask) -> CaseScene:
    """The department and the grid of the rider's case."""
    return case_scene.build(app)


@pytest.fixture
def station(app: Flask, rider_person: Person) -> StationScene:
    """The station where the rider was."""
    return station_scene.build(app, rider_person)


def _browsers(
    app: Flask,
    people: People,
    owner: Person,
    there: Neighbourhood,
    scene: CaseScene,
    station: StationScene,
) -> Iterator[tuple[str, FlaskClient, int]]:
    """A browser for everybody of each column, with one more device of theirs."""
    yield "out", app.test_client(), 0
    persons = [("owner", owner), ("rider", people.make(Role.RIDER))]
    persons += [("disp", people.make(Role.DISPATCHER)), ("admin", people.make(Role.ADMINISTRATOR))]
    persons += [("company", there.company_manager), ("property", there.property_manager)]
    persons += [("gate", there.gate_phone)]
    persons += [("own_handler", scene.handler), ("own_grid", scene.grid_worker)]
    persons += [("own_host", station.host)]
    persons += [(role, people.make(role)) for role in OTHERS]
    persons += [(NO_ROLE, people.make())]
    for column, person in persons:
        client = app.test_client()
        further = sign_in(client, person)
        sign_in(client, person)
        yield column, client, further


def _body(line: Line, owner: Person, photo: str, new: bytes) -> dict[str, Any]:
    """What a request of this kind carries when everything about it is right."""
    match str(line):
        case rule if rule in BODIES:
            return {"data": BODIES[rule]}
        case "POST /sign-in":
            return {"data": {"phone": "13800000000"}}
        case rule if rule.startswith("POST /announcements/"):
            return {"data": {"when": "now"}}
        case "POST /language":
            return {"data": {"lang": "en"}}
        case rule if rule.startswith("POST /cases/"):
            return {"data": case_scene.BODIES.get(rule, {})}
        case "POST /riders/<int:rider_id>/scope":
            return {"data": {"scope": "7"}}
        case rule if rule.startswith("POST /compounds/"):
            return body_of(rule, new)
        case rule if rule.startswith("POST /riders/"):
            return {"data": {"reason": "x"}}
        case "POST /intake/import":
            content = export(owner.id, [item(photo)], [])
            return {"data": {"file": (io.BytesIO(content), "x.zip")}}
        case "POST /reports":
            photos = {"photos": (io.BytesIO(new), "x.jpg")}
            return {"data": {"category": "0102", "place": "东门"} | photos}
        case "POST /badge/renew":
            return {"json": {"badge": None}}
        case "POST /badge/enrol":
            return {"json": enrolment(Phone(), replace=True)}
        case "POST /badge/portrait":
            return {"data": {"portrait": (io.BytesIO(new), "me.jpg")}}
        case "POST /sync/items":
            return {"json": []}
        case "PUT /sync/photos/<sha256>":
            return {"data": new}
    return {}


_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def _url(rule: str, values: Mapping[str, object]) -> str:
    """A rule with its parts filled in; a part that has no value here must get one."""
    return _PART.sub(lambda part: str(values[part[1]]), rule)


@pytest.mark.parametrize("line", lines(), ids=str)
def test_each_person_gets_what_the_table_says(
    app: Flask, people: People, rider_person: Person, rider: FlaskClient, report: int,
    there: Neighbourhood, scene: CaseScene, station: StationScene, line: Line,
) -> None:  # fmt: skip
    with app.app_context():
        version = asset_version()
    photo, got, case = put_new(rider), [], send_to_department(app, scene, report)
    settings = settings_rows(app, scene) if "case-settings" in line.rule else {}
    further = {}
    for part in SCENES:
        further |= part.build(app, rider_person, station)
    told = company_tells(app, there.company_manager) if "announcement_id" in line.rule else 0
    browsers = _browsers(app, people, rider_person, there, scene, station)
    for number, (column, client, device) in enumerate(browsers):
        new = picture(7000 + number)
        values = there.ids | station.ids | _case_for(app, scene, rider, line, case) | {
            "version": version, "filename": "icons/star.svg", "position": 1,
            "size": "large", "sha256": _hash_for(line, there, new), "device_id": device,
            "code": there.ids["place_code"], "saved_id": 1, "other_id": report,
            "kind": "same_photo", "announcement_id": told, "rule_id": 1,
            "step": "withdraw" if "report_id" in line.rule else "note",
        } | settings | further  # fmt: skip
        body = _body(line, rider_person, photo, new)
        answer = client.open(
            _url(line.rule, values), method=line.method,
            environ_base={"REMOTE_ADDR": f"203.0.113.{number}"}, **body,
        )  # fmt: skip
        got.append((number, column, answer.status_code))
    assert got == [(number, column, line.statuses[column]) for number, column, _status in got]


def _case_for(
    app: Flask, scene: CaseScene, rider: FlaskClient, line: Line, case: Mapping[str, int]
) -> dict[str, object]:
    """The case that everybody looks at; what changes something gets one that is new."""
    if line.method != "GET" and "case_id" in line.rule:
        case = send_to_department(app, scene, filed(rider))
    fresh = line.method != "GET" and "report_id" in line.rule
    return {**case, "report_id": filed(rider) if fresh else case["case_id"]}


def _hash_for(line: Line, there: Neighbourhood, new: bytes) -> object:
    """Which picture a path with a hash means."""
    if "portrait" in line.rule:
        return there.ids["portrait_sha256"]
    return there.ids["map_sha256"] if "maps" in line.rule else sha256(new)


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
    url = _url(line.rule, defaultdict(lambda: 1, sha256="0" * 64, size="large"))
    for client in (dispatcher, rider):
        answer = client.open(url, method=line.method, headers=headers)
        assert answer.status_code == 403
        assert client.get("/sync/whoami").status_code == 200


def test_a_program_that_is_no_browser_may_send(rider: FlaskClient) -> None:
    answer = rider.post("/sync/items", json=[], headers={"Sec-Fetch-Site": ""})
    assert answer.status_code == 200
