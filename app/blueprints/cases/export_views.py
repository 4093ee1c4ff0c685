"""What the desk's filter shows, as a file."""

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, person_or_address, role_required
from app.blueprints.audit.services import note_look
from app.blueprints.cases import exports
from app.blueprints.cases.desk_page import DESK, sight_now, wanted_filter
from app.blueprints.cases.exports import Wanted
from app.blueprints.organisations.models import INTAKE
from app.errors import Forbidden, Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction
from app.lib.tables import FORMATS, table_file
from app.lib.text import clean

bp = Blueprint("case_exports", __name__, url_prefix="/cases")


@bp.post("/export")
@limiter.limit("20 per minute", key_func=person_or_address)
@role_required(*DESK)
def export() -> ResponseReturnValue:
    """The file. Who reported what is in it for the centre alone, for a reason that is kept."""
    kind, now = request.form.get("kind", ""), clock.now()
    if kind not in FORMATS:
        raise Invalid({"kind": [_("Choose a kind of file.")]})
    wanted = Wanted(
        wanted_filter(), sight_now(), str(get_locale()),
        reporters=request.form.get("reporters") == "1",
    )  # fmt: skip
    if wanted.reporters:
        _note(wanted)
    out = table_file(kind, exports.lines(db.session(), actor(), wanted), exports.WIDTHS)
    day = f"{clock.to_local(now):%Y%m%d-%H%M}"
    name = f"cases-{wanted.filter.queue}-{day}.{kind}"
    return send_file(out, FORMATS[kind].media_type, as_attachment=True, download_name=name)


def _note(wanted: Wanted) -> None:
    """Write down that somebody takes away who reported, before it is read."""
    if not actor().has_role(*INTAKE):
        raise Forbidden
    reason = clean(request.form.get("reason", ""))
    if not reason:
        raise Invalid({"reason": [_("Say why you need to know who reported.")]})
    with transaction(db.session()):
        note_look(
            db.session(), actor(), subject="cases", what="case_export",
            reason=" · ".join((reason, *wanted.filter.args().values())), now=wanted.sight.now,
        )  # fmt: skip
