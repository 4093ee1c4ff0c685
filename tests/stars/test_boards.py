"""Leaderboards: ranks, ties, months, companies, stations; and who does not want to be there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Kind, Membership, Organisation
from app.blueprints.stars import boards, warnings
from app.blueprints.stars.boards import Board, Of
from app.blueprints.stars.levels import month_of
from app.blueprints.stars.models import StandingEvent
from app.blueprints.stars.reckoning import reckon_due
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import People, Person
from tests.support.stars import NOON, do, settle

Browser = Callable[[Person], FlaskClient]
MAY = month_of(NOON)


@pytest.fixture
def crowd(session: Session, people: People) -> list[int]:
    """Seven riders with 9, 8, 8, 8, 5, 5, 1 points."""
    riders = [people.make("rider", name=f"王{n}号").id for n in range(7)]
    for rider, points in zip(riders, (9, 8, 8, 8, 5, 5, 1), strict=True):
        do(session, rider, points)
    settle(session)
    return riders


def whole(session: Session, board: Board, rider_id: int = 0) -> list[tuple[int, int]]:
    """Ranks and points over all pages."""
    found: list[tuple[int, int]] = []
    after: str | None = None
    while True:
        page = boards.page(session, board, rider_id, after=after)
        found += [(line.rank, line.points) for line in page.lines]
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("size", [1, 2, 3, 4, 50])
def test_ties_share_a_rank_on_whatever_page_they_stand(
    session: Session, crowd: list[int], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(boards, "PAGE", size)
    found = whole(session, Board(Of.DISTRICT, MAY))
    assert found == [(1, 9), (2, 8), (2, 8), (2, 8), (5, 5), (5, 5), (7, 1)]
    ranks = [boards.own(session, Board(Of.DISTRICT, MAY), rider).rank for rider in crowd]
    assert ranks == [1, 2, 2, 2, 5, 5, 7]


def test_a_month_is_its_own_board(session: Session, crowd: list[int]) -> None:
    do(session, crowd[6], 2, at=NOON + timedelta(days=31))
    settle(session)
    june = Board(Of.DISTRICT, month_of(NOON + timedelta(days=31)))
    assert whole(session, june) == [(1, 2)]
    assert boards.own(session, june, crowd[0]) == boards.Own(None, 0)


def test_a_company_and_a_station_have_boards_of_their_own(
    session: Session, crowd: list[int]
) -> None:
    with transaction(session):
        station = Organisation(kind=Kind.STATION, path="/7/", name_zh="甲", name_en="A")
        session.add(station)
        session.flush()
        session.expunge(station)
    for rider, points in ((crowd[1], 3), (crowd[4], 4)):
        do(session, rider, points, place_id=station.id)
    settle(session)
    assert whole(session, Board(Of.STATION, MAY, station)) == [(1, 4), (2, 3)]
    company = boards.company_of(session, crowd[1], MAY)
    assert whole(session, Board(Of.COMPANY, MAY, company)) == [(1, 11)]
    assert boards.stations_of(session, crowd[1], MAY)[0].id == station.id


def test_what_is_taken_back_leaves_the_board(session: Session, people: People) -> None:
    from tests.support.stars import undo

    rider = people.make("rider").id
    task = do(session, rider, 4)
    settle(session)
    undo(session, task)
    settle(session)
    assert whole(session, Board(Of.DISTRICT, MAY)) == []
    assert boards.own(session, Board(Of.DISTRICT, MAY), rider).rank is None


@pytest.fixture
def now_person(session: Session, people: People) -> tuple[Person, Person]:
    """Two riders who earned today: 王小明 5, 李四 9."""
    ming, si = people.make("rider", name="王小明"), people.make("rider", name="李四")
    do(session, ming.id, 5, at=clock.now())
    do(session, si.id, 9, at=clock.now())
    settle(session, now=clock.now())
    return ming, si


def test_names_are_masked_but_ones_own(
    now_person: tuple[Person, Person], browser_of: Browser
) -> None:
    page = browser_of(now_person[0]).get("/stars/boards").text
    assert "第 2 名" in page
    assert "王小明" in page
    assert "李*" in page
    assert "李四" not in page


def test_who_leaves_is_seen_by_nobody_and_keeps_the_own_rank(
    session: Session, now_person: tuple[Person, Person], browser_of: Browser
) -> None:
    ming, si = (browser_of(one) for one in now_person)
    assert si.post("/stars/boards/listed", data={"listed": "0"}).status_code == 302
    page = ming.get("/stars/boards").text
    assert "李*" not in page
    assert "第 1 名" in page
    own = si.get("/stars/boards").text
    assert "第 1 名" in own
    assert "只有你能看到" in own
    do(session, now_person[1].id, 4, at=clock.now() - timedelta(days=40))
    settle(session, now=clock.now())
    before = month_of(clock.now() - timedelta(days=40)).strftime("%Y-%m")
    assert "李*" not in ming.get(f"/stars/boards?month={before}").text
    si.post("/stars/boards/listed", data={"listed": "1"})
    assert "李*" in ming.get("/stars/boards").text
    steps = session.execute(select(StandingEvent.what, StandingEvent.actor_id))
    assert [tuple(step) for step in steps] == [
        ("left", now_person[1].id), ("returned", now_person[1].id),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "of=galaxy", "month=2026-13", "month=9999-01", "month=2001-01", "after=x", "after=1",
        "after=99999999999999999.5", "after=-1.2", "after=٣.٣", "of=station&station=x",
        "of=company&after=5.5",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_shows_a_board_all_the_same(
    rider: FlaskClient, query: str
) -> None:
    assert rider.get(f"/stars/boards?{query}").status_code == 200


def test_a_station_that_is_none_is_not_found(rider: FlaskClient, rider_person: Person) -> None:
    assert rider.get("/stars/boards?of=station&station=99999999999999").status_code == 404
    assert rider.get("/stars/boards?of=station&station=1").status_code == 404


def test_a_page_asks_the_same_few_questions_however_many_there_are(
    session: Session, people: People
) -> None:
    def asked() -> int:
        statements: list[str] = []
        engine = session.get_bind()

        def note(*args: object) -> None:
            statements.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        boards.page(session, Board(Of.DISTRICT, MAY), 0)
        event.remove(engine, "before_cursor_execute", note)
        session.rollback()
        return sum("SELECT" in one for one in statements)

    do(session, people.make("rider").id, 4)
    settle(session)
    few = asked()
    for _rider in range(12):
        do(session, people.make("rider").id, 4)
    settle(session)
    assert asked() == few


def test_the_boards_of_colleagues_are_those_of_the_company(
    session: Session, people: People, browser_of: Browser
) -> None:
    ming, other = people.make("rider", name="王小明"), people.make("rider", name="赵六")
    with transaction(session):
        home = session.scalar(
            select(Membership.organisation_id).where(Membership.user_id == ming.id)
        )
        joined = session.scalars(select(Membership).where(Membership.user_id == other.id)).one()
        joined.organisation_id = home or 0
    do(session, other.id, 6, at=clock.now())
    settle(session, now=clock.now())
    page = browser_of(ming).get("/stars/boards?of=company").text
    assert "赵*" in page
    assert "本月在这里还没有积分" in page


def test_boards_and_ranks_are_read_from_their_indexes(session: Session, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("how SQLite goes about it")
    session.rollback()
    statements: list[tuple[str, object]] = []
    engine = session.get_bind()

    def note(_c: object, _u: object, text: str, values: object, *_more: object) -> None:
        statements.append((text, values))

    event.listen(engine, "before_cursor_execute", note)
    for board in (
        Board(Of.DISTRICT, MAY),
        Board(Of.COMPANY, MAY, Organisation(id=5)),
        Board(Of.STATION, MAY, Organisation(id=5)),
    ):
        boards.page(session, board, 0, after="5.5")
        boards.rank_of(session, board, 5)
    reckon_due(session, now=NOON)
    warnings.any_unwarned(session, now=NOON)
    event.remove(engine, "before_cursor_execute", note)
    plans = [
        [str(row[-1]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
        for connection in [session.connection().connection.driver_connection]
        for text, values in statements
        if connection is not None and text.startswith("SELECT") and "FROM star_rounds" not in text
    ]
    assert len(plans) > 6
    for plan in plans:
        assert not any(step.startswith("SCAN") and "INDEX" not in step for step in plan), plan
        assert not any("TEMP B-TREE" in step for step in plan), plan
