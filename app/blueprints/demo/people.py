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

    @property
    def phone(self) -> str:
        """E.164."""
        return f"+861390000{self.number:04}"

    @property
    def shown_phone(self) -> str:
        """As people type it."""
        return f"139 0000 {self.number:04}"


ACCOUNTS = (
    Account(1, Role.RIDER, Kind.COMPANY, "王骑手（演示）", "the badge, snap and report, offline"),
    Account(101, Role.DISPATCHER, Kind.CENTRE, "李派遣（演示）", "intake: file or reject"),
    Account(201, Role.GUARD, Kind.GATE, "赵门岗（演示）", "the passes of his gate"),
    Account(301, Role.HOST, Kind.STATION, "陈站长（演示）", "account and devices"),
    Account(401, Role.GRID_WORKER, Kind.GRID, "周网格（演示）", "account and devices"),
    Account(501, Role.HANDLER, Kind.DEPARTMENT, "吴处置（演示）", "account and devices"),
    Account(
        601,
        Role.COMPANY_MANAGER,
        Kind.COMPANY,
        "孙经理（演示）",
        "the register of riders, portraits",
    ),
    Account(701, Role.PARTY_ORGANISER, Kind.COMMITTEE, "朱组织（演示）", "account and devices"),
    Account(801, Role.ADMINISTRATOR, Kind.AUTHORITY, "林管理（演示）", "all desks, audited looks"),
    Account(
        901, Role.PROPERTY_MANAGER, Kind.PROPERTY_COMPANY, "马物业（演示）", "compounds, gates"
    ),
)


@dataclass(frozen=True)
class People:
    """The ids that the history needs."""

    riders: list[int]
    dispatcher: int


def build_people(
    session: Session, district: District, chance: random.Random, now: datetime
) -> People:
    """Write people and memberships."""
    since = now - JOINED_BEFORE
    rows = [{"phone": one.phone, "name": one.name, "created_at": since} for one in ACCOUNTS]
    rows += [
        {
            "phone": f"+861390001{number:04}",
            "name": f"{chance.choice(names.SURNAMES)}师傅{number:03}（演示）",
            "created_at": since,
        }
        for number in range(1, RIDERS)
    ]
    session.execute(insert(User), rows)
    people = session.execute(select(User.phone, User.id))
    ids: dict[str, int] = {row.phone: row.id for row in people}
    homes = [(ids[one.phone], one.role, district.of(one.kind)[0]) for one in ACCOUNTS]
    companies = district.of(Kind.COMPANY)
    homes += [
        (ids[str(row["phone"])], Role.RIDER, chance.choice(companies))
        for row in rows[len(ACCOUNTS) :]
    ]
    session.execute(
        insert(Membership),
        [
            {"user_id": user, "role": role, "organisation_id": home, "created_at": since}
            for user, role, home in homes
        ],
    )
    riders = [user for user, role, _home in homes if role == Role.RIDER]
    return People(riders, ids[ACCOUNTS[1].phone])
