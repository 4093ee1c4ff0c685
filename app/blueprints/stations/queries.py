"""Reading stations. Who works at one is part of the query."""

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation, Role
from app.blueprints.stations.models import Station
from app.errors import NotFound


def run_by(actor: User) -> Select[Station]:
    """The stations that the actor works at: administrators all, the host of a station that one,
    the host of a street, community or company those below it or run by it. Ended ones too."""
    found = select(Station).join(Station.organisation)
    return found if actor.has_role(Role.ADMINISTRATOR) else found.where(_below_homes(actor))


def _below_homes(actor: User) -> ColumnElement[bool]:
    homes = [one.organisation for one in actor.memberships if one.role == Role.HOST]
    if not homes:
        return false()
    return or_(
        Station.operator_id.in_([home.id for home in homes]),
        *(Organisation.path.startswith(home.path, autoescape=True) for home in homes),
    )


def run_station(session: Session, actor: User, station_id: int) -> Station:
    """A station that the actor works at. Raises NotFound."""
    found = session.scalar(run_by(actor).where(Station.organisation_id == station_id))
    if found is None:
        raise NotFound
    return found


def station(session: Session, station_id: int) -> Station:
    """A station as anybody may see it: not one that was given up. Raises NotFound."""
    found = session.scalar(
        select(Station).where(Station.organisation_id == station_id, Station.ended_at.is_(None))
    )
    if found is None:
        raise NotFound
    return found
