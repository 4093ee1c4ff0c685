"""Who gets what at every route; a route without a line in the table fails."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assets import asset_version
from app.blueprints.organisations.models import Role
from app.lib import jobs
from app.queue import run_until_done
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

SCENES = (stars_scene, rewards_scene, tasks_scene, fairness_scene)
BODIES = station_scene.BODIES | {
    rule: body for scene in SCENES for rule, body in scene.BODIES.items()
}


@dataclass
class World:
    """An application with all that can be named in a path, and a browser for everybody of each
    column, with one more device of theirs."""

    app: Flask
    owner: Person
    rider: FlaskClient
    report: int
    there: Neighbourhood
    scene: CaseScene
    station: StationScene
    further: dict[str, object]
    photo: str
    case: dict[str, int]
    browsers: list[tuple[str, FlaskClient, int]]

    @cached_property
    def settings(self) -> dict[str, object]:
        """A row on every settings page of cases."""
        return settings_rows(self.app, self.scene)

    @cached_property
    def told(self) -> int:
        """An announcement of the company."""
        return company_tells(self.app, self.there.company_manager)


def _built(app: Flask, people: People) -> World:
    owner, rider = people.make(Role.RIDER, name="王小明"), app.test_client()
    sign_in(rider, owner)
    report = filed(rider)
    with app.app_context():
        for name in jobs.names():
            run_until_done(name)
    there, scene = build(app, owner), case_scene.build(app)
    station = station_scene.build(app, owner)
    photo, case = put_new(rider), send_to_department(app, scene, report)
    further: dict[str, object] = {}
    for part in SCENES:
        further |= part.build(app, owner, station)
    browsers = list(_browsers(app, people, owner, there, scene, station))
    return World(app, owner, rider, report, there, scene, station, further, photo, case, browsers)


@pytest.fixture
def fresh(app: Flask, people: People) -> World:
    """One of the test's own, in which things may be changed."""
    return _built(app, people)


@pytest.fixture(scope="module")
def shared(module_app: Flask) -> World:
    """One for all tests that only look."""
    return _built(module_app, People(module_app))


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


@pytest.mark.parametrize("line", [one for one in lines() if one.method == "GET"], ids=str)
def test_each_person_sees_what_the_table_says(shared: World, line: Line) -> None:
    _check(shared, line)


@pytest.mark.parametrize("line", [one for one in lines() if one.method != "GET"], ids=str)
def test_each_person_changes_what_the_table_says(fresh: World, line: Line) -> None:
    _check(fresh, line)


def _check(world: World, line: Line) -> None:
    with world.app.app_context():
        version = asset_version()
    settings = world.settings if "case-settings" in line.rule else {}
    told = world.told if "announcement_id" in line.rule else 0
    there, got = world.there, []
    for number, (column, client, device) in enumerate(world.browsers):
        new = picture(7000 + number)
        values = there.ids | world.station.ids | _case_for(world, line) | {
            "version": version, "filename": "icons/star.svg", "position": 1,
            "size": "large", "sha256": _hash_for(line, there, new), "device_id": device,
            "code": there.ids["place_code"], "saved_id": 1, "other_id": world.report,
            "kind": "same_photo", "announcement_id": told, "rule_id": 1,
            "step": "withdraw" if "report_id" in line.rule else "note",
        } | settings | world.further  # fmt: skip
        body = _body(line, world.owner, world.photo, new)
        answer = client.open(
            _url(line.rule, values), method=line.method,
            environ_base={"REMOTE_ADDR": f"203.0.113.{number}"}, **body,
        )  # fmt: skip
        got.append((number, column, answer.status_code))
    assert got == [(number, column, line.statuses[column]) for number, column, _status in got]


def _case_for(world: World, line: Line) -> dict[str, object]:
    """The case that everybody looks at; what changes something gets one that is new."""
    case = world.case
    if line.method != "GET" and "case_id" in line.rule:
        case = send_to_department(world.app, world.scene, filed(world.rider))
    fresh = line.method != "GET" and "report_id" in line.rule
    return {**case, "report_id": filed(world.rider) if fresh else case["case_id"]}


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


@pytest.fixture
def senders(shared: World) -> list[FlaskClient]:
    """A dispatcher's and a rider's browser: nothing that they send in these tests is taken."""
    return [client for column, client, _device in shared.browsers if column in ("disp", "rider")]


@pytest.mark.parametrize("line", [one for one in lines() if one.method != "GET"], ids=str)
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
     {"Sec-Fetch-Site": "", "Origin": "null"}],
    ids=["cross-site", "same-site", "another origin", "no origin"],
)  # fmt: skip
def test_what_changes_something_must_come_from_our_own_pages(
    senders: list[FlaskClient], line: Line, headers: dict[str, str]
) -> None:
    url = _url(line.rule, defaultdict(lambda: 1, sha256="0" * 64, size="large"))
    for client in senders:
        answer = client.open(url, method=line.method, headers=headers)
        assert answer.status_code == 403
        assert client.get("/sync/whoami").status_code == 200


def test_a_program_that_is_no_browser_may_send(rider: FlaskClient) -> None:
    answer = rider.post("/sync/items", json=[], headers={"Sec-Fetch-Site": ""})
    assert answer.status_code == 200
