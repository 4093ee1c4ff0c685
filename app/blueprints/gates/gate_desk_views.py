"""Setting a compound and its gates: rules, groups, phones, barriers, the poster."""

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from qrcodegen import QrCode

from app.access import actor, role_required
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates import compounds, equipment, posters
from app.blueprints.gates.compound_forms import CompoundForm, NameForm, RulesForm
from app.blueprints.gates.equipment import CODE_LASTS, NewBarrier, NewCode
from app.blueprints.gates.gate_lines import gate_lines, place_code_of
from app.blueprints.organisations.models import COMPOUNDS
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction
from app.lib.qr import svg_path

bp = Blueprint("gate_desk", __name__)


@bp.get("/compounds/<int:compound_id>/settings")
@role_required(*COMPOUNDS)
def settings(compound_id: int) -> str:
    """What is set for a compound, its groups, and its gates."""
    return _settings_page(compound_id, None, NameForm())


def _settings_page(compound_id: int, form: CompoundForm | None, group_form: NameForm) -> str:
    session = db.session()
    compound = queries.compound_of(session, actor(), compound_id)
    return render_template(
        "compounds/settings.html",
        compound=compound,
        open_conflicts=queries.open_conflicts(session, compound_id),
        form=form or CompoundForm.of(queries.settings_of(session, compound)),
        group_form=group_form,
        groups=queries.groups_of(session, compound),
        gates=gate_lines(session, compound_id),
    )


@bp.post("/compounds/<int:compound_id>/settings")
@role_required(*COMPOUNDS)
def save_settings(compound_id: int) -> ResponseReturnValue:
    """Set the compound's closing time and number."""
    form = CompoundForm(request.form)
    if not form.validate():
        return _settings_page(compound_id, form, NameForm()), 422
    with transaction(db.session()):
        compounds.set_compound(
            db.session(), actor(), compound_id, to=form.settings(), now=clock.now()
        )
    flash(_("Saved."))
    return redirect(url_for("gate_desk.settings", compound_id=compound_id))


@bp.post("/compounds/<int:compound_id>/groups")
@role_required(*COMPOUNDS)
def make_group(compound_id: int) -> ResponseReturnValue:
    """Make a group with this compound in it."""
    form = NameForm(request.form)
    if not form.validate():
        return _settings_page(compound_id, None, form), 422
    with transaction(db.session()):
        group = compounds.make_group(
            db.session(), actor(), compound_id, name=form.name.data or "", now=clock.now()
        )
        number = group.number
    flash(_("Group %(number)s is made.", number=number))
    return redirect(url_for("gate_desk.settings", compound_id=compound_id, _anchor="groups"))


@bp.post("/compounds/<int:compound_id>/groups/<int:number>")
@role_required(*COMPOUNDS)
def change_group(compound_id: int, number: int) -> ResponseReturnValue:
    """Put the compound into a group, or take it out."""
    with transaction(db.session()):
        compounds.put_in_group(
            db.session(), actor(), compound_id, number,
            inside=request.form.get("inside") == "1", now=clock.now(),
        )  # fmt: skip
    flash(_("Saved."))
    return redirect(url_for("gate_desk.settings", compound_id=compound_id, _anchor="groups"))


@bp.get("/compounds/<int:compound_id>/gates/<int:gate_id>")
@role_required(*COMPOUNDS)
def gate(compound_id: int, gate_id: int) -> str:
    """One gate: its rules, its phones, its barriers, its poster."""
    return _gate_page(compound_id, gate_id)


def _gate_page(
    compound_id: int,
    gate_id: int,
    *,
    form: RulesForm | None = None,
    barrier_form: NameForm | None = None,
    code: NewCode | None = None,
    barrier: NewBarrier | None = None,
) -> str:
    session, now = db.session(), clock.now()
    compound = queries.compound_of(session, actor(), compound_id)
    place = queries.gate_of(session, actor(), compound_id, gate_id)
    line = next(one for one in gate_lines(session, compound_id) if one.organisation is place)
    return render_template(
        "compounds/gate.html",
        compound=compound,
        open_conflicts=queries.open_conflicts(session, compound_id),
        gate=place,
        line=line,
        form=form or RulesForm.of(line.gate),
        barrier_form=barrier_form or NameForm(),
        code=code,
        code_minutes=int(CODE_LASTS.total_seconds() // 60),
        code_address=_enrol_address(code) if code else "",
        code_qr=_enrol_qr(code) if code else None,
        barrier=barrier,
        now=now,
    )


def _enrol_address(code: NewCode) -> str:
    return f"{request.host_url}gate/enrol?code={code.code}"


def _enrol_qr(code: NewCode) -> tuple[str, int]:
    return svg_path(QrCode.encode_text(_enrol_address(code), QrCode.Ecc.MEDIUM))


@bp.post("/compounds/<int:compound_id>/gates/<int:gate_id>")
@role_required(*COMPOUNDS)
def save_rules(compound_id: int, gate_id: int) -> ResponseReturnValue:
    """Set the rules and the place of a gate."""
    form = RulesForm(request.form)
    if not form.validate():
        return _gate_page(compound_id, gate_id, form=form), 422
    with transaction(db.session()):
        compounds.set_rules(
            db.session(), actor(), compound_id, gate_id, to=form.settings(), now=clock.now()
        )
    flash(_("Saved. Gate phones get it with their next list."))
    return _to_gate(compound_id, gate_id)


def _to_gate(compound_id: int, gate_id: int) -> ResponseReturnValue:
    return redirect(url_for("gate_desk.gate", compound_id=compound_id, gate_id=gate_id))


@bp.post("/compounds/<int:compound_id>/gates/<int:gate_id>/codes")
@limiter.limit("20 per minute")
@role_required(*COMPOUNDS)
def make_code(compound_id: int, gate_id: int) -> ResponseReturnValue:
    """A code for a phone, shown this once: 201 and the page with it."""
    secret_key = current_app.config["SECRET_KEY"]
    with transaction(db.session()):
        code = equipment.make_scanner_code(
            db.session(), actor(), compound_id, gate_id, secret_key=secret_key, now=clock.now()
        )
    return _gate_page(compound_id, gate_id, code=code), 201


@bp.post("/compounds/<int:compound_id>/scanners/<int:scanner_id>/end")
@role_required(*COMPOUNDS)
def end_scanner(compound_id: int, scanner_id: int) -> ResponseReturnValue:
    """End a gate phone."""
    with transaction(db.session()):
        scanner = equipment.end_scanner(
            db.session(), actor(), compound_id, scanner_id, now=clock.now()
        )
        gate_id = scanner.gate_id
    flash(_("The phone is ended. It can be enrolled anew."))
    return _to_gate(compound_id, gate_id)


@bp.post("/compounds/<int:compound_id>/gates/<int:gate_id>/barriers")
@limiter.limit("20 per minute")
@role_required(*COMPOUNDS)
def make_barrier(compound_id: int, gate_id: int) -> ResponseReturnValue:
    """A barrier with its token, shown this once: 201 and the page with it."""
    form = NameForm(request.form)
    if not form.validate():
        return _gate_page(compound_id, gate_id, barrier_form=form), 422
    with transaction(db.session()):
        made = equipment.make_barrier(
            db.session(), actor(), compound_id, gate_id, label=form.name.data or "",
            now=clock.now(),
        )  # fmt: skip
    return _gate_page(compound_id, gate_id, barrier=made), 201


@bp.post("/compounds/<int:compound_id>/barriers/<int:barrier_id>/end")
@role_required(*COMPOUNDS)
def end_barrier(compound_id: int, barrier_id: int) -> ResponseReturnValue:
    """End a barrier's token."""
    with transaction(db.session()):
        barrier = equipment.end_barrier(
            db.session(), actor(), compound_id, barrier_id, now=clock.now()
        )
        gate_id = barrier.gate_id
    flash(_("The token is ended. The barrier opens no more."))
    return _to_gate(compound_id, gate_id)


@bp.get("/compounds/<int:compound_id>/gates/<int:gate_id>/poster.pdf")
@role_required(*COMPOUNDS)
def poster(compound_id: int, gate_id: int) -> ResponseReturnValue:
    """The printed place code. A gate gets its code when its rules are first set."""
    session = db.session()
    compound = queries.compound_of(session, actor(), compound_id)
    place = queries.gate_of(session, actor(), compound_id, gate_id)
    code = place_code_of(session, gate_id)
    if code is None:
        raise Invalid(
            {"gate": [_("Save the gate's rules first.")]}, _("Save the gate's rules first.")
        )
    content = posters.Poster(
        url=f"{request.host_url}badge?gate={code}",
        gate_zh=place.name_zh, gate_en=place.name_en,
        compound_zh=compound.name_zh, compound_en=compound.name_en,
    )  # fmt: skip
    response = make_response(posters.poster(content, font=current_app.config["PDF_FONT"]))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="gate-{gate_id}.pdf"'
    return response
