"""The rider's shop: what is to be had for points, and redeeming it."""

from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, person_or_address, role_required
from app.blueprints.badges import issuer_keys
from app.blueprints.badges.issuer_keys import NoIssuerKey
from app.blueprints.organisations.models import Role
from app.blueprints.rewards import redeeming, shop_queries
from app.blueprints.rewards.models import Redemption, RewardKind
from app.blueprints.rewards.shop_page import Choice, place_of, read_choice
from app.blueprints.rewards.shop_queries import Cursor
from app.blueprints.rewards.words import KINDS
from app.errors import Conflict, Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.text import whole_number

bp = Blueprint("rewards", __name__, url_prefix="/rewards")


@bp.get("")
@role_required(Role.RIDER)
def listed() -> str:
    """What is to be had, the cheapest first."""
    session, person, now = db.session(), actor(), clock.now()
    said = request.args.get("kind", "")
    kind = RewardKind(said) if said in set(RewardKind) else None
    page = shop_queries.catalogue(session, person, kind=kind, after=_after(), now=now)
    return render_template(
        "rewards/list.html", page=page, kind=kind, kinds=KINDS, first=_after() is None,
        purse=shop_queries.purse(session, person, now=now),
        waiting=shop_queries.open_count(session, person, now=now),
    )  # fmt: skip


@bp.get("/<int:reward_id>")
@role_required(Role.RIDER)
def show(reward_id: int) -> str:
    """One reward: what it is, where it is to be had, and whether I can have it."""
    return _page(reward_id, Choice())


@bp.post("/<int:reward_id>")
@limiter.limit("30 per minute", key_func=person_or_address)
@role_required(Role.RIDER)
def redeem(reward_id: int) -> ResponseReturnValue:
    """Ask once more what was chosen, or with `sure=1` redeem it."""
    choice = read_choice(request.form)
    try:
        if not choice.sure:
            return _sure(reward_id, choice)
        made = _redeem(reward_id, choice)
    except Invalid as error:
        return _page(reward_id, choice, error), 422
    except Conflict as error:
        return _page(reward_id, choice, error), error.status
    if not made.code:
        flash(_("Given. Thank you: your points help others."))
        return redirect(url_for(".listed"), 303)
    return redirect(f"{url_for('vouchers.page')}#v={made.id}", 303)


def _redeem(reward_id: int, choice: Choice) -> Redemption:
    session, now = db.session(), clock.now()
    keys = issuer_keys.load(current_app.config["ISSUER_KEYS_FOLDER"])
    try:
        with transaction(session):
            return redeeming.redeem(
                session, actor(), reward_id=reward_id, station_id=choice.station_id,
                slot_id=choice.slot_id, seen_cost=choice.cost, key=choice.key, keys=keys, now=now,
            )  # fmt: skip
    except NoIssuerKey as error:
        raise Conflict(_("No key signs codes yet. The operator of this site makes one.")) from error


def _sure(reward_id: int, choice: Choice) -> str:
    """What one gets, where, for how much: to be confirmed. Raises Invalid."""
    session, person, now = db.session(), actor(), clock.now()
    offer = shop_queries.offer(session, person, reward_id, now=now)
    slots = shop_queries.slots(session, reward_id, now=now)
    place, slot = place_of(offer.reward, shop_queries.places(session, reward_id), slots, choice)
    return render_template(
        "rewards/sure.html", offer=offer, place=place, slot=slot, key=str(uuid4()),
        purse=shop_queries.purse(session, person, now=now), kinds=KINDS,
    )  # fmt: skip


def _page(reward_id: int, choice: Choice, error: Invalid | Conflict | None = None) -> str:
    session, person, now = db.session(), actor(), clock.now()
    errors = error.errors if isinstance(error, Invalid) else {}
    return render_template(
        "rewards/show.html", choice=choice, errors=errors,
        offer=shop_queries.offer(session, person, reward_id, now=now),
        places=shop_queries.places(session, reward_id),
        slots=shop_queries.slots(session, reward_id, now=now),
        purse=shop_queries.purse(session, person, now=now), kinds=KINDS,
        trouble=str(error.message) if isinstance(error, Conflict) else "",
    )  # fmt: skip


def _after() -> Cursor | None:
    """Behind which reward the page begins: "cost-id" in the address."""
    said, _dash, after = request.args.get("after", "").partition("-")
    cost, reward_id = whole_number(said, MAX_ROW_ID), whole_number(after, MAX_ROW_ID)
    return None if cost is None or reward_id is None else Cursor(cost, reward_id)
