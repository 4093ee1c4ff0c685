"""Making, changing, showing and ending rewards; suppliers. Administrators only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.rewards.models import (
    Reward,
    RewardEvent,
    RewardKind,
    RewardState,
    RewardStock,
    Supplier,
)
from app.errors import Conflict, Forbidden, Invalid, NotFound

STEPS: Mapping[tuple[str, RewardState], RewardState] = {
    ("publish", RewardState.DRAFT): RewardState.LIVE,
    ("end", RewardState.LIVE): RewardState.ENDED,
    ("resume", RewardState.ENDED): RewardState.LIVE,
}
"""What may become of a reward: a step from a state, and where it leads."""


class ChangedMeanwhile(Conflict):
    """Somebody else changed the reward since it was shown."""


@dataclass(frozen=True)
class RewardDraft:
    """A reward as it is entered; `Reward` tells the units."""

    kind: RewardKind
    name_zh: str
    name_en: str
    words_zh: str
    words_en: str
    cost: int
    min_star: int
    since: datetime
    until: datetime | None
    valid_days: int
    per_rider_month: int | None
    per_rider_total: int | None
    supplier_id: int | None
    price_cents: int


@dataclass(frozen=True)
class SupplierDraft:
    """A supplier as it is entered."""

    name_zh: str
    name_en: str
    contact: str


def make_reward(session: Session, actor: User, draft: RewardDraft, *, now: datetime) -> Reward:
    """Enter a reward; nobody sees it until it is published. Raises Forbidden, and Invalid at
    `until` and `supplier`."""
    administrators_only(actor)
    _check(session, draft)
    made = Reward(**asdict(draft), state=RewardState.DRAFT, created_at=now, changed_at=now)
    session.add(made)
    session.flush()
    note(session, actor, "make", now=now, reward_id=made.id)
    return made


def change_reward(
    session: Session, actor: User, reward_id: int, draft: RewardDraft, *,
    version: int, now: datetime,
) -> Reward:  # fmt: skip
    """Change a reward for those who redeem it from now on. Its kind stays once it was published.
    Raises Forbidden, NotFound, ChangedMeanwhile, and Invalid at `kind`, `until`, `supplier`."""
    reward = held_reward(session, actor, reward_id)
    if reward.version != version:
        raise ChangedMeanwhile
    if draft.kind != reward.kind and reward.state != RewardState.DRAFT:
        raise Invalid({"kind": [_("Its kind cannot be changed once it was published.")]})
    _check(session, draft)
    data = set_values(reward, asdict(draft))
    if data:
        touch(reward, now)
        note(session, actor, "change", now=now, reward_id=reward.id, data=data)
    return reward


def take_step(session: Session, actor: User, reward_id: int, step: str, *, now: datetime) -> Reward:
    """Publish, end or resume a reward; open vouchers stay good. Raises Forbidden, NotFound,
    Invalid at `step` for what is to be had nowhere, and Conflict."""
    reward = held_reward(session, actor, reward_id)
    reached = STEPS.get((step, reward.state))
    if reached is None:
        raise Conflict
    if reached == RewardState.LIVE and not _has_place(session, reward_id):
        raise Invalid({"step": [_("Say first where it is to be had.")]})
    reward.state = reached
    touch(reward, now)
    note(session, actor, step, now=now, reward_id=reward.id)
    return reward


def held_reward(session: Session, actor: User, reward_id: int) -> Reward:
    """A reward, kept from other administrators until the transaction ends. Raises Forbidden,
    NotFound."""
    administrators_only(actor)
    wanted = select(Reward).where(Reward.id == reward_id).with_for_update(of=Reward, key_share=True)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def touch(reward: Reward, now: datetime) -> None:
    """Count a change."""
    reward.version, reward.changed_at = reward.version + 1, now


def make_supplier(
    session: Session, actor: User, draft: SupplierDraft, *, now: datetime
) -> Supplier:
    """Enter a supplier. Raises Forbidden, and Invalid at `name_zh` for a name that is taken."""
    administrators_only(actor)
    _refuse_taken(session, draft.name_zh, None)
    made = Supplier(**asdict(draft), created_at=now)
    session.add(made)
    session.flush()
    note(session, actor, "make", now=now, supplier_id=made.id)
    return made


def change_supplier(
    session: Session, actor: User, supplier_id: int, draft: SupplierDraft, *, now: datetime
) -> Supplier:
    """Change a supplier. Raises Forbidden, NotFound, and Invalid at `name_zh`."""
    found = _held_supplier(session, actor, supplier_id)
    _refuse_taken(session, draft.name_zh, supplier_id)
    data = set_values(found, asdict(draft))
    if data:
        note(session, actor, "change", now=now, supplier_id=found.id, data=data)
    return found


def end_supplier(session: Session, actor: User, supplier_id: int, *, now: datetime) -> Supplier:
    """No reward may be given to a supplier any more. Raises Forbidden, NotFound, and Conflict
    while one that is shown is theirs."""
    found = _held_supplier(session, actor, supplier_id)
    if found.ended_at is not None:
        raise Conflict
    live = select(Reward.id).where(
        Reward.supplier_id == supplier_id, Reward.state == RewardState.LIVE
    )
    if session.scalar(live.limit(1)) is not None:
        raise Conflict(_("Rewards of this supplier are still shown: end them first."))
    found.ended_at = now
    note(session, actor, "end", now=now, supplier_id=found.id)
    return found


def note(
    session: Session, actor: User, step: str, *, now: datetime, reward_id: int | None = None,
    supplier_id: int | None = None, data: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Keep that something was done to a reward or a supplier."""
    session.add(
        RewardEvent(
            reward_id=reward_id, supplier_id=supplier_id, actor_id=actor.id, step=step,
            data=data, at=now,
        )
    )  # fmt: skip
    session.flush()


def administrators_only(actor: User) -> None:
    """Raises Forbidden."""
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden


def set_values(row: Reward | Supplier, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set columns; answers what changed, {column: [from, to]} in JSON."""
    changed = {
        name: [_in_json(getattr(row, name)), _in_json(value)]
        for name, value in values.items()
        if getattr(row, name) != value
    }
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _in_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _check(session: Session, draft: RewardDraft) -> None:
    if draft.until is not None and draft.until <= draft.since:
        raise Invalid({"until": [_("It ends before it begins.")]})
    if draft.supplier_id is None:
        return
    supplier = session.get(Supplier, draft.supplier_id)
    if supplier is None or supplier.ended_at is not None:
        raise Invalid({"supplier": [_("There is no such supplier.")]})


def _has_place(session: Session, reward_id: int) -> bool:
    place = select(RewardStock.id).where(RewardStock.reward_id == reward_id, RewardStock.offered)
    return session.scalar(place.limit(1)) is not None


def _held_supplier(session: Session, actor: User, supplier_id: int) -> Supplier:
    administrators_only(actor)
    found = session.get(Supplier, supplier_id, with_for_update={"key_share": True})
    if found is None:
        raise NotFound
    return found


def _refuse_taken(session: Session, name_zh: str, own_id: int | None) -> None:
    taken = session.scalar(select(Supplier.id).where(Supplier.name_zh == name_zh))
    if taken is not None and taken != own_id:
        raise Invalid({"name_zh": [_("There is a supplier of this name.")]})
