"""A rider's vouchers: the page that works offline, what it keeps, and giving one back."""

from datetime import date, timedelta

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from qrcodegen import QrCode

from app.access import actor, person_or_address, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.rewards import redeeming
from app.blueprints.rewards.models import Redemption, RedemptionState
from app.blueprints.rewards.queries import own_vouchers
from app.blueprints.rewards.voucher_wire import vouchers_as_json
from app.errors import Conflict
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction
from app.lib.htmx import wants_json
from app.lib.qr import svg_path
from app.lib.shells import shell

bp = Blueprint("vouchers", __name__)


@shell("/vouchers")
def render_vouchers() -> str:
    """The page, the same for everybody."""
    return render_template("vouchers/mine.html")


@bp.get("/vouchers")
def page() -> Response:
    """My vouchers. It knows nobody; the phone fills it in, with or without network."""
    response = make_response(render_vouchers())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/vouchers/mine.json")
@role_required(Role.RIDER)
@limiter.limit("60 per minute", key_func=person_or_address)
def mine() -> ResponseReturnValue:
    """What the phone keeps; 304 while nothing in it is new."""
    content, tag = vouchers_as_json(
        actor().id, own_vouchers(db.session(), actor()), now=clock.now()
    )
    response = jsonify(content)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@bp.get("/vouchers/all")
@role_required(Role.RIDER)
def listed() -> str:
    """The same as a plain page: a host hands out by the number too."""
    found, now = own_vouchers(db.session(), actor()), clock.now()
    held = [one for one in found if one.state == RedemptionState.HELD and one.until > now]
    past = [one for one in found if one not in held]
    held.sort(key=lambda one: (one.until, one.id))
    return render_template(
        "vouchers/all.html", held=held, past=past, qr_of=_qr_of, last_day_of=_last_day_of
    )


def _last_day_of(voucher: Redemption) -> date:
    """On which it is still good, in Suzhou."""
    return clock.to_local(voucher.until - timedelta(seconds=1)).date()


def _qr_of(text: str) -> tuple[str, int]:
    """A code as the data of a path, and the side of its picture in modules."""
    return svg_path(QrCode.encode_text(text, QrCode.Ecc.MEDIUM))


@bp.post("/vouchers/<int:redemption_id>/cancel")
@role_required(Role.RIDER)
def cancel(redemption_id: int) -> ResponseReturnValue:
    """Give one back; the points come back at once."""
    session = db.session()
    try:
        with transaction(session):
            given_back = redeeming.cancel(session, actor(), redemption_id, now=clock.now())
    except Conflict as error:
        if wants_json():
            raise
        flash(str(error.message))
        return redirect(url_for("vouchers.listed"), 303)
    if wants_json():
        return jsonify(id=given_back.id, state=given_back.state)
    flash(
        ngettext(
            "Given back. %(num)s point is yours again.",
            "Given back. %(num)s points are yours again.",
            given_back.cost,
        )
    )
    return redirect(url_for("vouchers.listed"), 303)
