"""Pictures of stations, in the order in which they are shown. Their bytes are kept by the edge."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations.changing import note_change
from app.blueprints.stations.models import Station, StationPicture
from app.blueprints.stations.services import running_station
from app.errors import Invalid, NotFound
from app.lib.imaging import Sheet

MOST_PICTURES = 6


def picture_name(sha256: str) -> str:
    """Where a picture lies in the storage of photos."""
    return f"stations/{sha256[:2]}/{sha256}.jpg"


def is_shown(session: Session, sha256: str) -> bool:
    """Whether a station that was not given up has this picture."""
    found = (
        select(StationPicture.id)
        .join(Station, Station.organisation_id == StationPicture.station_id)
        .where(StationPicture.sha256 == sha256, Station.ended_at.is_(None))
    )
    return session.scalar(found.limit(1)) is not None


def add_picture(
    session: Session, actor: User, station_id: int, *, sheet: Sheet, sha256: str, now: datetime
) -> StationPicture:
    """Show a picture after the others. Raises NotFound, Conflict, and Invalid at `picture` for the
    seventh and for one that is there."""
    station = running_station(session, actor, station_id)
    if len(station.pictures) >= MOST_PICTURES:
        raise Invalid({"picture": [_("At most %(most)s pictures.", most=MOST_PICTURES)]})
    if any(one.sha256 == sha256 for one in station.pictures):
        raise Invalid({"picture": [_("That picture is there already.")]})
    picture = StationPicture(
        station_id=station_id, position=len(station.pictures) + 1, sha256=sha256,
        width=sheet.width, height=sheet.height, created_at=now,
    )  # fmt: skip
    station.pictures.append(picture)
    note_change(session, station, actor, "picture", now=now, data={"picture": [None, sha256[:8]]})
    return picture


def move_picture(
    session: Session, actor: User, station_id: int, picture_id: int, *, now: datetime
) -> None:
    """Show a picture one place earlier; the first stays. Raises NotFound and Conflict."""
    station = running_station(session, actor, station_id)
    shown = list(station.pictures)
    at = shown.index(_one(station, picture_id))
    if at == 0:
        return
    shown[at - 1], shown[at] = shown[at], shown[at - 1]
    _number(shown)
    note_change(session, station, actor, "picture", now=now)


def delete_picture(
    session: Session, actor: User, station_id: int, picture_id: int, *, now: datetime
) -> str | None:
    """Take a picture away. Answers its hash when no station shows it any more, so that its file
    may go. Raises NotFound and Conflict."""
    station = running_station(session, actor, station_id)
    picture = _one(station, picture_id)
    sha256 = picture.sha256
    station.pictures.remove(picture)
    _number(station.pictures)
    note_change(session, station, actor, "picture", now=now, data={"picture": [sha256[:8], None]})
    used = session.scalar(select(exists().where(StationPicture.sha256 == sha256)))
    return None if used else sha256


def _one(station: Station, picture_id: int) -> StationPicture:
    found = next((one for one in station.pictures if one.id == picture_id), None)
    if found is None:
        raise NotFound
    return found


def _number(pictures: list[StationPicture]) -> None:
    for position, picture in enumerate(pictures, start=1):
        picture.position = position
