"""A rider sees what they filed and what became of it, and nobody else's."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.reports.models import Report
from tests.support.outbox import filed
from tests.support.people import People, Person


def test_number_place_state_and_time_line(rider: FlaskClient, session: Session) -> None:
    report = filed(rider)
    number = session.get_one(Report, report).number
    assert number.endswith(f"-{report:06d}")
    page = rider.get(f"/reports/{report}").text
    for text in (number, "东门垃圾桶旁", "31.31930", "堆了两天"):
        assert text in page


def test_newest_first_thirty_a_page(rider: FlaskClient) -> None:
    reports = [filed(rider) for _number in range(33)]
    first = rider.get("/reports").text
    found = [report for report in reports if f'"/reports/{report}"' in first]
    assert found == reports[3:]
    assert first.index(f'"/reports/{reports[32]}"') < first.index(f'"/reports/{reports[31]}"')
    second = rider.get(f"/reports?before={reports[3]}").text
    assert [report for report in reports if f'"/reports/{report}"' in second] == reports[:3]


def test_another_riders_report_is_not_there(
    rider: FlaskClient, people: People, browser_of: Callable[[Person], FlaskClient]
) -> None:
    report, other = filed(rider), browser_of(people.make("rider"))
    assert other.get(f"/reports/{report}").status_code == 404
    assert f"/reports/{report}" not in other.get("/reports").text
    assert f"/reports/{report}" not in other.get("/").text


def test_the_first_page_shows_the_last_three(rider: FlaskClient) -> None:
    reports = [filed(rider) for _number in range(5)]
    page = rider.get("/").text
    assert [one for one in reports if f'"/reports/{one}"' in page] == reports[2:]


def test_the_year_is_that_of_suzhou(rider: FlaskClient, session: Session) -> None:
    """Received at 1 a.m. on New Year's Day there, when it is still the old year in UTC."""
    report = filed(rider)
    session.execute(update(Report).values(received_at=datetime(2026, 12, 31, 17, tzinfo=UTC)))
    session.commit()
    assert session.get_one(Report, report).number.startswith("2027-")
