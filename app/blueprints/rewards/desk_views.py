"""The desk of rewards: what there is, made, changed, published, ended."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.rewards import catalogue, desk_queries, shop_queries, stocking
from app.blueprints.rewards.catalogue import ChangedMeanwhile
from app.blueprints.rewards.desk_page import (
    after,
    looks,
    named,
    place_form,
    reward_form,
    slot_form,
    station_of,
)
from app.blueprints.rewards.forms import PlaceForm, RewardForm, SlotForm, blank, shown
from app.blueprints.rewards.models import RewardState
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.text import whole_number

bp = Blueprint("rewards_desk", __name__, url_prefix="/rewards/desk")


@bp.get("")
@role_required(*STATIONS)
def listed() -> ResponseReturnValue:
    """All rewards; hosts go to the stock of their stations."""
    if not actor().has_role(Role.ADMINISTRATOR):
        return redirect(url_for("reward_stock.listed"))
    session, said = db.session(), request.args.get("state", "")
    state = RewardState(said) if said in set(RewardState) else None
    page = desk_queries.rewards(session, state, after=after())
    free = desk_queries.free_by_reward(session, [one.id for one in page.items])
    return render_template(
        "rewards_desk/list.html", page=page, free=free, state=state, **looks()
    )  # fmt: skip


@bp.get("/new")
@role_required(Role.ADMINISTRATOR)
def new() -> str:
    """An empty form."""
    form = reward_form(data=blank(clock.now()))
    return render_template("rewards_desk/change.html", form=form, reward=None, **looks())


@bp.post("/new")
@role_required(Role.ADMINISTRATOR)
def create() -> ResponseReturnValue:
    """Enter a reward, as a draft."""
    form = reward_form(request.form)
    try:
        _refuse(form)
        with transaction(db.session()):
            made = catalogue.make_reward(db.session(), actor(), form.draft(), now=clock.now())
            reward_id = made.id
    except Invalid as error:
        form.say(error.errors)
        page = render_template("rewards_desk/change.html", form=form, reward=None, **looks())
        return page, 422
    flash(_("Entered. Now say where it is to be had, then publish it."))
    return redirect(url_for(".show", reward_id=reward_id), 303)


@bp.get("/<int:reward_id>")
@role_required(Role.ADMINISTRATOR)
def show(reward_id: int) -> str:
    """One reward: what it is, where it is to be had, its pictures and times."""
    return _page(reward_id)


@bp.get("/<int:reward_id>/change")
@role_required(Role.ADMINISTRATOR)
def ask_change(reward_id: int) -> str:
    """The form, filled in."""
    reward = desk_queries.reward(db.session(), reward_id)
    form = reward_form(data=shown(reward))
    return render_template(
        "rewards_desk/change.html", form=form, reward=reward, version=reward.version, **looks()
    )


@bp.post("/<int:reward_id>/change")
@role_required(Role.ADMINISTRATOR)
def change(reward_id: int) -> ResponseReturnValue:
    """Set all of it. Who was overtaken hears so, with what was typed still there."""
    session = db.session()
    desk_queries.reward(session, reward_id)
    form = reward_form(request.form)
    try:
        _refuse(form)
        with transaction(session):
            catalogue.change_reward(
                session, actor(), reward_id, form.draft(), version=_version(), now=clock.now()
            )
    except Invalid as error:
        form.say(error.errors)
        return _form_again(reward_id, form, _version()), 422
    except ChangedMeanwhile as error:
        return _form_again(reward_id, form, None), error.status
    flash(_("Saved. What was redeemed before keeps what it cost."))
    return redirect(url_for(".show", reward_id=reward_id), 303)


@bp.post("/<int:reward_id>/publish", defaults={"step": "publish"})
@bp.post("/<int:reward_id>/end", defaults={"step": "end"})
@bp.post("/<int:reward_id>/resume", defaults={"step": "resume"})
@role_required(Role.ADMINISTRATOR)
def take_step(reward_id: int, step: str) -> ResponseReturnValue:
    """Show a reward to riders, or no longer."""
    try:
        with transaction(db.session()):
            catalogue.take_step(db.session(), actor(), reward_id, step, now=clock.now())
    except (Invalid, Conflict) as error:
        return _page(reward_id, trouble=_said(error)), error.status
    flash({"publish": _("Riders see it now."), "end": _("It is over. Open vouchers stay good."),
           "resume": _("Riders see it again.")}[step])  # fmt: skip
    return redirect(url_for(".show", reward_id=reward_id), 303)


@bp.post("/<int:reward_id>/places")
@role_required(Role.ADMINISTRATOR)
def add_place(reward_id: int) -> ResponseReturnValue:
    """Let it be had at a place."""
    form = place_form(request.form)
    try:
        _refuse(form)
        with transaction(db.session()):
            stocking.offer(
                db.session(), actor(), reward_id, station_id=station_of(form.station.data),
                counted=form.counted.data == "yes", now=clock.now(),
            )  # fmt: skip
    except Invalid as error:
        form.say(error.errors)
        return _page(reward_id, place=form), 422
    flash(_("It is to be had there. Enter what was delivered at its stock."))
    return redirect(url_for(".show", reward_id=reward_id, _anchor="places"), 303)


@bp.post("/<int:reward_id>/slots")
@role_required(Role.ADMINISTRATOR)
def add_slot(reward_id: int) -> ResponseReturnValue:
    """Enter a time of a service."""
    session = db.session()
    form = slot_form(list(desk_queries.places_of(session, reward_id)), request.form)
    try:
        _refuse(form)
        with transaction(session):
            stocking.add_slot(
                session, actor(), reward_id, station_id=station_of(form.station.data),
                starts_at=form.starts_at.moment, ends_at=form.ends_at.moment,
                places=form.places.data or 0, now=clock.now(),
            )  # fmt: skip
    except Invalid as error:
        form.say(error.errors)
        return _page(reward_id, slot=form), 422
    flash(_("The time is entered."))
    return redirect(url_for(".show", reward_id=reward_id, _anchor="slots"), 303)


@bp.post("/slots/<int:slot_id>/drop")
@role_required(Role.ADMINISTRATOR)
def drop_slot(slot_id: int) -> ResponseReturnValue:
    """Take a time away that nobody has."""
    with transaction(db.session()):
        reward_id = stocking.drop_slot(db.session(), actor(), slot_id, now=clock.now())
    flash(_("The time is gone."))
    return redirect(url_for(".show", reward_id=reward_id, _anchor="slots"), 303)


def _page(
    reward_id: int, *, place: PlaceForm | None = None, slot: SlotForm | None = None,
    trouble: str = "",
) -> str:  # fmt: skip
    session, now = db.session(), clock.now()
    reward = desk_queries.reward(session, reward_id)
    places = list(desk_queries.places_of(session, reward_id))
    return render_template(
        "rewards_desk/show.html", reward=reward, places=places, trouble=trouble, now=now,
        waiting=desk_queries.waiting_by_stock(session, [one.id for one in places]),
        slots=shop_queries.slots(session, reward_id, now=now),
        events=desk_queries.events(session, reward_id, after=after()),
        place_form=named("place", place or place_form()),
        slot_form=named("slot", slot or slot_form(places)), **looks(),
    )  # fmt: skip


def _form_again(reward_id: int, form: RewardForm, version: int | None) -> str:
    """The form that came back; without a version it is as of now, so that it can be saved."""
    reward = desk_queries.reward(db.session(), reward_id)
    return render_template(
        "rewards_desk/change.html", form=form, reward=reward, overtaken=version is None,
        version=reward.version if version is None else version, **looks(),
    )  # fmt: skip


def _refuse(form: Any) -> None:
    """Raises Invalid for a form that does not fit; its fields say why themselves."""
    if not form.validate():
        raise Invalid({})


def _said(error: Invalid | Conflict) -> str:
    texts = (
        [text for texts in error.errors.values() for text in texts]
        if isinstance(error, Invalid)
        else []
    )
    return texts[0] if texts else str(error.message)


def _version() -> int:
    return whole_number(request.form.get("version"), MAX_ROW_ID) or 0
