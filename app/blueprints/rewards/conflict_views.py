"""Vouchers at the desk: what was handed out but does not count, and what is put right."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, person_or_address, role_required
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.rewards import desk_queries, ending, settling
from app.blueprints.rewards.desk_page import after, looks
from app.blueprints.rewards.forms import ReasonForm, WordsForm
from app.errors import Conflict, Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("reward_conflicts", __name__, url_prefix="/rewards/desk")


@bp.get("/conflicts")
@role_required(*STATIONS)
def listed() -> str:
    """Hand-outs that do not count: those that wait, or with `show=settled` the others."""
    settled = request.args.get("show") == "settled"
    page = desk_queries.conflicts(db.session(), actor(), settled=settled, after=after())
    return render_template("rewards_desk/conflicts.html", page=page, settled=settled, **looks())


@bp.get("/conflicts/<int:hand_out_id>")
@role_required(*STATIONS)
def show(hand_out_id: int) -> str:
    """Both sides of one."""
    return _conflict(hand_out_id, WordsForm())


@bp.post("/conflicts/<int:hand_out_id>")
@role_required(Role.ADMINISTRATOR)
def settle(hand_out_id: int) -> ResponseReturnValue:
    """Say what came of it."""
    form = WordsForm(request.form)
    try:
        if not form.validate():
            raise Invalid({})
        with transaction(db.session()):
            settling.settle(
                db.session(), actor(), hand_out_id, words=form.words.data, now=clock.now()
            )
    except Invalid as error:
        form.say(error.errors)
        return _conflict(hand_out_id, form), 422
    flash(_("Settled."))
    return redirect(url_for(".listed"), 303)


@bp.get("/vouchers")
@role_required(Role.ADMINISTRATOR)
def find() -> str:
    """Ask for a voucher's number."""
    return render_template("rewards_desk/find.html", number="", error="", **looks())


@bp.post("/vouchers")
@limiter.limit("60 per minute", key_func=person_or_address)
@role_required(Role.ADMINISTRATOR)
def found() -> ResponseReturnValue:
    """Go to the voucher of a number."""
    said = request.form.get("number", "")[:40]
    number = "".join(said.split())
    known = number.isascii() and number.isdigit() and len(number) == 10
    redemption_id = desk_queries.redemption_numbered(db.session(), number) if known else None
    if redemption_id is None:
        error = _("No voucher has this number. It has 10 digits.")
        page = render_template("rewards_desk/find.html", number=said, error=error, **looks())
        return page, 422
    return redirect(url_for(".voucher", redemption_id=redemption_id), 303)


@bp.get("/vouchers/<int:redemption_id>")
@role_required(Role.ADMINISTRATOR)
def voucher(redemption_id: int) -> str:
    """One voucher, and all that happened to it."""
    return _voucher(redemption_id, ReasonForm())


@bp.post("/vouchers/<int:redemption_id>/recall", defaults={"step": "recall"})
@bp.post("/vouchers/<int:redemption_id>/refund", defaults={"step": "refund"})
@role_required(Role.ADMINISTRATOR)
def put_right(redemption_id: int, step: str) -> ResponseReturnValue:
    """Take an open voucher back, or give the points of one back that was handed out."""
    form = ReasonForm(request.form)
    act = {"recall": ending.recall, "refund": ending.refund}[step]
    try:
        if not form.validate():
            raise Invalid({})
        with transaction(db.session()):
            act(db.session(), actor(), redemption_id, reason=form.reason.data, now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _voucher(redemption_id, form), 422
    except Conflict as error:
        return _voucher(redemption_id, form, str(error.message)), error.status
    flash(_("The points came back; the rider is told why."))
    return redirect(url_for(".voucher", redemption_id=redemption_id), 303)


def _conflict(hand_out_id: int, form: WordsForm) -> str:
    session, person = db.session(), actor()
    hand_out = desk_queries.conflict(session, person, hand_out_id)
    sides = desk_queries.hand_outs(session, hand_out.redemption_id)
    return render_template(
        "rewards_desk/conflict.html", conflict=hand_out, form=form, sides=sides, **looks()
    )


def _voucher(redemption_id: int, form: ReasonForm, trouble: str = "") -> str:
    session = db.session()
    shown: dict[str, Any] = {
        "voucher": desk_queries.redemption(session, redemption_id),
        "steps": desk_queries.steps_of(session, redemption_id),
        "sides": desk_queries.hand_outs(session, redemption_id),
    }
    return render_template(
        "rewards_desk/voucher.html", form=form, trouble=trouble, **shown, **looks()
    )
