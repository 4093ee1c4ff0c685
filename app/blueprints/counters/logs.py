"""What hosts write down at a counter becomes check-ins, and is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.counters.log_fields import Log, TakeBack
from app.blueprints.counters.who_came import Came, Known, known_for, who_came
from app.blueprints.gates.rejudge import Trusted
from app.blueprints.organisations.models import STATIONS
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.blueprints.visits.drafts import CheckInDraft, timed
from app.errors import Forbidden, Invalid

WAITS_FOR = timedelta(days=1)
"""So long a taking back waits for what it takes back: the same phone sends both."""


@dataclass(frozen=True)
class Context:
    """What checking logs needs; `stations` are those named where the actor works, and when they
    were given up, None for those that were not."""

    actor: User
    stations: Mapping[int, datetime | None]
    known: Known
    now: datetime


@dataclass(frozen=True, slots=True)
class UndoDraft:
    """A taking back that may be written."""

    key: str
    undone: str
    actor: User
    at: datetime
    now: datetime

    @property
    def waits(self) -> bool:
        """Whether what is meant may yet arrive."""
        return self.now - self.at < WAITS_FOR


@dataclass(frozen=True, slots=True)
class Logged:
    """A log that was kept or taken back. It has no page of its own."""

    number: str
    url: str = ""


def context_of(
    session: Session, actor: User, wanted: Sequence[Log | TakeBack], *, trusted: Trusted,
    now: datetime,
) -> Context:  # fmt: skip
    """Read what checking these needs; the number of queries does not grow with them."""
    ids = {one.station_id for one in wanted}
    own = run_by(actor).with_only_columns(Station.organisation_id, Station.ended_at)
    stations = dict(session.execute(own.where(Station.organisation_id.in_(ids))).all())
    logs = [one for one in wanted if isinstance(one, Log) and one.station_id in stations]
    return Context(actor, stations, known_for(session, logs, trusted), now)


def draft_of(wanted: Log | TakeBack, context: Context) -> CheckInDraft | UndoDraft:
    """A check-in, or its taking back. Raises Forbidden for who works at no station, Invalid for
    who does not work at this one, and for who came when it had been given up."""
    if not context.actor.has_role(*STATIONS):
        raise Forbidden
    if wanted.station_id not in context.stations:
        raise Invalid({"station": [_("You do not work at this station.")]})
    if isinstance(wanted, TakeBack):
        return UndoDraft(wanted.key, wanted.undone, context.actor, wanted.at, context.now)
    ended_at = context.stations[wanted.station_id]
    if ended_at is not None and wanted.at >= ended_at:
        raise Invalid({"station": [_("This station was given up.")]})
    return _check_in(wanted, who_came(wanted, context.known), context)


def _check_in(log: Log, came: Came, context: Context) -> CheckInDraft:
    at, wrong_clock = timed(log.at, context.now)
    return CheckInDraft(
        key=log.key, station_id=log.station_id, rider_id=came.rider_id,
        company_id=came.company_id, who=log.who, people=log.people, label=came.label,
        way=log.way, purpose=log.purpose, at=at, received_at=context.now,
        recorder_id=context.actor.id, mark=came.mark or wrong_clock,
        distance_m=None, latitude=None, longitude=None,
    )  # fmt: skip
