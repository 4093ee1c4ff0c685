"""Which grid a place lies in, and areas as files."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.cli import place
from app.blueprints.demo import areas as demo
from app.blueprints.organisations.area_files import MAX_POINTS, Drawn, load
from app.blueprints.organisations.areas import Place, locate, locate_all
from app.blueprints.organisations.models import Area
from app.blueprints.reports.models import Report
from app.blueprints.reports.services import draft_report, file_reports
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.cases import CaseDesk, capture

WEST = [[120.70, 31.30], [120.71, 31.30], [120.71, 31.31], [120.70, 31.31], [120.70, 31.30]]
EAST = [[120.71, 31.30], [120.72, 31.30], [120.72, 31.31], [120.71, 31.31], [120.71, 31.30]]
Load = Callable[..., Any]


def feature(ring: list[list[float]], **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Load:
    """`run(text)`: load a file; answers the command's result."""

    def run(text: str, *options: str) -> Any:
        file = tmp_path / "areas.geojson"
        file.write_text(text, encoding="utf-8")
        return app.test_cli_runner().invoke(args=["areas", "load", str(file), *options])

    return run


@pytest.fixture
def both(run: Load, desk: CaseDesk) -> None:
    """The desk's two grids side by side."""
    done = run(
        collection(
            feature(WEST, organisation=desk.grid_id), feature(EAST, organisation=desk.other_grid_id)
        )
    )
    assert done.exit_code == 0, done.output


def test_a_place_lies_in_its_grid_and_street(both: None, desk: CaseDesk, session: Session) -> None:
    assert locate(session, 31.305, 120.705) == Place(desk.grid_id, desk.street_id)
    assert locate(session, 31.305, 120.715) == Place(desk.other_grid_id, desk.street_id)
    assert locate(session, 31.305, 120.725) is None


@pytest.mark.parametrize("latitude", [31.30, 31.305, 31.31])
def test_a_point_on_the_border_belongs_to_one(
    both: None, desk: CaseDesk, session: Session, latitude: float
) -> None:
    assert locate(session, latitude, 120.71) == Place(desk.grid_id, desk.street_id)


def test_borders_that_miss_each_other_by_a_hair_leave_no_gap(
    run: Load, desk: CaseDesk, session: Session
) -> None:
    away = [[x if x > 120.711 else 120.71000002, y] for x, y in EAST]
    run(
        collection(
            feature(WEST, organisation=desk.grid_id), feature(away, organisation=desk.other_grid_id)
        )
    )
    assert locate(session, 31.305, 120.71000001) is not None
    assert locate(session, 31.305, 120.7099) == Place(desk.grid_id, desk.street_id)


def test_another_process_sees_new_areas(
    both: None, desk: CaseDesk, make: Callable[[], Flask]
) -> None:
    first, second = make(), make()
    with first.app_context():
        assert locate(db.session(), 31.305, 120.705) == Place(desk.grid_id, desk.street_id)
        db.session.remove()
    with second.app_context():
        session = db.session()
        with transaction(session):
            moved = Drawn(desk.other_grid_id, "", shapely.Polygon(WEST))
            load(session, [moved], only=True, now=clock.now() - timedelta(days=1))
        db.session.remove()
    with first.app_context():
        assert locate(db.session(), 31.305, 120.705) == Place(desk.other_grid_id, desk.street_id)
        db.session.remove()


BAD: dict[str, tuple[str, str]] = {
    "no json": ("{", "not JSON"),
    "no collection": ('{"type": "Feature"}', "no GeoJSON FeatureCollection"),
    "not a number": (collection(feature(WEST, organisation=1)).replace("120.7,", "NaN,", 1), "NaN"),
    "nothing in it": (collection(), "no features"),
    "nobody": (collection(feature(WEST)), "name neither"),
    "unknown": (collection(feature(WEST, organisation=10**6)), "no organisation 1000000"),
    "no grid": (collection(feature(WEST, path="湖东街道")), "is no grid but a street"),
    "a line": (
        collection(
            {
                "type": "Feature",
                "properties": {"path": "一号网格"},
                "geometry": {"type": "LineString", "coordinates": WEST},
            }
        ),
        "neither a Polygon nor",
    ),
    "open": (collection(feature(WEST[:-1], path="一号网格")), "cannot be read"),
    "crossing": (
        collection(feature([WEST[0], WEST[2], WEST[1], WEST[3], WEST[0]], path="一号网格")),
        "not valid",
    ),
    "turned round": (
        collection(feature([[y, x] for x, y in WEST], path="一号网格")),
        "longitude first",
    ),
    "too fine": (
        collection(
            feature(
                [[120.7 + n / 1e6, 31.3 + (n % 2) / 1e3] for n in range(MAX_POINTS + 1)]
                + [[120.7, 31.3]],
                path="一号网格",
            )
        ),
        "more than 5000",
    ),
    "twice": (
        collection(feature(WEST, path="一号网格"), feature(EAST, path="东沙湖社区/一号网格")),
        "in the file twice",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_nothing_of_it_is_loaded(
    run: Load, desk: CaseDesk, session: Session, name: str
) -> None:
    text, said = BAD[name]
    if text.startswith('{"type": "FeatureCollection"') and '"features": []' not in text:
        good = json.dumps(feature(EAST, path="二号网格"))
        text = text.replace('"features": [', f'"features": [{good}, ', 1)
    done = run(text)
    assert done.exit_code == 1
    assert said in done.output
    assert session.scalar(select(func.count()).select_from(Area)) == 0


def test_a_hole_is_refused(run: Load, desk: CaseDesk) -> None:
    holed = feature(WEST, path="一号网格")
    inner = [[120.704, 31.304], [120.706, 31.304], [120.706, 31.306], [120.704, 31.304]]
    holed["geometry"]["coordinates"].append(inner)
    assert "has a hole" in run(collection(holed)).output


def test_what_overlaps_is_said(run: Load, desk: CaseDesk) -> None:
    done = run(collection(feature(WEST, path="一号网格"), feature(WEST, path="二号网格")))
    assert done.exit_code == 0
    assert "一号网格 and 二号网格 overlap" in done.output


def test_areas_go_out_as_they_came_in(
    both: None, app: Flask, run: Load, desk: CaseDesk, session: Session
) -> None:
    out = app.test_cli_runner().invoke(args=["areas", "export"]).output
    found = json.loads(out)
    assert [one["properties"]["name"] for one in found["features"]] == ["一号网格", "二号网格"]
    assert run(out, "--only").exit_code == 0
    assert locate(session, 31.305, 120.715) == Place(desk.other_grid_id, desk.street_id)


def _file(session: Session, desk: CaseDesk, *points: tuple[float, float] | None) -> list[Report]:
    rider = session.get_one(User, desk.rider.id)
    now = clock.now()
    drafts = [
        draft_report(
            rider,
            capture(now, latitude=point and point[0], longitude=point and point[1]),
            now=now,
        )
        for point in points
    ]
    ids = [one.id for one in file_reports(session, drafts)]
    session.commit()
    return [session.get_one(Report, number) for number in ids]


def test_a_report_knows_its_grid_when_it_is_filed(
    both: None, desk: CaseDesk, session: Session
) -> None:
    inside, outside, nowhere = _file(session, desk, (31.305, 120.715), (0.0, 0.0), None)
    assert (inside.grid_id, inside.street_id) == (desk.other_grid_id, desk.street_id)
    assert outside.grid_id is outside.street_id is None
    assert nowhere.grid_id is nowhere.street_id is None


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that go to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_a_batch_asks_for_its_areas_once(
    both: None, desk: CaseDesk, session: Session, statements: list[str]
) -> None:
    _file(session, desk, (31.305, 120.715))  # reads the areas
    statements.clear()
    _file(session, desk, *[(31.305, 120.715)] * 50)
    assert len([one for one in statements if "areas" in one]) == 1
    statements.clear()
    _file(session, desk, None)
    assert not [one for one in statements if "areas" in one]


def test_what_was_filed_before_there_were_areas_is_placed(
    app: Flask, run: Load, desk: CaseDesk, session: Session
) -> None:
    early, far = _file(session, desk, (31.305, 120.705), (0.0, 0.0))
    run(collection(feature(WEST, organisation=desk.grid_id)))
    done = app.test_cli_runner().invoke(place)
    assert done.output == "1 reports placed\n"
    session.rollback()
    assert (early.grid_id, far.grid_id) == (desk.grid_id, None)


_CORNERS = demo._corners(20)
_CELLS = [demo._polygon(_CORNERS, column, row) for column in range(20) for row in range(demo.ROWS)]


def test_the_demo_areas_leave_nothing_out() -> None:
    whole = shapely.box(demo.WEST, demo.SOUTH, demo.EAST, demo.NORTH)
    assert all(cell.is_valid for cell in _CELLS)
    assert shapely.union_all(_CELLS).symmetric_difference(whole).area < 1e-12
    assert sum(cell.area for cell in _CELLS) == pytest.approx(whole.area)
    places = {demo._cell(number) for number in range(240)}
    assert places == {(column, row) for column in range(20) for row in range(demo.ROWS)}


@given(
    st.lists(
        st.tuples(
            st.floats(demo.SOUTH, demo.NORTH), st.floats(demo.WEST, demo.EAST)
        ),
        min_size=1,
        max_size=20,
    )
)  # fmt: skip
def test_each_place_of_the_demo_district_lies_in_one_grid(
    points: list[tuple[float, float]],
) -> None:
    from app.blueprints.organisations.areas import _Map, _Version

    shapely.prepare(_CELLS)
    places = tuple(Place(number, None) for number in range(len(_CELLS)))
    held = _Map(_Version(1, None), places, shapely.STRtree(_CELLS))
    for (latitude, longitude), found in zip(points, held.at(points), strict=True):
        assert found is not None
        assert _CELLS[found.grid_id].distance(shapely.Point(longitude, latitude)) < 1e-7


def test_no_point_asks_nothing(session: Session) -> None:
    assert locate_all(session, [None, None]) == [None, None]
