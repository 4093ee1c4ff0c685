"""Stations from files, and as files."""

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import actor, person_or_address, role_required
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.stations import exporting, importing, profile
from app.blueprints.stations.desk_page import wanted_filter
from app.blueprints.stations.homes import read_homes
from app.blueprints.stations.importing import Report
from app.blueprints.stations.words import FACILITIES
from app.errors import Invalid, TooLarge
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction
from app.lib.sheets import MAX_BYTES, BadTable, Table, read_table
from app.lib.tables import FORMATS, table_file

bp = Blueprint("station_files", __name__)
ROOM_BYTES = 64 * 1024
"""What a form has around the file."""


@bp.get("/stations/desk/import")
@role_required(Role.ADMINISTRATOR)
def ask_import() -> str:
    """What a file must be like, and where to choose it."""
    return _import_page()


@bp.post("/stations/desk/import")
@limiter.limit("20 per minute", key_func=person_or_address)
@role_required(Role.ADMINISTRATOR)
def import_file() -> ResponseReturnValue:
    """Check a file, and with `do=import` take it in, if nothing is wrong with any row."""
    session = db.session()
    try:
        table = _table()
        if request.form.get("do") != "import":
            return _import_page(importing.check_table(session, actor(), table))
        with transaction(session):
            report = importing.import_table(session, actor(), table, now=clock.now())
    except Invalid as error:
        return _import_page(error=error.errors["file"][0]), 422
    except TooLarge as error:
        return _import_page(error=str(error.message)), 413
    return _import_page(report), 200 if report.written else 422


def _import_page(report: Report | None = None, error: str = "") -> str:
    return render_template(
        "stations_desk/import.html",
        report=report,
        error=error,
        most_rows=importing.MOST_ROWS,
        most_shown=importing.MOST_SHOWN,
        most_mb=MAX_BYTES // 1024**2,
        fields=profile.FIELDS,
        needed=profile.NEEDED,
        facilities=FACILITIES,
    )


def _table() -> Table:
    """The file that was sent. Raises Invalid at `file`, and TooLarge."""
    request.max_content_length = MAX_BYTES + ROOM_BYTES
    too_large = _("A file may have at most %(most)s MB.", most=MAX_BYTES // 1024**2)
    try:
        file = request.files.get("file")
        content = file.read(MAX_BYTES + 1) if file else b""
    except RequestEntityTooLarge as error:
        raise TooLarge(too_large) from error
    try:
        return read_table(content)
    except BadTable as error:
        if error.reason == "too_large":
            raise TooLarge(too_large) from error
        raise Invalid({"file": [_table_words(error)]}) from error


def _table_words(error: BadTable) -> str:
    if error.row is not None:
        return str(_("Row %(row)s is not CSV: a quotation mark is missing?", row=error.row))
    words = {
        "empty": _("The file is empty."),
        "too_many_rows": _("At most %(most)s rows in a file.", most=importing.MOST_ROWS),
        "old_workbook": _("That is an old Excel file (XLS). Save it as XLSX or CSV."),
        "locked": _("That workbook is locked with a password."),
        "not_a_table": _("That file is neither CSV nor XLSX."),
    }
    return str(words.get(error.reason, _("That workbook is damaged, or too large to read.")))


@bp.post("/stations/desk/export")
@limiter.limit("20 per minute", key_func=person_or_address)
@role_required(*STATIONS)
def export() -> ResponseReturnValue:
    """What the filter of the list shows, as a file that can be taken in again."""
    kind, now, session = request.form.get("kind", ""), clock.now(), db.session()
    if kind not in FORMATS:
        raise Invalid({"kind": [_("Choose a kind of file.")]})
    homes, locale = read_homes(session), str(get_locale())
    wanted = wanted_filter(request.form, homes)
    found = exporting.lines(session, actor(), wanted, homes, locale=locale, now=now)
    out = table_file(kind, found, exporting.WIDTHS)
    name = f"stations-{clock.to_local(now):%Y%m%d-%H%M}.{kind}"
    return send_file(out, FORMATS[kind].media_type, as_attachment=True, download_name=name)
