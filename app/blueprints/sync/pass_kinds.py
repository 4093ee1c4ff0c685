"""The outbox's kind `pass`: what a gate phone wrote down, or took back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.signatures import SIGNATURE_BYTES
from app.blueprints.badges.terms import terms_of
from app.blueprints.badges.wire import from_base64url
from app.blueprints.gates.phone_passes import (
    Context,
    PhoneDraft,
    context_of,
    draft_statement,
    write,
)
from app.blueprints.gates.rejudge import Trusted
from app.blueprints.gates.statements import Statement, Unclear, read
from app.blueprints.sync.kind import Kind
from app.blueprints.sync.wire import Item
from app.errors import Invalid


@dataclass(frozen=True)
class Batch:
    """The statements of a batch that could be read, by their item's key and text; and what
    checking them needs."""

    statements: dict[tuple[str, str], Statement]
    context: Context | None


def prepare(session: Session, actor: User, items: Sequence[Item], now: datetime) -> Batch:
    """Read the statements, and what is known of the badges in them."""
    statements: dict[tuple[str, str], Statement] = {}
    for item in items:
        try:
            statements[(item.key, item.content_hash)] = read(item.fields.get("statement"))
        except Unclear:
            continue  # `check` says so
    terms = terms_of(current_app.config)
    trusted = Trusted(terms.keys.published(), terms.short_secret)
    return Batch(
        statements, context_of(session, actor, statements.values(), trusted=trusted, now=now)
    )


def check(item: Item, batch: Batch) -> PhoneDraft:
    """A pass's draft. Raises Invalid for what cannot be read, or is of another phone or gate;
    Forbidden for who is no gate phone."""
    statement = batch.statements.get((item.key, item.content_hash))
    if statement is None:
        raise Invalid({"statement": [_("That is not understood.")]})
    signature = from_base64url(item.fields.get("signature"), SIGNATURE_BYTES, "signature")
    return draft_statement(item.key, statement, signature, batch.context)


PASS = Kind(frozenset({1}), prepare, check, write)
