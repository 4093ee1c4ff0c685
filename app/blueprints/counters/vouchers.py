"""The vouchers that a counter knows of, so that it can hand out without network; and what the
centre says of one, where it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.rewards import voucher_codes
from app.blueprints.rewards.models import (
    HandOut,
    HandOutcome,
    Redemption,
    RedemptionState,
    Reward,
    RewardStock,
)
from app.blueprints.rewards.steps import name_of, station_name
from app.blueprints.rewards.voucher_wire import span_of
from app.blueprints.stations.models import Station
from app.lib import clock
from app.lib.text import masked_name

MOST_OPEN, MOST_GIVEN, MOST_REWARDS = 3000, 300, 500
SETTLED = timedelta(minutes=5)
"""A redemption that began before another may be committed after it, but not by so much."""

Json = dict[str, Any]


def vouchers_json(session: Session, station_ids: Sequence[int], *, now: datetime) -> Json:
    """Open vouchers of these stations, those handed out there lately, and the rewards to be had;
    the number of queries does not grow. Times in milliseconds. Vouchers for any station are too
    many to be told: their code proves them, and the centre knows their number."""
    found = _open_at(session, station_ids, now)
    return {
        "rewards": _rewards(session, station_ids, {one.reward_id for one, _name in found}),
        "vouchers": {
            "open": [_open(one, name) for one, name in found],
            "given": _given(session, station_ids),
        },
    }


def told_to(session: Session, *, now: datetime) -> int:
    """The last redemption that was surely written before this moment, by its row's number: one of
    these stations that is not told of and not later than it is good no more. Read before them, so
    that what comes meanwhile is not missed."""
    before = select(Redemption.id).where(Redemption.at < now - SETTLED)
    return session.scalar(before.order_by(Redemption.id.desc()).limit(1)) or 0


def _open_at(
    session: Session, station_ids: Sequence[int], now: datetime
) -> Sequence[Row[Redemption, str]]:
    wanted = (
        select(Redemption, User.name)
        .join(User, User.id == Redemption.rider_id)
        .where(
            Redemption.state == RedemptionState.HELD, Redemption.until > now,
            Redemption.station_id.in_(station_ids),
        )
        .options(joinedload(Redemption.slot))
        .order_by(Redemption.until, Redemption.id)
        .limit(MOST_OPEN)
    )  # fmt: skip
    return session.execute(wanted).all()


def _open(one: Redemption, name: str) -> Json:
    return {
        "id": one.id,
        "number": one.number,
        "station": one.station_id or 0,
        "reward": one.reward_id,
        "until": clock.to_ms(one.until),
        "label": masked_name(name),
        "slot": span_of(one.slot),
    }


def _given(session: Session, station_ids: Sequence[int]) -> list[Json]:
    """The newest come first. `id` and `number` are the redemption's."""
    rows = session.execute(
        select(HandOut.redemption_id, Redemption.number, HandOut.station_id, HandOut.at)
        .join(Redemption, Redemption.id == HandOut.redemption_id)
        .where(
            HandOut.station_id.in_(station_ids), HandOut.outcome != HandOutcome.CONFLICT,
        )
        .order_by(HandOut.id.desc())
        .limit(MOST_GIVEN)
    )  # fmt: skip
    return [
        {"id": id, "number": number, "station": station, "at": clock.to_ms(at)}
        for id, number, station, at in rows
    ]


def _rewards(session: Session, station_ids: Sequence[int], also: set[int]) -> list[Json]:
    at = RewardStock.station_id
    here = select(RewardStock.reward_id).where(or_(at.in_(station_ids), at.is_(None)))
    wanted = select(Reward.id, Reward.name_zh, Reward.name_en).where(
        or_(Reward.id.in_(here), Reward.id.in_(also))
    )
    rows = session.execute(wanted.order_by(Reward.id.desc()).limit(MOST_REWARDS))
    return [{"id": id, "zh": zh, "en": en or zh} for id, zh, en in rows]


@dataclass(frozen=True, slots=True)
class Asked:
    """A voucher that stands before a counter: its redemption by code or number (None: there is no
    such one), and the hand-out that it was given by, if it was."""

    redemption: Redemption | None
    given: HandOut | None


def asked_for(session: Session, *, code: str = "", number: str = "") -> Asked:
    """The voucher of a code, letter by letter, or of a number: who has either may ask."""
    means = _means_code(code) if code else Redemption.number == number
    wanted = select(Redemption).where(means, Redemption.code != "")
    found = session.scalars(
        wanted.options(
            joinedload(Redemption.reward), joinedload(Redemption.slot),
            joinedload(Redemption.station), joinedload(Redemption.rider),
        )
    ).first()  # fmt: skip
    return Asked(found, _taken_by(session, found))


def _means_code(code: str) -> ColumnElement[bool]:
    redemption_id = voucher_codes.redemption_in(code)
    if redemption_id is None:
        return false()
    return and_(Redemption.id == redemption_id, Redemption.code == code)


def _taken_by(session: Session, found: Redemption | None) -> HandOut | None:
    if found is None or found.state != RedemptionState.GIVEN:
        return None
    wanted = select(HandOut).where(
        HandOut.redemption_id == found.id, HandOut.outcome != HandOutcome.CONFLICT
    )
    return session.scalars(wanted.options(joinedload(HandOut.station))).first()


def asked_as_json(asked: Asked, station: Station, *, now: datetime) -> Json:
    """The centre's verdict at a station, as js/counter/voucher_judging.js has them. Whose it is
    and what its number is stand only with one that is to be handed out here."""
    one = asked.redemption
    if one is None:
        return {"reason": "unknown"}
    reason = _reason(one, station.organisation_id, now)
    said: Json = {"reason": reason, "reward": name_of(one), "voucher": _known(one)}
    if one.station:
        said["place"] = station_name(one.station)
    if reason == "right":
        said["voucher"] = _known(one) | _open(one, one.rider.name)
    if asked.given is not None:
        at = clock.to_ms(asked.given.at)
        said["given"] = {"at": at, "station": asked.given.station_id}
        said["given_place"] = station_name(asked.given.station)
    return said


def _known(one: Redemption) -> Json:
    return {
        "id": one.id,
        "reward": one.reward_id,
        "station": one.station_id or 0,
        "until": clock.to_ms(one.until),
    }


def _reason(one: Redemption, station_id: int, now: datetime) -> str:
    if one.state == RedemptionState.GIVEN:
        return "given"
    if one.station_id not in (None, station_id):
        return "other_station"
    if one.state == RedemptionState.EXPIRED or one.until <= now:
        return "expired"
    return "right" if one.state == RedemptionState.HELD else "ended"
