"""Background work of the accounts: sending codes."""

from flask import current_app

from app.blueprints.accounts.codes import Secrets
from app.blueprints.accounts.models import SignInCode
from app.blueprints.accounts.sms import SmsFailed, SmsGateway, gateway
from app.extensions import db
from app.lib import clock, leases
from app.lib.database import transaction
from app.lib.jobs import job

TEMPLATE = "sign-in-code"


@job("sms")
def send_codes() -> bool:
    """Send the codes that wait, a batch at a time. The gateway is called outside a transaction."""
    session, config = db.session(), current_app.config
    secrets = Secrets(config["SECRET_KEY"])
    sender = gateway(config["SMS_GATEWAY_URL"], config["SMS_GATEWAY_TOKEN"])
    with transaction(session):
        rows = leases.take(session, SignInCode, now=clock.now())
        work = [
            (row.id, row.user.phone if row.user else None, row.nonce)
            for row in rows
            if row.expires_at > clock.now() and row.used_at is None
        ]
        taken = [row.id for row in rows]
    outcome = {row_id: _send(sender, phone, secrets.code(nonce)) for row_id, phone, nonce in work}
    with transaction(session):
        for row_id in taken:
            row = session.get_one(SignInCode, row_id)
            if error := outcome.get(row_id):
                leases.fail(row, error, now=clock.now())
            else:
                leases.succeed(row)
    return bool(taken)


def _send(sender: SmsGateway, phone: str | None, code: str) -> str | None:
    """Send, and answer what went wrong. Nothing goes out for a number that nobody has."""
    if phone is None:
        return None
    try:
        sender.send(phone, TEMPLATE, {"code": code})
    except SmsFailed as error:
        return str(error)
    return None
