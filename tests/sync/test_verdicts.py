"""Each item gets its own verdict, and counts once whatever happens."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.reports.models import Report
from app.blueprints.sync import report_kind
from app.blueprints.sync.models import SyncItem
from tests.conftest import Clock
from tests.support.outbox import Item, item, new_key, put, put_new, send, send_one
from tests.support.people import People, Person
from tests.support.pictures import picture, sha256


@pytest.fixture
def reports(session: Session) -> Callable[[], int]:
    """How many reports there are."""

    def count() -> int:
        session.rollback()
        return session.scalar(select(func.count()).select_from(Report)) or 0

    return count


def test_accepted_once_committed(rider: FlaskClient, session: Session) -> None:
    one = item(put_new(rider))
    verdict = send_one(rider, one)
    assert verdict["verdict"] == "accepted"
    report = session.scalars(select(Report)).one()
    assert verdict["key"] == one["key"]
    assert verdict["reference"] == report.number
    assert verdict["url"] == f"/reports/{report.id}"
    assert [photo.sha256 for photo in report.photos] == one["photos"]


def test_what_the_phone_said_is_kept(rider: FlaskClient, session: Session) -> None:
    one = item(put_new(rider))
    send_one(rider, one)
    report = session.scalars(select(Report)).one()
    assert (report.latitude, report.longitude, report.accuracy_m) == (31.3193, 120.6738, 12.5)
    assert int(report.captured_at.timestamp() * 1000) == one["captured_at"]
    assert report.sent_at is not None
    assert report.server_offset_ms == 120


def test_the_same_again_is_a_duplicate_with_the_first_answer(
    rider: FlaskClient, reports: Callable[[], int]
) -> None:
    one = item(put_new(rider))
    first, second = send_one(rider, one), send_one(rider, one | {"sent_at": None})
    assert second == first | {"verdict": "duplicate"}
    assert reports() == 1


def test_a_duplicate_is_known_after_any_time(
    held_clock: Clock, rider_person: Person, browser_of: Callable[[Person], FlaskClient]
) -> None:
    rider = browser_of(rider_person)
    one = item(put_new(rider))
    first = send_one(rider, one)
    held_clock.forward(days=3650)
    assert send_one(browser_of(rider_person), one) == first | {"verdict": "duplicate"}


def test_other_content_under_the_key_is_a_conflict(
    rider: FlaskClient, reports: Callable[[], int]
) -> None:
    one = item(put_new(rider))
    first = send_one(rider, one)
    verdict = send_one(rider, one | {"fields": one["fields"] | {"description": "changed"}})
    assert verdict["verdict"] == "conflict"
    assert verdict["reference"] == first["reference"]
    assert reports() == 1


def test_another_persons_equal_key_is_another_item(
    rider: FlaskClient, browser_of: Callable[[Person], FlaskClient], people: People,
    reports: Callable[[], int],
) -> None:  # fmt: skip
    key, other = new_key(), browser_of(people.make("rider"))
    first = send_one(rider, item(put_new(rider), key=key))
    second = send_one(other, item(put_new(other), key=key))
    assert (first["verdict"], second["verdict"]) == ("accepted", "accepted")
    assert first["reference"] != second["reference"]
    assert reports() == 2


def test_missing_photos_are_named_then_it_is_accepted(rider: FlaskClient) -> None:
    content = [picture(9001), picture(9002)]
    one = item(*map(sha256, content))
    put(rider, content[0])
    assert send_one(rider, one) == {
        "key": one["key"], "verdict": "missing_photos", "missing": [sha256(content[1])],
    }  # fmt: skip
    put(rider, content[1])
    assert send_one(rider, one)["verdict"] == "accepted"


def test_a_photo_of_somebody_else_is_missing_until_sent_oneself(
    rider: FlaskClient, browser_of: Callable[[Person], FlaskClient], people: People
) -> None:
    content = picture(9003)
    put(rider, content)
    other = browser_of(people.make("rider"))
    one = item(sha256(content))
    assert send_one(other, one)["verdict"] == "missing_photos"
    assert put(other, content).status_code == 200
    assert send_one(other, one)["verdict"] == "accepted"


def test_a_report_without_a_photo_is_rejected(rider: FlaskClient) -> None:
    verdict = send_one(rider, item())
    assert verdict["verdict"] == "rejected"
    assert list(verdict["errors"]) == ["photos"]


def test_an_unknown_kind_or_schema_is_rejected(rider: FlaskClient) -> None:
    photo = put_new(rider)
    for change in ({"kind": "badge_scan"}, {"schema": 99}):
        verdict = send_one(rider, item(photo) | change)
        assert verdict["verdict"] == "rejected"
        assert list(verdict["errors"]) == ["schema"]


def test_only_a_riders_reports_are_taken(
    dispatcher: FlaskClient, reports: Callable[[], int]
) -> None:
    verdict = send_one(dispatcher, item(put_new(dispatcher)))
    assert verdict["verdict"] == "rejected"
    assert reports() == 0


BAD: list[Callable[[str], object]] = [
    lambda photo: None,
    lambda photo: "text",
    lambda photo: item(photo) | {"key": 7},
    lambda photo: item(photo, category="9999"),
    lambda photo: item(photo, category=["0102"]),
    lambda photo: item(photo, category={"code": "0102"}),
    lambda photo: item(photo, latitude=999),
    lambda photo: item(photo, description="x" * 501),
    lambda photo: item(),
    lambda photo: item("f" * 64),
    lambda photo: item(photo) | {"captured_at": 253_402_300_799_999, "server_offset": 10**11},
    lambda photo: item(photo) | {"captured_at": 221_845_391_999_999, "server_offset": 10**11},
]


@pytest.mark.parametrize("bad", BAD)
def test_one_bad_item_holds_back_no_other(
    rider: FlaskClient, bad: Callable[[str], object], reports: Callable[[], int]
) -> None:
    photo = put_new(rider)
    batch: list[Item] = [item(photo), bad(photo), item(photo)]  # type: ignore[list-item]
    verdicts = send(rider, *batch)
    assert [verdicts[0]["verdict"], verdicts[2]["verdict"]] == ["accepted", "accepted"]
    assert [verdicts[0]["key"], verdicts[2]["key"]] == [batch[0]["key"], batch[2]["key"]]
    assert reports() >= 2


def test_answers_come_in_the_order_of_the_items(rider: FlaskClient) -> None:
    photo = put_new(rider)
    batch = [item(photo if number % 3 else "e" * 64) for number in range(100)]
    verdicts = send(rider, *batch)
    assert [verdict["key"] for verdict in verdicts] == [one["key"] for one in batch]
    assert [verdict["verdict"] for verdict in verdicts] == [
        "accepted" if number % 3 else "missing_photos" for number in range(100)
    ]


def test_the_same_item_twice_in_a_batch_counts_once(
    rider: FlaskClient, reports: Callable[[], int]
) -> None:
    one = item(put_new(rider))
    first, second = send(rider, one, one)
    assert (first["verdict"], second["verdict"]) == ("accepted", "duplicate")
    assert first["reference"] == second["reference"]
    assert reports() == 1


def test_one_key_with_two_contents_in_a_batch_is_a_conflict(
    rider: FlaskClient, reports: Callable[[], int]
) -> None:
    one = item(put_new(rider))
    other = one | {"fields": one["fields"] | {"place": "elsewhere"}}
    assert [verdict["verdict"] for verdict in send(rider, one, other)] == ["accepted", "conflict"]
    assert reports() == 1


def test_a_rejected_item_leaves_its_key_free(rider: FlaskClient, session: Session) -> None:
    bad = item(put_new(rider), category="9999")
    assert send_one(rider, bad)["verdict"] == "rejected"
    assert session.scalars(select(SyncItem)).all() == []
    good = bad | {"fields": bad["fields"] | {"category": "0102"}}
    assert send_one(rider, good)["verdict"] == "accepted"


def test_an_item_that_the_database_refuses_holds_back_no_other(
    rider: FlaskClient, reports: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A category that was taken away after it was looked up: the foreign key says no."""
    known = report_kind.category_codes
    monkeypatch.setattr(report_kind, "category_codes", lambda session: known(session) | {"9999"})
    photo = put_new(rider)
    verdicts = send(rider, item(photo), item(photo, category="9999"), item(photo))
    assert [one["verdict"] for one in verdicts] == ["accepted", "retry", "accepted"]
    assert reports() == 2
