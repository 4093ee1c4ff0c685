"""Whom an announcement is for, as one SELECT of people, within the bounds of who announces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased

from app.blueprints.accounts.models import User
from app.blueprints.announcements.models import Announcement
from app.blueprints.organisations.models import (
    ANNOUNCING,
    Kind,
    Membership,
    Organisation,
    Role,
)
from app.blueprints.stars.levels import month_of, months_back
from app.blueprints.stars.models import PlaceSum, Standing

OF_A_COMPANY = (Role.RIDER, Role.COMPANY_MANAGER)
"""Whom a company may tell something: its own of these."""
VISITED_MONTHS = 3
"""The present month, and the two before it."""


@dataclass(frozen=True)
class Audience:
    """People who hold one of the roles; in one of the companies, if any are named; who belong
    to the area or something below it, if one is named; who have so many stars, if more than one;
    and who earned lately at a station, or at one below an area, if `visited_id` names it. A
    further condition is a field here, and a line of `_conditions`."""

    roles: tuple[Role, ...] = (Role.RIDER,)
    companies: tuple[int, ...] = ()
    area_id: int | None = None
    min_star: int = 1
    visited_id: int | None = None

    def stored(self) -> dict[str, Any]:
        """As `Announcement.audience` keeps it."""
        return {
            "roles": self.roles, "companies": self.companies, "area": self.area_id,
            "min_star": self.min_star, "visited": self.visited_id,
        }  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Audience":
        """What `stored` made, or made before there were stars."""
        roles = tuple(Role(one) for one in stored["roles"])
        return cls(
            roles, tuple(stored["companies"]), stored["area"],
            min_star=stored.get("min_star", 1), visited_id=stored.get("visited"),
        )  # fmt: skip


@dataclass(frozen=True)
class Sender:
    """An organisation, and the role in which somebody announces for it."""

    organisation: Organisation
    role: Role

    @property
    def key(self) -> str:
        """A short text that means it: "7:administrator"."""
        return f"{self.organisation.id}:{self.role}"

    @property
    def reaches_everybody(self) -> bool:
        return self.role == Role.ADMINISTRATOR and self.organisation.kind == Kind.AUTHORITY

    @property
    def is_company(self) -> bool:
        return self.role == Role.COMPANY_MANAGER

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that it may choose among."""
        return OF_A_COMPANY if self.is_company else tuple(Role)


def senders_of(actor: User) -> list[Sender]:
    """For whom somebody may announce, by their present memberships."""
    return [
        Sender(one.organisation, one.role) for one in actor.memberships if one.role in ANNOUNCING
    ]


def sender_of(announcement: Announcement) -> Sender:
    """Who announces it."""
    return Sender(announcement.organisation, Role(announcement.role))


def people(sender: Sender, audience: Audience, *, now: datetime) -> Select[int]:
    """The ids of everybody in an audience, each once. Whoever was disabled is in none."""
    return select(User.id).where(User.disabled_at.is_(None), *_conditions(sender, audience, now))


def _conditions(sender: Sender, audience: Audience, now: datetime) -> Iterator[ColumnElement[bool]]:
    yield _holds(sender, audience)
    if audience.min_star > 1:
        yield exists().where(Standing.user_id == User.id, Standing.level >= audience.min_star)
    if audience.visited_id is not None:
        yield _visited(audience.visited_id, months_back(month_of(now), VISITED_MONTHS - 1))
    if audience.area_id is not None:
        yield _belongs_to(audience.area_id)
    if not sender.is_company and not sender.reaches_everybody:
        yield _belongs_to(sender.organisation.id)


def _holds(sender: Sender, audience: Audience) -> ColumnElement[bool]:
    """A membership of one of the roles, in one of the companies."""
    companies = (sender.organisation.id,) if sender.is_company else audience.companies
    found = [_current(), Membership.role.in_(set(audience.roles) & set(sender.roles))]
    if companies:
        found.append(Membership.organisation_id.in_(companies))
    return exists().where(*found)


def _belongs_to(organisation_id: int) -> ColumnElement[bool]:
    """Any membership in an organisation or below it. From the membership up: with the ids of all
    below as a list SQLite would look for each of them, for each person."""
    home, top = aliased(Organisation), aliased(Organisation)
    return exists().where(
        _current(),
        Membership.organisation_id == home.id,
        top.id == organisation_id,
        home.path.startswith(top.path),
    )


def _visited(organisation_id: int, first: date) -> ColumnElement[bool]:
    """Earned at a station, or at one below an area, from a month on: read from kept sums."""
    station, top = aliased(Organisation), aliased(Organisation)
    return exists().where(
        PlaceSum.user_id == User.id, PlaceSum.month >= first, PlaceSum.points > 0,
        PlaceSum.place_id == station.id, station.kind == Kind.STATION,
        top.id == organisation_id, station.path.startswith(top.path),
    )  # fmt: skip


def _current() -> ColumnElement[bool]:
    return (Membership.user_id == User.id) & Membership.ended_at.is_(None)
