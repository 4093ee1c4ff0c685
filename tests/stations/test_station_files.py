"""Stations from files and as files: what is taken, what is said of what is not, and that it is all
or nothing."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.blueprints.organisations.models import Area, Kind
from app.blueprints.stations import importing
from app.extensions import db
from app.lib import clock
from app.lib.sheets import MAX_BYTES, Table, read_table
from tests.support.people import People
from tests.support.statements import counted
from tests.support.station_desk import StationDesk, send_file, workbook

HEAD = [
    "number", "name_zh", "level", "kind", "address_zh", "latitude", "longitude", "hours",
    "facilities",
]  # fmt: skip
ROW = ["SZ100", "新驿站", "1", "filling", "星湖街1号", "31.3", "120.7", "24/7", "water; rest 6"]


@pytest.fixture
def desk(app: Flask, people: People) -> StationDesk:
    return StationDesk(app, people)


@pytest.fixture
def admin(desk: StationDesk) -> FlaskClient:
    client = desk.browser(desk.administrator)
    client.set_cookie("lang", "en")
    return client


def as_csv(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def row(**cells: str) -> list[str]:
    return [cells.get(name, value) for name, value in zip(HEAD, ROW, strict=True)]


def text_of(answer: object) -> str:
    return unescape(answer.get_data(as_text=True))  # type: ignore[attr-defined]


def report_of(desk: StationDesk, *rows: Sequence[str]) -> importing.Report:
    with desk.acting(desk.administrator) as (session, actor):
        return importing.check_table(session, actor, Table(rows))


def remarks(desk: StationDesk, *rows: Sequence[str]) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.text) for one in report_of(desk, *rows).errors]


def test_new_stations_and_changed_ones(desk: StationDesk, admin: FlaskClient) -> None:
    content = as_csv(HEAD, ROW, row(number="sz001", name_zh="改名驿站"))
    answer = send_file(admin, content)
    assert answer.status_code == 200
    assert "New: 1 · changed: 1 · as they were: 0" in text_of(answer)
    new, changed = desk.facts("SZ100"), desk.facts("SZ001")
    assert (new["name_zh"], new["name_en"], new["level"]) == ("新驿站", "新驿站", 1)
    assert new["facilities"] == {"water": None, "rest": 6}
    assert changed["name_zh"] == "改名驿站"
    assert (desk.steps("SZ100"), desk.steps("SZ001")) == (["create"], ["import"])
    assert "as they were: 2" in text_of(send_file(admin, content))
    assert desk.steps("SZ001") == ["import"]


def test_only_checking_writes_nothing(desk: StationDesk, admin: FlaskClient) -> None:
    answer = send_file(admin, as_csv(HEAD, ROW), do="check")
    assert answer.status_code == 200
    assert "Nothing was written yet" in text_of(answer)
    assert desk.stations() == ["SZ001", "SZ002"]


def test_one_bad_row_and_nothing_is_written(desk: StationDesk, admin: FlaskClient) -> None:
    content = as_csv(HEAD, ROW, row(number="SZ001", name_zh="改名"), row(number="SZ101", level="3"))
    answer = send_file(admin, content)
    assert answer.status_code == 422
    assert "Nothing was imported." in text_of(answer)
    assert "The level is 1 or 2." in text_of(answer)
    assert desk.stations() == ["SZ001", "SZ002"]
    assert desk.facts()["name_zh"] == "东沙湖驿站"


def test_each_bad_cell_is_named(desk: StationDesk, app: Flask) -> None:
    bad = [
        ["a b", "", "9", "bar", "", "120.7", "31.3", "whenever", "water; sauna"],
        row(number="SZ101", latitude="abc", facilities="toilet 4"),
        [],
        row(number="SZ100"),
        row(number="sz100"),
    ]
    with app.test_request_context("/?lang=en"):
        found = remarks(desk, HEAD, *bad)
    rows = [(number, column) for number, column, _text in found]
    assert rows == [
        *((2, letter) for letter in "ABCDEHIF"), (2, "G"), (3, "F"), (3, "I"), (6, "A"),
    ] or set(rows) == {
        *((2, letter) for letter in "ABCDEFHI"), (3, "F"), (3, "I"), (6, "A"),
    }  # fmt: skip
    said = {(number, column): text for number, column, text in found}
    assert "swapped" in said[2, "F"]
    assert "sauna" in said[2, "I"]
    assert "toilet 4" in said[3, "I"]
    assert said[6, "A"] == "Row 5 has it too."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_heads_and_words_as_excel_writes_them(
    desk: StationDesk, admin: FlaskClient, encoding: str
) -> None:
    heads = [
        "驿站编号", "中文名称", "级别", "驿站类型", "中文地址", "纬度", "经度", "开放时间", "设施",
        "街道或社区",
    ]  # fmt: skip
    cells = [
        "SZ200", "星湖驿站", "二级", "红蜂暖新驿站", "星湖街1号", "31.3", "120.7", "24/7",
        "饮用水；手机充电×6、休息座位 12", "湖东街道",
    ]  # fmt: skip
    assert send_file(admin, as_csv(heads, cells, encoding=encoding)).status_code == 200
    facts = desk.facts("SZ200")
    assert (facts["level"], facts["kind"]) == (2, "red_bee")
    assert facts["facilities"] == {"water": None, "phone_charging": 6, "rest": 12}
    assert facts["parent_id"] == desk.street_id


def test_a_column_that_is_not_there_changes_nothing(desk: StationDesk, admin: FlaskClient) -> None:
    before = desk.facts()
    assert (
        send_file(admin, as_csv(["number", "contact"], ["SZ001", "0512-1234"])).status_code == 200
    )
    after = desk.facts()
    moving = ("contact", "version", "changed_at")
    assert {name: after[name] for name in before if name not in moving} == {
        name: before[name] for name in before if name not in moving
    }
    assert after["contact"] == "0512-1234"
    answer = send_file(admin, as_csv(["number", "contact"], ["SZ900", "110"]))
    assert answer.status_code == 422
    assert "A new station needs this column." in text_of(answer)


def test_a_workbook_with_dates_where_text_belongs(desk: StationDesk, admin: FlaskClient) -> None:
    cells: list[object] = [*ROW]
    cells[0], cells[2], cells[5], cells[6] = date(2026, 3, 1), 1, 31.3, 120.7
    answer = send_file(admin, workbook(HEAD, cells))
    assert answer.status_code == 422
    assert "date or a time" in text_of(answer)
    cells[0] = "SZ300"
    assert send_file(admin, workbook([], HEAD, cells)).status_code == 200
    assert desk.facts("SZ300")["latitude"] == 31.3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_what_is_exported_can_be_taken_in_again(
    desk: StationDesk, admin: FlaskClient, kind: str, lang: str
) -> None:
    with desk.rows() as rows:
        street = rows.street("湖西街道")
        same = [rows._organisation(Kind.COMMUNITY, up, "同名社区", "Same") for up in (street, None)]
        company = rows._organisation(Kind.COMPANY, None, "速达", "Suda")
        for number, area in enumerate(same):
            rows.station(
                area, number=f"SZ01{number}", operator_id=company, name_zh="=HYPERLINK(1)",
                contact="+86 512 1234", longitude=-0.5, facilities=["wifi", "aed", "bike_charging"],
            )  # fmt: skip
    admin.set_cookie("lang", lang)
    answer = admin.post("/stations/desk/export", data={"kind": kind})
    assert answer.status_code == 200
    if kind == "csv":
        assert "'=HYPERLINK(1)" in answer.data.decode("utf-8-sig")
    admin.set_cookie("lang", "en")
    again = send_file(admin, answer.data)
    assert "New: 0 · changed: 0 · as they were: 4" in text_of(again)


def test_an_export_holds_what_the_filter_shows_of_ones_own(desk: StationDesk) -> None:
    client = desk.browser(desk.street_host)
    answer = client.post("/stations/desk/export", data={"kind": "csv"})
    rows = read_table(answer.data).rows
    assert [cells[0] for cells in rows[1:]] == ["SZ001"]
    answer = client.post("/stations/desk/export", data={"kind": "csv", "q": "月亮"})
    assert len(read_table(answer.data).rows) == 1
    assert client.post("/stations/desk/export", data={"kind": "pdf"}).status_code == 422


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "empty"),
        (b"\n\n", 422, "empty"),
        (b"x" * (MAX_BYTES + 1), 413, "4 MB"),
        (b"x" * (20 * 1024 * 1024), 413, "4 MB"),
        (b"\xd0\xcf\x11\xe0 old", 422, "XLS"),
        (b"PK\x03\x04 broken", 422, "damaged"),
        (b"\x89PNG\r\n\x00\x00", 422, "neither"),
        (b'number,name_zh\nSZ1,"open\n', 422, "Row 2"),
        (b"name_zh\nx\n", 422, "Station number"),
        (b"number,number\nx,y\n", 422, "twice"),
        (b"number\n", 422, "From 1 to"),
        (b"number\n" + b"x\n" * 5001, 422, "From 1 to 5000"),
        (b"number\n" * 20_001, 422, "5000"),
    ],
)
def test_files_that_are_none(
    desk: StationDesk, admin: FlaskClient, content: bytes, status: int, said: str
) -> None:
    answer = send_file(admin, content)
    assert answer.status_code == status
    assert said in text_of(answer)
    assert "file-error" in text_of(answer)
    assert desk.stations() == ["SZ001", "SZ002"]


def test_no_file_at_all(admin: FlaskClient) -> None:
    assert admin.post("/stations/desk/import", data={"do": "import"}).status_code == 422


def test_a_place_far_away_is_asked_about(desk: StationDesk, app: Flask) -> None:
    with app.app_context():
        area = Area(
            organisation_id=desk.street_id, polygon="{}", south=31.2, west=120.6, north=31.4,
            east=120.8, loaded_at=clock.now(),
        )  # fmt: skip
        db.session.add(area)
        db.session.commit()
    with app.test_request_context("/?lang=en"):
        report = report_of(desk, HEAD, ROW, row(number="SZ101", latitude="32.5"))
    assert [(one.row, one.column) for one in report.warnings] == [(3, "F")]
    assert (report.new, report.errors) == (2, [])


def test_a_column_nobody_knows_is_said_and_left_out(desk: StationDesk) -> None:
    report = report_of(desk, ["number", "contact", "备注"], ["SZ001", "110", "x"])
    assert [(one.row, one.column, one.head) for one in report.warnings] == [(1, "C", "备注")]
    assert report.changed == 1


def test_a_station_that_was_given_up_does_not_come_back_by_a_file(
    desk: StationDesk, admin: FlaskClient
) -> None:
    admin.post(desk.path("/end"), data={"number": "sz001"})
    answer = send_file(admin, as_csv(["number", "contact"], ["SZ001", "110"]))
    assert answer.status_code == 422
    assert "resume it first" in text_of(answer)


def test_a_large_file_is_looked_up_in_few_statements(desk: StationDesk, app: Flask) -> None:
    """Not some for each row: all of it happens in one transaction, which others wait for."""
    rows = [row(number=f"A{number:04}") for number in range(600)]

    ran = counted(app)

    def asked() -> int:
        ran.clear()
        with desk.acting(desk.administrator) as (session, actor):
            table = Table([HEAD, *rows])
            assert importing.import_table(session, actor, table, now=clock.now()).written
        return sum(one.startswith("SELECT") for one in ran)

    assert asked() < 20
    rows = [row(number=f"A{number:04}", name_zh="改") for number in range(600)]
    assert asked() < 20
    assert len(desk.stations()) == 602
