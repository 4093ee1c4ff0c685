"""Stations for tests: the rows, and who works there."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.stations.models import Facility, Station, StationFacility
from app.lib import clock
from tests.support.people import Person

PLACE = {"latitude": 31.3193, "longitude": 120.6738}
"""Where the phones of tests are."""
_numbers = count(1)


@dataclass
class StationRows:
    """Writes stations into a session; the caller commits."""

    session: Session
    made: list[int] = field(default_factory=list)

    def street(self, name: str = "湖东街道") -> int:
        """A street of its own. Answers its id."""
        return self._organisation(Kind.STREET, None, name, "Hudong Street")

    def station(self, parent_id: int | None = None, **columns: Any) -> int:
        """A station, open round the clock where the phones are. Answers its id. `name_zh`,
        `name_en` and `facilities` (a list) go to where they belong."""
        number = next(_numbers)
        zh = columns.pop("name_zh", f"第{number}驿站")
        en = columns.pop("name_en", f"Station {number}")
        offered = columns.pop("facilities", [Facility.WATER, Facility.REST])
        home = self._organisation(Kind.STATION, parent_id, zh, en)
        now = clock.now()
        values = {
            "number": f"T{number:04}", "level": 2, "kind": "red_bee", "address_zh": "星湖街1号",
            "address_en": "1 Xinghu Street", "created_at": now, "changed_at": now, **PLACE,
        }  # fmt: skip
        station = Station(organisation_id=home, **(values | columns))
        station.facilities = [StationFacility(facility=one) for one in offered]
        self.session.add(station)
        self.session.flush()
        self.made.append(home)
        return home

    def host(self, organisation_id: int, name: str = "陈站长") -> Person:
        """A host of a station, street or company."""
        now = clock.now()
        user = User(phone=f"+86134{next(_numbers):08}", name=name, created_at=now)
        self.session.add(user)
        self.session.flush()
        self.session.add(
            Membership(
                user_id=user.id, organisation_id=organisation_id, role=Role.HOST, created_at=now
            )
        )
        self.session.flush()
        return Person(user.id, str(user.phone), user.name)

    def _organisation(self, kind: Kind, parent_id: int | None, zh: str, en: str) -> int:
        parent = self.session.get_one(Organisation, parent_id) if parent_id else None
        made = Organisation(kind=kind, parent_id=parent_id, path="", name_zh=zh, name_en=en)
        self.session.add(made)
        self.session.flush()
        made.path = f"{parent.path if parent else '/'}{made.id}/"
        self.session.flush()
        return made.id
