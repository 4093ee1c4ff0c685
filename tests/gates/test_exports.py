"""The log: its filter, its pages, who must say why; and the files, which hold what it shows."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.audit.models import AuditEntry
from app.blueprints.gates import exports
from app.blueprints.gates.pass_log import Cursor
from app.blueprints.organisations.models import Role
from app.lib import clock
from app.lib.tables import harmless
from tests.conftest import Clock
from tests.support.estate import Estate
from tests.support.people import People

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def manager(estate: Estate) -> FlaskClient:
    return estate.browser(estate.manager)


def log(estate: Estate, query: str = "") -> str:
    return f"/compounds/{estate.compound_id}/log{query}"


def export(client: FlaskClient, estate: Estate, query: str = "", kind: str = "csv") -> TestResponse:
    return client.post(f"/compounds/{estate.compound_id}/log/export{query}", data={"kind": kind})


def rows(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def fill(estate: Estate) -> None:
    """Each filter fits some."""
    estate.set_up_second()
    estate.passes(NOON, label="飞速王**")
    estate.passes(NOON - DAY, label="迅达李**", direction="exit")
    estate.passes(NOON - 2 * DAY, label="迅达李**", outcome="refused", method="printed")
    estate.passes(NOON - 3 * DAY, label="飞速王**", gate_id=estate.other_gate_id)
    estate.passes(NOON, compound_id=estate.second_id, label="别处")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 4), ("?first=2026-05-31", 2), ("?last=2026-05-30", 2),
        ("?first=2026-05-31&last=2026-05-31", 1), ("?direction=exit", 1), ("?outcome=refused", 1),
        ("?method=printed", 1), ("?gate=OTHER", 1), ("?text=迅达", 2), ("?text=%25", 0),
        ("?text=_", 0), ("?first=2026-05-30&text=迅达&outcome=refused", 1),
    ],
)  # fmt: skip
def test_files_hold_what_the_filter_shows(
    estate: Estate, manager: FlaskClient, query: str, expected: int
) -> None:
    fill(estate)
    query = query.replace("OTHER", str(estate.other_gate_id))
    assert manager.get(log(estate, query)).text.count('class="number when"') == expected
    exported = rows(export(manager, estate, query))
    assert len(exported) == expected + 1
    assert "别处" not in str(exported)
    assert _xlsx(export(manager, estate, query, "xlsx")) == exported


def _xlsx(answer: TestResponse) -> list[list[str]]:
    """The cells of a workbook's sheet; with constant memory texts stand in the cells."""
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [
        ["".join(text.text or "" for text in cell.iter(f"{SHEET}t")) for cell in row]
        for row in sheet.iter(f"{SHEET}row")
    ]


def test_a_day_is_a_day_in_suzhou(estate: Estate, manager: FlaskClient) -> None:
    estate.passes(datetime(2026, 5, 31, 15, 59, tzinfo=UTC), label="晚")
    estate.passes(datetime(2026, 5, 31, 16, 0, tzinfo=UTC), label="早")
    page = manager.get(log(estate, "?first=2026-06-01")).text
    assert "早" in page
    assert "<strong>晚" not in page


@pytest.mark.parametrize(
    "query",
    ["?first=x", "?first=2026-06-02&last=2026-06-01", "?first=0001-01-01", "?last=9999-12-31",
     "?gate=999999", "?gate=x", "?direction=up", "?method=x", f"?text={'长' * 25}"],
)  # fmt: skip
def test_a_filter_that_does_not_fit(estate: Estate, manager: FlaskClient, query: str) -> None:
    answer = manager.get(log(estate, query))
    assert answer.status_code == 422
    assert "-error" in answer.text
    assert export(manager, estate, query).status_code == 422


def test_pages_go_on_where_the_last_ended(estate: Estate, manager: FlaskClient) -> None:
    same = [NOON] * 70  # at one moment: the id decides
    estate.passes(*same, *(NOON - timedelta(seconds=n) for n in range(1, 51)))
    seen, path = 0, log(estate)
    for _page in range(3):
        page = manager.get(path).text
        seen += page.count('class="number when"')
        if older := re.search(r'href="[^"]*before=([0-9-]+)"', page):
            path = log(estate, f"?before={older[1]}")
    assert seen == 120


@given(text=st.text(max_size=60))
def test_a_cursor_from_anywhere_is_one_or_none(text: str) -> None:
    cursor = Cursor.read(text)
    assert cursor is None or cursor.id >= 0


@given(
    at=st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    number=st.integers(0, 2**31 - 1),
)
def test_a_cursor_is_read_back(at: datetime, number: int) -> None:
    cursor = Cursor(at.replace(tzinfo=UTC), number)
    assert Cursor.read(str(cursor)) == cursor


def test_both_verdicts_stand_where_they_differ(estate: Estate, manager: FlaskClient) -> None:
    estate.passes(NOON, server_level="red", server_reason="revoked")
    page = manager.get(log(estate)).text
    assert "two-verdicts" in page
    assert "已作废" in page
    estate.passes(NOON, undone_at=NOON, method="self", distance_m=12)
    page = manager.get(log(estate)).text
    assert "已撤销" in page
    assert "自助登记" in page


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-2", "@x", "\tx", '=HYPERLINK("x")'])
def test_no_cell_is_taken_for_a_formula(estate: Estate, manager: FlaskClient, cell: str) -> None:
    estate.passes(NOON, label=cell[:24], guard=cell[:24])
    for row in rows(export(manager, estate))[1:]:
        assert not [text for text in row if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert row[2] == f"'{cell[:24]}"
    assert _xlsx(export(manager, estate, kind="xlsx"))[1][2].strip() == cell[:24].strip()


@given(cell=st.text(max_size=20))
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    made = str(harmless(cell))
    assert made[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert made.removeprefix("'") == cell.removeprefix("'")


def test_a_file_that_is_cut_says_so(
    estate: Estate, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 5)
    estate.passes(*(NOON - timedelta(seconds=n) for n in range(5)))
    assert len(rows(export(manager, estate))) == 6
    estate.passes(NOON)
    exported = rows(export(manager, estate))
    assert len(exported) == 7
    assert "5" in exported[-1][0]


def test_each_export_is_written_down(
    estate: Estate, manager: FlaskClient, session: Session
) -> None:
    fill(estate)
    export(manager, estate, "?text=迅达")
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.what, entry.actor_id) == ("export", estate.manager.id)
    assert entry.subject == f"compound:{estate.compound_id}"
    assert entry.reason == "csv 迅达"
    assert export(manager, estate, kind="exe").status_code == 422


def test_an_administrator_says_why_and_it_counts_for_half_an_hour(
    estate: Estate, people: People, session: Session, held_clock: Clock
) -> None:
    estate.passes(clock.now())
    admin = people.make(Role.ADMINISTRATOR)
    browser = estate.browser(admin)
    for ask in (lambda: browser.get(log(estate, "?text=飞速")), lambda: export(browser, estate)):
        assert ask().status_code == 302
    assert "飞速王" not in browser.get(f"/compounds/{estate.compound_id}").text
    why = browser.get(log(estate, "?text=飞速")).headers["Location"]
    assert browser.get(why).status_code == 200
    assert browser.post(why, data={"reason": " "}).status_code == 422
    assert browser.post(why, data={"reason": "长" * 201}).status_code == 422
    on = browser.post(why, data={"reason": "居民投诉"})
    assert on.headers["Location"].startswith(log(estate))
    assert browser.get(on.headers["Location"]).status_code == 200
    assert export(browser, estate).status_code == 200
    assert browser.get(f"/compounds/{estate.second_id}/log").status_code == 302
    looks = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.what, one.reason) for one in looks] == [
        ("log", "居民投诉"),
        ("export", "csv 居民投诉"),
    ]
    held_clock.forward(minutes=30)
    assert browser.get(log(estate)).status_code == 302


def test_after_the_reason_nobody_is_led_elsewhere(estate: Estate, people: People) -> None:
    browser = estate.browser(people.make(Role.ADMINISTRATOR))
    why = f"/compounds/{estate.compound_id}/why?back=https://evil.example/"
    on = browser.post(why, data={"reason": "居民投诉"})
    assert on.headers["Location"] == f"/compounds/{estate.compound_id}"
