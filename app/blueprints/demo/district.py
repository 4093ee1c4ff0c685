"""The demo district's organisations, at the scale of the real one; names below street are made up."""

import random
from dataclasses import dataclass, field

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.blueprints.demo import names
from app.blueprints.organisations.models import Kind, Organisation

COMMUNITIES_A_STREET, GRIDS_A_COMMUNITY, COMPOUNDS, STATIONS = 12, 4, 60, 280


@dataclass
class District:
    """The organisations built, by kind; the rows themselves are written at the end."""

    rows: list[dict[str, object]] = field(default_factory=list)
    ids: dict[int, Kind] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)

    def add(self, kind: Kind, parent: int | None, name_zh: str, name_en: str) -> int:
        """A new organisation below `parent`; answers its id."""
        number = len(self.rows) + 1
        path = f"{self.paths[parent] if parent else '/'}{number}/"
        self.ids[number], self.paths[number] = kind, path
        self.rows.append(
            {
                "id": number, "kind": kind, "parent_id": parent, "path": path,
                "name_zh": name_zh, "name_en": name_en,
            }
        )  # fmt: skip
        return number

    def of(self, kind: Kind) -> list[int]:
        """The ids of a kind."""
        return [number for number, one in self.ids.items() if one == kind]


def build_district(session: Session, chance: random.Random) -> District:
    """Write the tree: authority > zone > street > community > grid, and what stands beside it."""
    district = District()
    root = district.add(Kind.AUTHORITY, None, "园区主管部门（演示）", "District authority (demo)")
    district.add(Kind.CENTRE, root, "城市运行中心（演示）", "City operation centre (demo)")
    district.add(Kind.COMMITTEE, root, "快递物流行业党委（演示）", "Industry committee (demo)")
    _areas(district, root)
    _departments(district, root)
    for index, (zh, en) in enumerate(names.COMPANIES, start=1):
        district.add(Kind.COMPANY, root, f"{zh}（演示）", f"{en} (demo {index})")
    _compounds(district, root, chance)
    _stations(district, chance)
    for start in range(0, len(district.rows), 500):
        session.execute(insert(Organisation), district.rows[start : start + 500])
    _move_sequence(session)
    return district


def _areas(district: District, root: int) -> None:
    zones = [district.add(Kind.ZONE, root, zh, en) for zh, en in names.ZONES]
    for index, (zh, en) in enumerate(names.STREETS):
        street = district.add(Kind.STREET, zones[index % len(zones)], zh, en)
        for number in range(COMMUNITIES_A_STREET):
            name = names.COMMUNITIES[
                (index * COMMUNITIES_A_STREET + number) % len(names.COMMUNITIES)
            ]
            community = district.add(
                Kind.COMMUNITY,
                street,
                f"{name}{index + 1}社区",
                f"Community {index + 1}-{number + 1}",
            )
            for grid in range(1, GRIDS_A_COMMUNITY + 1):
                district.add(Kind.GRID, community, f"{name}第{grid}网格", f"Grid {grid}")


def _departments(district: District, root: int) -> None:
    departments = [district.add(Kind.DEPARTMENT, root, zh, zh) for zh in names.DEPARTMENTS]
    for index in range(names.SYSTEMS):
        department = departments[index % len(departments)]
        owner = names.DEPARTMENTS[index % len(departments)]
        number = index // len(departments) + 1
        district.add(Kind.SYSTEM, department, f"{owner}业务系统{number}", f"System {index + 1}")


def _compounds(district: District, root: int, chance: random.Random) -> None:
    owners = [
        district.add(
            Kind.PROPERTY_COMPANY, root, f"示例物业{number}公司", f"Property company {number}"
        )
        for number in range(1, 7)
    ]
    for number in range(1, COMPOUNDS + 1):
        zh = f"{names.COMMUNITIES[number % len(names.COMMUNITIES)]}花园{number}期"
        compound = district.add(Kind.COMPOUND, owners[(number - 1) % 6], zh, f"Garden {number}")
        for gate in range(1, chance.randint(1, 3) + 1):
            district.add(Kind.GATE, compound, f"{zh}{'东南西'[gate - 1]}门", f"Gate {gate}")


def _stations(district: District, chance: random.Random) -> None:
    streets, communities = district.of(Kind.STREET), district.of(Kind.COMMUNITY)
    for number in range(1, STATIONS + 1):
        first = number <= 40
        parent = chance.choice(streets if first else communities)
        kind = "骑手加油站" if first else "红蜂暖新驿站"
        district.add(Kind.STATION, parent, f"{kind}{number:03}号", f"Station {number:03}")


def _move_sequence(session: Session) -> None:
    """On PostgreSQL ids given by us leave the table's sequence behind."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(names.MOVE_SEQUENCE)
