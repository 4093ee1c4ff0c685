"""A rider's points on a page and as a file."""

from collections.abc import Iterator

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, person_or_address, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.points import statement
from app.blueprints.points.words import ICONS, entry_words
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.tables import FORMATS, Cell, moment, table_file

bp = Blueprint("points", __name__, url_prefix="/points")
WIDTHS = (20, 30, 24, 8, 10)


@bp.get("")
@role_required(Role.RIDER)
def mine() -> str:
    """What I have, and where it came from and went, newest first."""
    session, person = db.session(), actor()
    before = request.args.get("before", type=int)
    return render_template(
        "points/mine.html", standing=statement.standing(session, person.id, now=clock.now()),
        page=statement.page(session, person.id, before=before), first=before is None,
        words=entry_words, icons=ICONS,
    )  # fmt: skip


@bp.post("/export")
@limiter.limit("10 per minute", key_func=person_or_address)
@role_required(Role.RIDER)
def export() -> ResponseReturnValue:
    """My statement as a file."""
    kind = request.form.get("kind", "")
    if kind not in FORMATS:
        raise Invalid({"kind": [_("Choose a kind of file.")]})
    out = table_file(kind, _lines(actor().id), WIDTHS)
    name = f"points-{clock.to_local(clock.now()):%Y%m%d}.{kind}"
    return send_file(out, FORMATS[kind].media_type, as_attachment=True, download_name=name)


def _lines(user_id: int) -> Iterator[list[Cell]]:
    yield [_("Time"), _("What it was"), _("For what"), _("Points"), _("Left after it")]
    for line in statement.all_lines(db.session(), user_id):
        entry, source = line.entry, line.source
        yield [
            moment(entry.transfer.at), entry_words(entry), source.name if source else "",
            entry.amount, entry.balance_after,
        ]  # fmt: skip
