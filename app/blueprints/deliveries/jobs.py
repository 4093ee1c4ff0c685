"""Background work of deliveries: finding the ways, pushing, critical messages by SMS, and
forgetting what is old."""

from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import delete, select

from app.blueprints.accounts.models import User
from app.blueprints.accounts.sms import SmsFailed, SmsGateway, gateway
from app.blueprints.deliveries.letters import sms_text
from app.blueprints.deliveries.models import Delivery
from app.blueprints.deliveries.sending import run_apart, send_due
from app.blueprints.deliveries.spreading import BATCH, spread
from app.blueprints.deliveries.terms import Terms, terms_of
from app.blueprints.deliveries.vapid import NoVapidKey
from app.blueprints.notifications import services
from app.extensions import db
from app.lib import clock, leases
from app.lib.database import transaction
from app.lib.jobs import job

SMS_TEMPLATE = "notice"
SMS_BATCH = 10
SMS_CHARS = 200
KEPT = timedelta(days=30)
FORGOTTEN_TOGETHER = 1_000


@job(services.JOB)
def spread_notifications() -> bool:
    """Find the ways of a batch of notifications; answers whether more may wait."""
    session, terms = db.session(), _terms()
    with transaction(session):
        key_id = terms.key.id if terms else ""
        return spread(session, key_id=key_id, now=clock.now()) == BATCH


@job("push", after=services.JOB)
def send_pushes() -> bool:
    """Send all pushes that are due."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    terms = _terms()
    if terms is not None and _any_due():
        run_apart(send_due(app, terms))
    return False


def _any_due() -> bool:
    """Asked first, because nearly always there is nothing: no session with the world is opened."""
    session = db.session()
    now = clock.now()
    due = select(Delivery.id).where(
        leases.is_pending(Delivery), Delivery.next_try_at <= now, Delivery.way == "push"
    )
    found = session.scalar(due.limit(1)) is not None
    session.rollback()
    return found


def _terms() -> Terms | None:
    """None where nobody has made a key, as while developing: then nothing is pushed."""
    try:
        return terms_of(current_app.config)
    except NoVapidKey:
        return None


@job("sms_messages", after=services.JOB)
def send_sms() -> bool:
    """Send critical messages to those who have no phone that takes pushes; answers whether there
    were any. The gateway is called outside a transaction."""
    session, config = db.session(), current_app.config
    now = clock.now()
    with transaction(session):
        taken = leases.take(session, Delivery, now=now, limit=SMS_BATCH, also=Delivery.way == "sms")
        work = [(one.id, *_number_and_text(session.get(User, one.user_id), one)) for one in taken]
    sender = gateway(config["SMS_GATEWAY_URL"], config["SMS_GATEWAY_TOKEN"])
    outcomes = {row_id: _send(sender, number, text) for row_id, number, text in work}
    with transaction(session):
        for row_id, error in outcomes.items():
            _note_sms(session.get_one(Delivery, row_id), error)
    return bool(work)


def _number_and_text(person: User | None, one: Delivery) -> tuple[str | None, str]:
    number = person.phone if person and person.disabled_at is None else None
    gone = one.notification is None or one.notification.read_at is not None
    if gone or one.expires_at <= clock.now() or one.notification is None:
        return None, ""
    return number, sms_text(one.notification)[:SMS_CHARS]


def _send(sender: SmsGateway, number: str | None, text: str) -> str | None:
    """Send, and answer what went wrong. What nobody needs any more is not sent."""
    if number is None:
        return None
    try:
        sender.send(number, SMS_TEMPLATE, {"text": text})
    except SmsFailed as error:
        return str(error)
    return None


def _note_sms(row: Delivery, error: str | None) -> None:
    now = clock.now()
    if error is None:
        leases.succeed(row)
        row.sent_at = now
    else:
        leases.fail(row, error, now=now)
        if row.next_try_at and row.next_try_at >= row.expires_at:
            row.work_state = "failed"


@job("old_deliveries")
def forget_old() -> bool:
    """Delete deliveries of which nobody will ask any more; answers whether more are left."""
    session, before = db.session(), clock.now() - KEPT
    # The oldest by their ids: no condition, which an index would be needed for.
    oldest = select(Delivery.id, Delivery.created_at, Delivery.work_state).order_by(Delivery.id)
    found = session.execute(oldest.limit(FORGOTTEN_TOGETHER)).all()
    session.rollback()
    ids = [row_id for row_id, made, state in found if made < before and state != "pending"]
    if ids:
        with transaction(session):
            session.execute(delete(Delivery).where(Delivery.id.in_(ids)))
    return len(ids) == FORGOTTEN_TOGETHER
