"""Budgets: what organisations were given to hand out, and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import BUDGETS, Kind, Organisation, Role
from app.blueprints.points import ledger
from app.blueprints.points.models import Account, AccountKind, Entry, Transfer, TransferKind
from app.blueprints.points.requests import KeyReused, Order, Source
from app.blueprints.points.services import PAYING
from app.blueprints.points.statement import Page, with_sources
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib.clock import start_of_day
from app.lib.database import MAX_ROW_ID

GIVEN = "budget"
TAKEN = "budget_back"
"""Scopes of what administrators give, and take back."""
PAGE = 30


@dataclass(frozen=True)
class Budget:
    """What an organisation has: given in all, spent since the month began, left to spend."""

    account: Account
    given: int
    spent: int

    @property
    def left(self) -> int:
        """What can be spent."""
        return self.account.balance - self.account.held


@dataclass(frozen=True)
class Budgets:
    """A page of budgets, and the account behind which the next begins."""

    items: Sequence[Budget]
    after: int | None


def visible_budgets(actor: User) -> Select[Account]:
    """The budgets that somebody may see: administrators all, others that of their organisation,
    in a grid that of its community."""
    found = select(Account).join(Account.organisation).options(contains_eager(Account.organisation))
    return found.where(Account.kind == AccountKind.BUDGET, _visible(actor))


def _visible(actor: User) -> ColumnElement[bool]:
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    own = [one.organisation for one in actor.memberships if one.role in BUDGETS]
    ids = {one.parent_id if one.kind == Kind.GRID else one.id for one in own}
    mine = Organisation.id.in_(ids - {None}) & Organisation.kind.in_(PAYING)
    return or_(false(), mine)


def page(session: Session, actor: User, *, after: int | None = None, now: datetime) -> Budgets:
    """Budgets that the actor may see, in the order in which they were first given."""
    found = visible_budgets(actor).order_by(Account.id).limit(PAGE + 1)
    if after is not None:
        found = found.where(Account.id > min(max(after, 0), MAX_ROW_ID))
    rows = session.scalars(found).all()
    shown = rows[:PAGE]
    return Budgets(_with_sums(session, shown, now), shown[-1].id if len(rows) > PAGE else None)


def budget(session: Session, actor: User, account_id: int, *, now: datetime) -> Budget:
    """One that the actor may see. Raises NotFound."""
    account = session.scalar(visible_budgets(actor).where(Account.id == account_id))
    if account is None:
        raise NotFound
    return _with_sums(session, [account], now)[0]


def _with_sums(session: Session, accounts: Sequence[Account], now: datetime) -> list[Budget]:
    """Read from the few gifts and from balances, never from all that was paid."""
    ids = [one.id for one in accounts]
    start = start_of_day(now).replace(day=1)
    given = _given(session, ids)
    lately = _given(session, ids, since=start)
    before = _balances_at(session, ids, start)
    return [
        Budget(
            one, given.get(one.id, 0), before[one.id] + lately.get(one.id, 0) - one.balance
        )
        for one in accounts
    ]  # fmt: skip


def _given(
    session: Session, account_ids: Sequence[int], *, since: datetime | None = None
) -> dict[int, int]:
    """Gifts less what of them was taken back, by account."""
    found = (
        select(Entry.account_id, func.sum(Entry.amount).label("points"))
        .join(Entry.transfer)
        .where(Transfer.scope.in_((GIVEN, TAKEN)), Entry.account_id.in_(account_ids))
        .group_by(Entry.account_id)
    )
    if since is not None:
        found = found.where(Transfer.at >= since)
    return {row.account_id: row.points for row in session.execute(found)}


def _balances_at(
    session: Session, account_ids: Sequence[int], at: datetime
) -> dict[int, int]:  # fmt: skip
    """Balances as a month began: of each account the last entry before its first transfer. Ids
    rise with time."""
    first = session.scalar(
        select(Transfer.id).where(Transfer.at >= at).order_by(Transfer.at, Transfer.id).limit(1)
    )
    last = select(Entry.balance_after).where(Entry.account_id == Account.id)
    if first is not None:
        since = select(Entry.id).where(Entry.transfer_id >= first)
        border = since.order_by(Entry.transfer_id, Entry.id).limit(1).scalar_subquery()
        last = last.where(Entry.id < func.coalesce(border, MAX_ROW_ID))
    newest = last.order_by(Entry.id.desc()).limit(1).correlate(Account).scalar_subquery()
    rows = session.execute(select(Account.id, newest).where(Account.id.in_(account_ids)))
    return {account_id: balance or 0 for account_id, balance in rows}


def statement(session: Session, account_id: int, *, before: int | None = None) -> Page:
    """A page of a budget's entries, newest first."""
    found = (
        select(Entry)
        .join(Entry.transfer)
        .options(contains_eager(Entry.transfer))
        .where(Entry.account_id == account_id)
        .order_by(Entry.id.desc())
    )
    if before is not None:
        found = found.where(Entry.id < min(max(before, 0), MAX_ROW_ID))
    rows = session.scalars(found.limit(PAGE + 1)).all()
    return Page(with_sources(session, rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


def taken_back(session: Session, transfer_ids: Sequence[int]) -> set[int]:
    """Those of these transfers that were taken back."""
    found = select(Transfer.reverses_id).where(Transfer.reverses_id.in_(transfer_ids))
    return {one for one in session.scalars(found) if one is not None}


def give(
    session: Session, actor: User, *, organisation_id: int, amount: int, reason: str, key: str,
    now: datetime,
) -> Transfer:  # fmt: skip
    """Give an organisation points to hand out; asked again with the key it is done once.

    Raises Forbidden for anybody but an administrator, Invalid, Conflict for a key that was used
    for something else."""
    _administrators_only(actor)
    payer = session.get(Organisation, organisation_id)
    if payer is None or payer.kind not in PAYING:
        raise Invalid({"organisation": [_("There is no such budget.")]})
    if not reason:
        raise Invalid({"reason": [_("Say why.")]})
    order = Order(GIVEN, key, Source("budget", str(payer.id)), actor.id, reason)
    try:
        return ledger.fund(session, order, organisation_id=payer.id, amount=amount, now=now)
    except KeyReused as error:
        raise Conflict(_("This form was sent before. Open the page again.")) from error


def take_back(
    session: Session, actor: User, *, account_id: int, transfer_id: int, reason: str, now: datetime
) -> Transfer:
    """Take a gift back as a whole, by a reversal that names it; asked again it is done once.

    Raises Forbidden, Invalid, NotFound, NotReversible, NotEnough when it has been spent."""
    _administrators_only(actor)
    if not reason:
        raise Invalid({"reason": [_("Say why.")]})
    gift = session.scalar(
        select(Transfer)
        .join(Transfer.entries)
        .where(
            Transfer.id == transfer_id, Transfer.kind == TransferKind.FUND,
            Entry.account_id == account_id,
        )
    )  # fmt: skip
    if gift is None:
        raise NotFound
    source = Source(gift.source_kind, gift.source_id)
    order = Order(TAKEN, str(gift.id), source, actor.id, reason)
    return ledger.reverse(session, order, transfer_id=gift.id, now=now)


def _administrators_only(actor: User) -> None:
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden


def actors_of(session: Session, lines: Page) -> dict[int, str]:
    """The names of who acted, by their ids, for administrators."""
    ids = {line.entry.transfer.actor_id for line in lines.lines} - {None}
    found = select(User.id, User.name).where(User.id.in_(ids))
    return {row.id: row.name for row in session.execute(found)}
