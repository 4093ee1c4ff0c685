"""Stock at the desk: what lies at which station, delivered, counted, taken out."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.rewards import desk_queries, stocking
from app.blueprints.rewards.desk_page import after, looks, named
from app.blueprints.rewards.forms import CountForm, MoveForm
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.fields import SettingsForm

bp = Blueprint("reward_stock", __name__, url_prefix="/rewards/desk/stock")


@bp.get("")
@role_required(*STATIONS)
def listed() -> str:
    """What lies where one works."""
    session, person = db.session(), actor()
    said = request.args.get("station", type=int)
    station_id = said if said is not None and 0 < said <= MAX_ROW_ID else None
    page = desk_queries.stocks(session, person, station_id=station_id, after=after())
    return render_template(
        "rewards_desk/stocks.html", page=page, station_id=station_id,
        stations=desk_queries.stations_of(session, person),
        waiting=desk_queries.waiting_by_stock(session, [one.id for one in page.items]), **looks(),
    )  # fmt: skip


@bp.get("/<int:stock_id>")
@role_required(*STATIONS)
def show(stock_id: int) -> str:
    """One stock, and every move of it."""
    return _page(stock_id)


@bp.post("/<int:stock_id>/count")
@role_required(*STATIONS)
def count(stock_id: int) -> ResponseReturnValue:
    """Enter what was counted on the shelf."""
    form = CountForm(request.form)

    def act() -> str:
        difference = stocking.count(
            db.session(), actor(), stock_id, on_shelf=form.on_shelf.data or 0,
            reason=form.reason.data or "", key=form.key.data, now=clock.now(),
        )  # fmt: skip
        if not difference:
            return str(_("Counted: it fits."))
        return str(_("Counted: %(difference)s.", difference=f"{difference:+d}"))

    return _entered(stock_id, form, act, count_form=form)


@bp.post("/<int:stock_id>/deliver")
@role_required(Role.ADMINISTRATOR)
def deliver(stock_id: int) -> ResponseReturnValue:
    """Enter what came."""
    form = MoveForm(request.form)

    def act() -> str:
        stocking.deliver(
            db.session(), actor(), stock_id, amount=form.amount.data or 0,
            reason=form.reason.data or "", key=form.key.data, now=clock.now(),
        )  # fmt: skip
        return str(_("The delivery is entered."))

    return _entered(stock_id, form, act, deliver_form=form)


@bp.post("/<int:stock_id>/out")
@role_required(Role.ADMINISTRATOR)
def take_out(stock_id: int) -> ResponseReturnValue:
    """Enter what is gone."""
    form = MoveForm(request.form)

    def act() -> str:
        stocking.take_out(
            db.session(), actor(), stock_id, amount=form.amount.data or 0,
            reason=form.reason.data or "", key=form.key.data, now=clock.now(),
        )  # fmt: skip
        return str(_("Taken out."))

    return _entered(stock_id, form, act, out_form=form)


@bp.post("/<int:stock_id>/withdraw", defaults={"offered": False})
@bp.post("/<int:stock_id>/offer", defaults={"offered": True})
@role_required(Role.ADMINISTRATOR)
def set_offered(stock_id: int, offered: bool) -> ResponseReturnValue:
    """Let it no longer be redeemed here, or again."""
    with transaction(db.session()):
        stocking.set_offered(db.session(), actor(), stock_id, offered=offered, now=clock.now())
    flash(
        _("It is to be had here again.") if offered
        else _("It is no longer to be had here. Open vouchers stay good.")
    )  # fmt: skip
    return redirect(url_for(".show", stock_id=stock_id), 303)


def _entered(
    stock_id: int, form: SettingsForm, act: Callable[[], str], **forms: Any
) -> ResponseReturnValue:
    """Do what a form asks for, or show it again."""
    try:
        if not form.validate():
            raise Invalid({})
        with transaction(db.session()):
            said = act()
    except Invalid as error:
        form.say(error.errors)
        return _page(stock_id, **forms), 422
    except Conflict as error:
        return _page(stock_id, trouble=str(error.message), **forms), error.status
    flash(said)
    return redirect(url_for(".show", stock_id=stock_id), 303)


def _page(stock_id: int, **forms: Any) -> str:
    session = db.session()
    stock = desk_queries.stock(session, actor(), stock_id)
    fresh = {"count_form": CountForm(), "deliver_form": MoveForm(), "out_form": MoveForm()}
    shown = fresh | forms
    for name in fresh:
        named(name.removesuffix("_form"), shown[name])
    return render_template(
        "rewards_desk/stock.html", stock=stock,
        waiting=desk_queries.waiting_by_stock(session, [stock_id]).get(stock_id, 0),
        moves=desk_queries.moves(session, stock_id, after=after()), **shown, **looks(),
    )  # fmt: skip
