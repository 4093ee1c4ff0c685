"""The demo district's people: one account to try for each role, and 600 riders."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.demo import names
from app.blueprints.demo.district import District
from app.blueprints.organisations.models import Kind, Membership, Role

RIDERS = 600
JOINED_BEFORE = timedelta(days=400)


@dataclass(frozen=True)
class Account:
    """An account to try."""

    number: int
    role: Role
    kind: Kind
    name: str
    use: str
    place: int = 0
    """Which one of its kind, in the order of the district."""

    @property
    def phone(self) -> str:
        """E.164."""
        return f"+861390000{self.number:04}"

    @property
    def shown_phone(self) -> str:
        """As people type it."""
        return f"139 0000 {self.number:04}"


ACCOUNTS = (
    Account(
        1,
        Role.RIDER,
        Kind.COMPANY,
        "王骑手（演示）",
        "the badge, snap and report, tasks, rewards, offline",
    ),
    Account(
        101, Role.DISPATCHER, Kind.CENTRE, "李派遣（演示）", "the centre's desk, map, appraisal"
    ),
    Account(
        102, Role.DISPATCHER, Kind.CENTRE, "唐派遣（演示）", "the same desk, as a second person"
    ),
    Account(201, Role.GUARD, Kind.GATE, "赵门岗（演示）", "the passes of his gate"),
    Account(
        301,
        Role.HOST,
        Kind.STATION,
        "陈站长（演示）",
        "the counter and desk of a station, vouchers",
    ),
    Account(302, Role.HOST, Kind.STREET, "许站长（演示）", "all stations of a street"),
    Account(
        401,
        Role.GRID_WORKER,
        Kind.GRID,
        "周网格（演示）",
        "cases to verify in the grid, tasks for riders",
    ),
    Account(501, Role.HANDLER, Kind.DEPARTMENT, "吴处置（演示）", "the department's cases"),
    Account(
        502, Role.HANDLER, Kind.DEPARTMENT, "郑协办（演示）", "another department, with parts", 1
    ),
    Account(
        601,
        Role.COMPANY_MANAGER,
        Kind.COMPANY,
        "孙经理（演示）",
        "the register of riders, portraits",
    ),
    Account(701, Role.PARTY_ORGANISER, Kind.COMMITTEE, "朱组织（演示）", "account and devices"),
    Account(
        801,
        Role.ADMINISTRATOR,
        Kind.AUTHORITY,
        "林管理（演示）",
        "all desks, rewards, budgets, reviews",
    ),
    Account(
        901, Role.PROPERTY_MANAGER, Kind.PROPERTY_COMPANY, "马物业（演示）", "compounds, gates"
    ),
)


@dataclass(frozen=True)
class People:
    """The ids that the history needs."""

    riders: list[int]
    dispatchers: list[int]
    administrator: int
    host: int
    """Of the first station."""
    handlers: dict[int, int]
    """One of each department, by its id."""
    verifiers: dict[int, int]
    """Grid workers by the grid or the street that is theirs."""


Person = tuple[str, str, Role, int]
"""Number, name, role, and the organisation where it is held."""


def build_people(
    session: Session, district: District, chance: random.Random, now: datetime
) -> People:
    """Write people and memberships."""
    since = now - JOINED_BEFORE
    staff = [(one.phone, one.name, one.role, district.of(one.kind)[one.place]) for one in ACCOUNTS]
    staff += _colleagues(district)
    everybody = staff + _riders(district, chance)
    session.execute(
        insert(User),
        [
            {"phone": phone, "name": name, "created_at": since}
            for phone, name, _role, _home in everybody
        ],
    )
    ids = {row.phone: row.id for row in session.execute(select(User.phone, User.id))}
    session.execute(
        insert(Membership),
        [
            {"user_id": ids[phone], "role": role, "organisation_id": home, "created_at": since}
            for phone, _name, role, home in everybody
        ],
    )
    return _people([(ids[phone], role, home) for phone, _name, role, home in everybody])


def _colleagues(district: District) -> list[Person]:
    """Whoever the cases need beside the accounts to try: a handler of each further department,
    and a grid worker of each street."""
    tried = {one.place for one in ACCOUNTS if one.kind == Kind.DEPARTMENT}
    departments = [
        home for place, home in enumerate(district.of(Kind.DEPARTMENT)) if place not in tried
    ]
    homes = [(Role.HANDLER, "经办", home) for home in departments]
    homes += [(Role.GRID_WORKER, "网格", home) for home in district.of(Kind.STREET)]
    return [
        (
            f"+861390002{number:04}",
            f"{names.SURNAMES[number % len(names.SURNAMES)]}{word}{number:02}（演示）", role, home,
        )
        for number, (role, word, home) in enumerate(homes, start=1)
    ]  # fmt: skip


def _riders(district: District, chance: random.Random) -> list[Person]:
    companies = district.of(Kind.COMPANY)
    return [
        (
            f"+861390001{number:04}",
            f"{chance.choice(names.SURNAMES)}师傅{number:03}（演示）",
            Role.RIDER,
            chance.choice(companies),
        )
        for number in range(1, RIDERS)
    ]


def _people(held: list[tuple[int, Role, int]]) -> People:
    def of(role: Role) -> dict[int, int]:
        return {home: user for user, one, home in held if one == role}

    return People(
        riders=[user for user, role, _home in held if role == Role.RIDER],
        dispatchers=[user for user, role, _home in held if role == Role.DISPATCHER],
        administrator=next(user for user, role, _home in held if role == Role.ADMINISTRATOR),
        host=next(user for user, role, _home in held if role == Role.HOST),
        handlers=of(Role.HANDLER),
        verifiers=of(Role.GRID_WORKER),
    )
