"""What hosts handed out: each is a fact that stays, and what it leads to is decided once.

The rider's account is locked before a redemption is read, so of two hosts who hand out the same
voucher one is paid. What several hand-outs touch that is no rider's account is alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.points import holds
from app.blueprints.points.books import MANY
from app.blueprints.points.models import Account
from app.blueprints.rewards import redeeming, shelves, steps, voucher_codes
from app.blueprints.rewards.conflict_news import tell_of_conflict
from app.blueprints.rewards.models import (
    HandOut,
    HandOutcome,
    Redemption,
    RedemptionState,
    WhyNot,
)
from app.blueprints.stations.queries import run_by
from app.errors import Conflict, DomainError, Invalid
from app.lib.database import alone

HEARD_WITHIN = timedelta(days=7)
"""What a host says of longer ago than this is not believed against the points given back."""
_GONE = {
    RedemptionState.GIVEN: WhyNot.GIVEN_BEFORE,
    RedemptionState.EXPIRED: WhyNot.EXPIRED,
    RedemptionState.CANCELLED: WhyNot.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class HandOutDraft:
    """A host's word that something was given, by the text of a voucher's code or by its number.
    `at` is when, by the phone's clock as corrected."""

    key: str
    host: User
    station_id: int
    at: datetime
    code: str = ""
    number: str = ""


def hand_out(
    session: Session, drafts: Sequence[HandOutDraft], *, now: datetime
) -> list[HandOut | DomainError]:
    """Keep what hosts handed out, in their order: for each the hand-out that was written, whose
    `outcome` says what it led to, or why none was: Invalid at `station` where the host does not
    work, at `code` or `number` for a voucher that nobody issued; Conflict for another's key. The
    same key again answers the hand-out that stands."""
    hosts = {draft.host.id: draft.host for draft in drafts}
    names = [f"hand outs of {host_id}" for host_id in hosts]
    alone(session, *names, *([MANY] if len(drafts) > 1 else []))
    stations = {host_id: _stations(session, host, drafts) for host_id, host in hosts.items()}
    ids = _ids(session, drafts)
    found = steps.locked(session, ids.values())
    counted = shelves.lock(session, [one.stock_id for one in found.values()])
    known = _known(session, drafts)
    answers: list[HandOut | DomainError] = []
    for draft in drafts:  # what was given just now is given before for the next
        redemption = found.get(ids.get(draft.key, 0))
        answer = _answer(session, draft, redemption, stations[draft.host.id], known, now)
        if isinstance(answer, HandOut) and draft.key not in known and not answer.why:
            shelves.correct_count(session, answer.redemption, counted, at=answer.at, now=now)
        if isinstance(answer, HandOut):
            known[draft.key] = answer
        answers.append(answer)
    return answers


def _answer(
    session: Session, draft: HandOutDraft, redemption: Redemption | None, stations: set[int],
    known: Mapping[str, HandOut], now: datetime,
) -> HandOut | DomainError:  # fmt: skip
    before = known.get(draft.key)
    if before is not None:
        same = redemption is not None and before.redemption_id == redemption.id
        return before if same and before.host_id == draft.host.id else Conflict()
    if draft.station_id not in stations:
        return Invalid({"station": [_("You do not work at this station.")]})
    if redemption is None:
        field = "code" if draft.code else "number"
        return Invalid({field: [_("There is no such voucher.")]})
    return _keep(session, draft, redemption, now)


def _keep(session: Session, draft: HandOutDraft, found: Redemption, now: datetime) -> HandOut:
    at = min(draft.at, now)
    step, why = _judge(session, draft, found, at, now)
    outcome = HandOutcome.CONFLICT if why else HandOutcome.GIVEN
    if step == "honour":
        _hold_again(session, found, draft, now)
        outcome = HandOutcome.LATE
    made = HandOut(
        key=draft.key, redemption_id=found.id, station_id=draft.station_id, host_id=draft.host.id,
        by_number=not draft.code, at=at, received_at=now, outcome=outcome, why=why,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if why:
        steps.write(session, found, "conflict", actor_id=draft.host.id, now=now, note=why)
        tell_of_conflict(session, made, found, now=now)
        return made
    redeeming.capture(session, found, actor_id=draft.host.id, now=now)
    steps.take(session, found, step, actor_id=draft.host.id, now=now)
    where = steps.station_name(made.station)
    kind = "voucher_charged" if step == "honour" else "voucher_given"
    steps.tell_rider(session, found, kind, now=now, station=where)
    return made


def _judge(
    session: Session, draft: HandOutDraft, found: Redemption, at: datetime, now: datetime
) -> tuple[str, WhyNot | None]:
    """Which step a hand-out is, or why it is none."""
    if found.station_id not in (None, draft.station_id):
        return "", WhyNot.OTHER_STATION
    if found.state == RedemptionState.HELD:
        return ("give", None) if at < found.until else ("", WhyNot.EXPIRED)
    if not _was_good(draft, found, at, now):
        return "", _GONE[found.state]
    return ("honour", None) if _can_pay(session, found) else ("", WhyNot.NO_POINTS)


def _was_good(draft: HandOutDraft, found: Redemption, at: datetime, now: datetime) -> bool:
    """Whether it was handed out before it ran out or was cancelled, as far as that is believed.
    Whoever only knows the number of a cancelled voucher need not have seen it."""
    if at < now - HEARD_WITHIN or at >= found.until or found.given_at is not None:
        return False
    if found.state == RedemptionState.CANCELLED:
        return bool(draft.code) and at < found.moved_at and not _was_refunded(found)
    return found.state == RedemptionState.EXPIRED


def _was_refunded(found: Redemption) -> bool:
    return found.hold is not None and found.hold.transfer_id is not None


def _can_pay(session: Session, found: Redemption) -> bool:
    free = session.scalar(
        select(Account.balance - Account.held).where(Account.user_id == found.rider_id)
    )
    return (free or 0) >= found.cost


def _hold_again(session: Session, found: Redemption, draft: HandOutDraft, now: datetime) -> None:
    order = redeeming.order_of(found, f"{found.id} {draft.key}", draft.host.id)
    shelves.take_after(session, found, now=now)
    found.hold = holds.hold(session, order, rider_id=found.rider_id, amount=found.cost, now=now)
    session.flush()


def _stations(session: Session, host: User, drafts: Sequence[HandOutDraft]) -> set[int]:
    """Those of the stations named where a host works; also of ones given up since."""
    named = {draft.station_id for draft in drafts if draft.host.id == host.id}
    wanted = run_by(host).subquery()
    ids = select(wanted.c.organisation_id).where(wanted.c.organisation_id.in_(named))
    return set(session.scalars(ids))


def _known(session: Session, drafts: Sequence[HandOutDraft]) -> dict[str, HandOut]:
    keys = {draft.key for draft in drafts}
    return {one.key: one for one in session.scalars(select(HandOut).where(HandOut.key.in_(keys)))}


def _ids(session: Session, drafts: Sequence[HandOutDraft]) -> dict[str, int]:
    """The redemption that each draft means, by the draft's key. A code must be the one issued,
    letter by letter."""
    codes = {draft.code for draft in drafts if draft.code}
    numbers = {draft.number for draft in drafts if not draft.code}
    named = {one for code in codes if (one := voucher_codes.redemption_in(code))}
    rows = session.execute(
        select(Redemption.id, Redemption.code, Redemption.number)
        .where(or_(Redemption.id.in_(named), Redemption.number.in_(numbers)))
        .where(Redemption.code != "")
    ).all()  # fmt: skip
    by_code, by_number = ({row.code: row.id for row in rows}, {row.number: row.id for row in rows})
    meant = ((one.key, by_code.get(one.code) or by_number.get(one.number)) for one in drafts)
    return {key: found for key, found in meant if found is not None}
