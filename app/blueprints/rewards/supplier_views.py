"""Who supplies rewards, and what they are owed by the month."""

from collections.abc import Iterable, Iterator

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, person_or_address, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.rewards import catalogue, desk_queries, settlement
from app.blueprints.rewards.desk_page import looks
from app.blueprints.rewards.forms import SupplierForm
from app.blueprints.rewards.models import Supplier
from app.blueprints.rewards.settlement import Line, Month, Sum
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.tables import FORMATS, Cell, cut, moment, table_file
from app.lib.text import whole_number

bp = Blueprint("reward_suppliers", __name__, url_prefix="/rewards/desk")
WIDTHS = (14, 24, 24, 24, 20, 20, 12, 12)


@bp.get("/suppliers")
@role_required(Role.ADMINISTRATOR)
def listed() -> str:
    """All of them, and the form for a new one."""
    return _page(SupplierForm())


@bp.post("/suppliers")
@role_required(Role.ADMINISTRATOR)
def add() -> ResponseReturnValue:
    """Enter one."""
    form = SupplierForm(request.form)
    try:
        if not form.validate():
            raise Invalid({})
        with transaction(db.session()):
            catalogue.make_supplier(db.session(), actor(), form.draft(), now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _page(form), 422
    flash(_("The supplier is entered."))
    return redirect(url_for(".listed"), 303)


@bp.get("/suppliers/<int:supplier_id>")
@role_required(Role.ADMINISTRATOR)
def show(supplier_id: int) -> str:
    """The form, filled in."""
    found = desk_queries.supplier(db.session(), supplier_id)
    return _page(SupplierForm(obj=found), found)


@bp.post("/suppliers/<int:supplier_id>")
@role_required(Role.ADMINISTRATOR)
def change(supplier_id: int) -> ResponseReturnValue:
    """Set all of it."""
    form, session = SupplierForm(request.form), db.session()
    found = desk_queries.supplier(session, supplier_id)
    try:
        if not form.validate():
            raise Invalid({})
        with transaction(session):
            catalogue.change_supplier(session, actor(), supplier_id, form.draft(), now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _page(form, found), 422
    flash(_("Saved."))
    return redirect(url_for(".listed"), 303)


@bp.post("/suppliers/<int:supplier_id>/end")
@role_required(Role.ADMINISTRATOR)
def end(supplier_id: int) -> ResponseReturnValue:
    """No reward may be given to this supplier any more."""
    with transaction(db.session()):
        catalogue.end_supplier(db.session(), actor(), supplier_id, now=clock.now())
    flash(_("This supplier delivers no more. What is owed for the past stays."))
    return redirect(url_for(".listed"), 303)


@bp.get("/settlement")
@role_required(Role.ADMINISTRATOR)
def settled() -> str:
    """What was handed out in a month, and what that makes, by supplier."""
    month, supplier = _asked()
    found = settlement.sums(db.session(), month, supplier.id if supplier else None)
    return render_template(
        "rewards_desk/settlement.html", month=month, supplier=supplier, sums=found,
        total=sum(one.cents for one in found), count=sum(one.count for one in found),
        suppliers=desk_queries.suppliers(db.session()), **looks(),
    )  # fmt: skip


@bp.post("/settlement/export")
@limiter.limit("20 per minute", key_func=person_or_address)
@role_required(Role.ADMINISTRATOR)
def export() -> ResponseReturnValue:
    """The same as a file: the sums, or each that was handed out (`by` in the form)."""
    kind, by = request.form.get("kind", ""), request.form.get("by", "sums")
    if kind not in FORMATS:
        raise Invalid({"kind": [_("Choose a kind of file.")]})
    if by not in ("sums", "lines"):
        raise Invalid({"by": [_("There is no such table.")]})
    month, supplier = _asked()
    asked = (db.session(), month, supplier.id if supplier else None)
    rows = _sum_rows(settlement.sums(*asked)) if by == "sums" else _rows(settlement.lines(*asked))
    name = f"settlement-{by}-{month.text}.{kind}"
    out = table_file(kind, rows, WIDTHS)
    return send_file(out, FORMATS[kind].media_type, as_attachment=True, download_name=name)


def _sum_rows(sums: Iterable[Sum]) -> Iterator[list[Cell]]:
    yield [_("Supplier"), _("Reward"), _("Handed out"), _("Price (yuan)"), _("In all (yuan)")]
    total = 0
    for one in sums:
        total += one.cents
        who = one.supplier.name_zh if one.supplier else ""
        yield [who, one.reward.name_zh, one.count, one.price_cents / 100, one.cents / 100]
    yield [_("In all"), "", "", "", total / 100]


def _rows(lines: Iterator[Line]) -> Iterator[list[Cell]]:
    yield [
        _("Voucher number"), _("Supplier"), _("Reward"), _("Station"), _("Handed out at"),
        _("Booked at"), _("Points"), _("Price (yuan)"),
    ]  # fmt: skip
    for row in cut(map(_cells, lines), settlement.MOST_LINES, _("There were more.")):
        yield list(row)


def _cells(one: Line) -> list[Cell]:
    return [
        one.number, one.supplier_zh, one.reward_zh, one.station_zh, moment(one.handed_at),
        moment(one.booked_at), one.cost, one.price_cents / 100,
    ]  # fmt: skip


def _asked() -> tuple[Month, Supplier | None]:
    """The month and the supplier that are asked for, of an address or a form."""
    supplier_id = whole_number(request.values.get("supplier"), MAX_ROW_ID)
    supplier = db.session.get(Supplier, supplier_id) if supplier_id else None
    return settlement.read_month(request.values.get("month", "")[:7], clock.now()), supplier


def _page(form: SupplierForm, supplier: Supplier | None = None) -> str:
    return render_template(
        "rewards_desk/suppliers.html", form=form, supplier=supplier,
        suppliers=desk_queries.suppliers(db.session()), **looks(),
    )  # fmt: skip
