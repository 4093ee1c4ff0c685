"""Stations with years of check-ins and their sums, written by the database itself.

Everything about a check-in follows from its number, so that no row leaves the database and each
run has the same ones. Which of them lead a visit is drawn too: sums are counted from the rows as
they are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.stations.models import Facility, Station, StationFacility
from app.lib import clock

STATIONS, STREETS, COMPANIES, DAYS = 280, 5, 8, 730
SOUTH, WEST, SIDE = 31.26, 120.66, 0.01
OPENS_H, HOURS = 7, 16
"""Check-ins come from seven in the morning until eleven at night."""
_NUMBERS = """
WITH RECURSIVE numbers(i) AS (
  SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < {count}
), drawn AS (
  SELECT i,
    (i * 7919 + 13) % 1000003 % {stations} AS station,
    (i * 104729 + 7) % 1000033 % {days} AS day,
    (i * 1299709 + 3) % 1000037 % {hours} AS hour,
    (i * 15485863 + 5) % 1000039 % 100 AS share
  FROM numbers
)
INSERT INTO check_ins (key, station_id, company_id, who, people, label, way, purpose, at,
  received_at, leads)
SELECT {key}, {first_station} + station,
  CASE WHEN share < 95 THEN {first_company} + share % {companies} END,
  CASE WHEN share < 95 THEN 'rider' ELSE 'worker' END,
  CASE WHEN share < 95 THEN 1 ELSE 1 + share % 9 END, '', 'poster',
  CASE WHEN share < 40 THEN 'rest' WHEN share < 70 THEN 'water' WHEN share < 85 THEN 'charge'
    WHEN share < 92 THEN 'meal' ELSE 'other' END,
  {at}, {at}, {leads}
FROM drawn
"""
_AT_S = "{begun_s} + day * 86400 + ({opens} + hour) * 3600 + i % 3600"
_WORDS = {
    "sqlite": {
        "at": f"strftime('%Y-%m-%d %H:%M:%S.000000', {_AT_S}, 'unixepoch')",
        "key": "CAST(i AS TEXT)", "leads": "share % 10 < 8",
        "day": "date(at, '+8 hours')", "month": "date(day, 'start of month')",
        "hour": "CAST(strftime('%H', at, '+8 hours') AS INTEGER)",
    },
    "postgresql": {
        "at": f"to_timestamp({_AT_S})", "key": "CAST(i AS TEXT)", "leads": "share % 10 < 8",
        "day": "CAST(at AT TIME ZONE 'Asia/Shanghai' AS DATE)",
        "month": "CAST(date_trunc('month', day) AS DATE)",
        "hour": "CAST(extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') AS INTEGER)",
    },
}  # fmt: skip
_VALUES = {
    "who": "CASE WHEN who = 'rider' THEN 0 ELSE 1 END",
    "hour": "{hour}",
    "purpose": "CASE purpose WHEN 'rest' THEN 1 WHEN 'water' THEN 2 WHEN 'charge' THEN 3"
    " WHEN 'meal' THEN 4 ELSE 7 END",
    "company": "COALESCE(company_id, 0)",
}
COUNTS = "COUNT(*), SUM(people), SUM(CASE WHEN leads THEN 1 ELSE 0 END)"
_SUMS = """
INSERT INTO visit_sums (station_id, dimension, day, value, check_ins, people, visits)
SELECT station_id, '{dimension}', {day}, {value}, {counts} FROM check_ins
GROUP BY station_id, {day}, {value} ORDER BY 3
"""
_TOTALS = """
INSERT INTO visit_totals (station_id, dimension, day, value, check_ins, people, visits)
SELECT station_id, dimension, {month}, value, SUM(check_ins), SUM(people), SUM(visits)
FROM visit_sums GROUP BY station_id, dimension, {month}, value
"""


@dataclass(frozen=True)
class Filled:
    """Who looks at the figures, by the ids of people, and from which local day they reach."""

    administrator: int
    host: int
    manager: int
    street: int
    first: date
    kind: str

    def count(self, dimension: str) -> str:
        """The figures of some days by the value of a dimension, counted from the check-ins."""
        value = _VALUES[dimension].format(**_WORDS[self.kind])
        return (
            f"SELECT {value}, {COUNTS} FROM check_ins WHERE at >= :since AND at < :until GROUP BY 1"
        )


def fill(session: Session, check_ins: int, kind: str, days: int = DAYS) -> Filled:
    """Stations, people, so many check-ins of riders and others until yesterday, and their sums;
    commits."""
    now = clock.now()
    first = clock.to_local(now).date() - timedelta(days=days)
    streets = [_organisation(session, Kind.STREET, None) for _street in range(STREETS)]
    companies = [_organisation(session, Kind.COMPANY, None) for _company in range(COMPANIES)]
    since = datetime.combine(first, time(), UTC)
    homes = [_organisation(session, Kind.STATION, streets[n % STREETS]) for n in range(STATIONS)]
    session.add_all(_station(home, number, since) for number, home in enumerate(homes))
    authority = _organisation(session, Kind.AUTHORITY, None)
    filled = Filled(
        _person(session, Role.ADMINISTRATOR, authority, now),
        _person(session, Role.HOST, homes[0], now),
        _person(session, Role.COMPANY_MANAGER, companies[0], now), streets[0].id, first, kind,
    )  # fmt: skip
    words = {
        "count": check_ins, "stations": STATIONS, "days": days, "hours": HOURS, "opens": OPENS_H,
        "companies": COMPANIES, "first_station": homes[0].id, "first_company": companies[0].id,
        "begun_s": int(clock.start_of_day(now).timestamp()) - days * 86_400,
    }  # fmt: skip
    _write(session, kind, words)
    return filled


def _write(session: Session, kind: str, words: dict[str, int]) -> None:
    own = {name: word.format(**words) for name, word in _WORDS[kind].items()}
    session.execute(text(_NUMBERS.format(**words | own)))
    for dimension, value in _VALUES.items():
        named = {"dimension": dimension, "value": value.format(**own), "counts": COUNTS}
        session.execute(text(_SUMS.format(**own | named)))
    session.execute(text(_TOTALS.format(**own)))
    session.commit()
    if kind == "sqlite":
        session.execute(text("ANALYZE"))
        session.commit()
        return
    engine = session.get_bind().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _organisation(session: Session, kind: Kind, parent: Organisation | None) -> Organisation:
    made = Organisation(
        kind=kind, path="", name_zh="基准", name_en="Bench", parent_id=parent.id if parent else None
    )
    session.add(made)
    session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    return made


def _station(home: Organisation, number: int, since: datetime) -> Station:
    return Station(
        organisation_id=home.id, number=f"B{number:04}", level=2, kind="red_bee",
        address_zh="星湖街1号", latitude=SOUTH + number % 12 * SIDE,
        longitude=WEST + number // 12 % 19 * SIDE, created_at=since, changed_at=since,
        facilities=[
            StationFacility(facility=Facility.REST, count=6),
            StationFacility(facility=Facility.PHONE_CHARGING, count=4),
        ],
    )  # fmt: skip


def _person(session: Session, role: Role, home: Organisation, now: datetime) -> int:
    made = User(phone=None, name="基准", created_at=now)
    session.add(made)
    session.flush()
    session.add(Membership(user_id=made.id, organisation_id=home.id, role=role, created_at=now))
    return made.id
