"""The outbox's kind `hand_out`: a host's word that a voucher was handed out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from limits import RateLimitItemPerMinute
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import STATIONS
from app.blueprints.points.books import MANY
from app.blueprints.rewards.handing import HandOutDraft, hand_out
from app.blueprints.rewards.models import HandOut, HandOutcome, WhyNot
from app.blueprints.rewards.voucher_codes import TEXT_LENGTH
from app.blueprints.sync.kind import Kind, Refused
from app.blueprints.sync.wire import Item
from app.blueprints.visits.drafts import timed
from app.errors import DomainError, Forbidden, Invalid
from app.extensions import limiter
from app.i18n import local_time
from app.lib.database import MAX_ROW_ID, alone

NUMBER_DIGITS = 10
UNKNOWN = RateLimitItemPerMinute(60)
"""Of numbers that nobody issued by each host: they are too long to be guessed at that pace."""
_LATER = Refused({}, again=True)
_GIVEN = _l("The voucher was handed out already.")
_WHY_NOT = {
    WhyNot.EXPIRED: _l("The voucher had run out when it was handed out."),
    WhyNot.CANCELLED: _l("The rider had given the voucher back before."),
    WhyNot.OTHER_STATION: _l("The voucher was for another station."),
    WhyNot.NO_POINTS: _l("The voucher had run out, and the points that came back are spent."),
}


@dataclass(frozen=True)
class Context:
    """Whose hand-outs they are, and when they came."""

    actor: User
    now: datetime


@dataclass(frozen=True)
class Draft:
    """A hand-out, and when it came."""

    said: HandOutDraft
    now: datetime


@dataclass(frozen=True)
class Handed:
    """A hand-out that is paid. It has no page of its own."""

    number: str
    url: str = ""


def prepare(session: Session, actor: User, items: Sequence[Item], now: datetime) -> Context:
    """Nothing is read beforehand: a hand-out is judged with those before it. Several touch accounts
    that are no riders': alone from here on, before other kinds lock what they write, and also
    where each comes to be written by itself."""
    if len(items) > 1:
        alone(session, MANY)
    return Context(actor, now)


def check(item: Item, context: Context) -> Draft:
    """A hand-out's draft. Raises Forbidden for who works at no station, Invalid naming the field
    that does not fit."""
    if not context.actor.has_role(*STATIONS):
        raise Forbidden
    offset = timedelta(milliseconds=item.server_offset_ms or 0)
    at, _mark = timed(item.captured_at + offset, context.now)
    code = _text(item.fields, "code", TEXT_LENGTH)
    number = "" if code else _text(item.fields, "number", NUMBER_DIGITS)
    if not code and not (number.isascii() and number.isdigit()):
        raise Invalid({"number": [_("That is not understood.")]})
    said = HandOutDraft(
        key=item.key, host=context.actor, station_id=_station(item.fields), at=at,
        code=code, number=number,
    )  # fmt: skip
    return Draft(said, context.now)


def write(session: Session, drafts: Sequence[Draft]) -> list[Handed | Refused]:
    """Keep them all, in their order. One that nobody paid for is kept as well, and refused: the
    host has to know; sent again it gets the same answer."""
    if _guesses(drafts):
        return [_LATER for _draft in drafts]
    found = hand_out(session, [draft.said for draft in drafts], now=drafts[0].now)
    _count_unknown(drafts, found)
    before = _before(session, [one for one in found if isinstance(one, HandOut) and one.why])
    return [_answer(one, before) for one in found]


def _guesses(drafts: Sequence[Draft]) -> bool:
    """Whether somebody names numbers, and has named too many that nobody issued."""
    by_number = any(draft.said.number for draft in drafts)
    return by_number and limiter.enabled and not limiter.limiter.test(UNKNOWN, *_whose(drafts))


def _count_unknown(drafts: Sequence[Draft], found: Sequence[HandOut | DomainError]) -> None:
    if not limiter.enabled:
        return
    for one in found:
        if isinstance(one, Invalid) and "number" in one.errors:
            limiter.limiter.hit(UNKNOWN, *_whose(drafts))


def _whose(drafts: Sequence[Draft]) -> tuple[str, str]:
    return "unknown vouchers", str(drafts[0].said.host.id)


def _answer(found: HandOut | DomainError, before: Mapping[int, HandOut]) -> Handed | Refused:
    if isinstance(found, Invalid):
        return Refused(found.errors)
    if isinstance(found, DomainError):
        return Refused({"item": [str(found.message)]})
    if found.outcome != HandOutcome.CONFLICT:
        return Handed(found.redemption.number)
    first = before.get(found.redemption_id)
    return Refused({"item": [_why_not(found.why, first), _("An administrator looks at it.")]})


def _before(session: Session, conflicts: Iterable[HandOut]) -> dict[int, HandOut]:
    """The hand-outs that were paid, by redemption."""
    ids = {one.redemption_id for one in conflicts}
    if not ids:
        return {}
    paid = select(HandOut).where(
        HandOut.redemption_id.in_(ids), HandOut.outcome != HandOutcome.CONFLICT
    )
    rows = session.scalars(paid.options(joinedload(HandOut.station)))
    return {one.redemption_id: one for one in rows}


def _why_not(why: WhyNot | None, first: HandOut | None) -> str:
    if why == WhyNot.GIVEN_BEFORE and first is not None:
        where = first.station.organisation.name(str(get_locale()))
        said = _(
            "The voucher was handed out already: %(time)s, %(station)s.",
            time=local_time(first.at), station=where,
        )  # fmt: skip
        return str(said)
    return str(_WHY_NOT.get(why or WhyNot.GIVEN_BEFORE, _GIVEN))


def _station(fields: Mapping[str, object]) -> int:
    value = fields.get("station")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MAX_ROW_ID:
        raise Invalid({"station": [_("That is not understood.")]})
    return value


def _text(fields: Mapping[str, object], name: str, length: int) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) and len(value) == length and "\0" not in value else ""


HAND_OUT = Kind(frozenset({1}), prepare, check, write)
