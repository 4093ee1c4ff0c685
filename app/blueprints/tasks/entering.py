"""What may be entered of a task: what is wrong, by field."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.standing import visible_cases
from app.blueprints.organisations.finding import AREA_KINDS
from app.blueprints.organisations.models import Kind, Organisation, Role
from app.blueprints.points.forms import FIVE_ROLES
from app.blueprints.reports.models import Report
from app.blueprints.stations.models import Station
from app.blueprints.tasks import terms
from app.blueprints.tasks.models import QuestionKind
from app.blueprints.tasks.publishers import home_ids
from app.blueprints.tasks.terms import Proof, Question, TaskDraft

Wrong = dict[str, list[str]]
ROLE_NAMES = frozenset(name for name, _shown in FIVE_ROLES.values())
"""The five roles as data names them."""
ALSO = (Role.HOST, Role.GRID_WORKER, Role.PARTY_ORGANISER)
"""Roles that a task may ask of a rider besides."""


def wrong_with(session: Session, actor: User, draft: TaskDraft, *, now: datetime) -> Wrong:
    """All that is wrong with a draft."""
    return {
        **_wrong_words(draft), **_wrong_numbers(draft), **_wrong_times(draft, now),
        **_wrong_place(session, draft), **_wrong_proof(session, draft.proof),
        **_wrong_people(session, actor, draft),
    }  # fmt: skip


def _wrong_words(draft: TaskDraft) -> Wrong:
    bounds = (
        ("title_zh", draft.title_zh, terms.MAX_TITLE, _("Give it a title.")),
        ("title_en", draft.title_en, terms.MAX_TITLE_EN, ""),
        ("words_zh", draft.words_zh, terms.MAX_WORDS, _("Say what is to be done.")),
        ("words_en", draft.words_en, terms.MAX_WORDS, ""),
        ("place", draft.place, terms.MAX_PLACE, ""),
    )
    wrong: Wrong = {}
    for name, text, most, missing in bounds:
        if missing and not text:
            wrong[name] = [missing]
        elif len(text) > most:
            wrong[name] = [_("At most %(most)s characters.", most=most)]
    if draft.five_role not in ROLE_NAMES:
        wrong["five_role"] = [_("Choose one from the list.")]
    return wrong


def _wrong_numbers(draft: TaskDraft) -> Wrong:
    bounds = (
        ("needed", draft.needed, 1, terms.MOST_RIDERS),
        ("points", draft.points, 0, terms.MOST_POINTS),
        ("claim_minutes", draft.claim_minutes, terms.LEAST_MINUTES, terms.MOST_MINUTES),
        ("min_star", draft.min_star, 0, terms.MOST_STARS),
        ("radius_m", draft.radius_m, terms.LEAST_RADIUS_M, terms.MOST_RADIUS_M),
        ("distance_m", draft.distance_m, terms.LEAST_DISTANCE_M, terms.MOST_DISTANCE_M),
        ("photos", draft.proof.photos, 0, terms.MOST_PHOTOS),
    )
    return {
        name: [_("A number from %(least)s to %(most)s.", least=least, most=most)]
        for name, value, least, most in bounds
        if value is not None and not least <= value <= most
    }


def _wrong_times(draft: TaskDraft, now: datetime) -> Wrong:
    if draft.ends_at <= now:
        return {"ends_at": [_("That time is over.")]}
    if draft.ends_at <= draft.starts_at:
        return {"ends_at": [_("It ends after it begins.")]}
    if draft.ends_at > now + terms.MOST_AHEAD:
        return {"ends_at": [_("At most %(days)s days ahead.", days=terms.MOST_AHEAD.days)]}
    return {}


def _wrong_place(session: Session, draft: TaskDraft) -> Wrong:
    has_point = draft.latitude is not None and draft.longitude is not None
    if has_point == (draft.area_id is not None):
        return {"point": [_("Say a place by its coordinates, or choose an area.")]}
    if draft.distance_m is not None and not has_point:
        return {"distance_m": [_("How far riders may be is for tasks at a place.")]}
    if draft.area_id is not None and not _is(session, draft.area_id, *AREA_KINDS):
        return {"area": [_("Choose one from the list.")]}
    return {}


def _is(session: Session, organisation_id: int, *kinds: Kind) -> bool:
    found = session.get(Organisation, organisation_id)
    return found is not None and found.kind in kinds


def _wrong_proof(session: Session, proof: Proof) -> Wrong:
    wrong: Wrong = {}
    if proof == Proof():
        wrong["photos"] = [_("Ask for something: photos, the place, a check-in or an answer.")]
    station = session.get(Station, proof.check_in) if proof.check_in else None
    if proof.check_in and (station is None or station.ended_at is not None):
        wrong["check_in"] = [_("There is no such station.")]
    if len(proof.questions) > terms.MOST_QUESTIONS:
        wrong["question_1"] = [_("At most %(most)s questions.", most=terms.MOST_QUESTIONS)]
    for number, question in enumerate(proof.questions, start=1):
        if said := _wrong_question(question):
            wrong[f"question_{number}"] = [said]
    return wrong


def _wrong_question(question: Question) -> str:
    if not 0 < len(question.text) <= terms.MAX_QUESTION:
        return str(_("A question has 1 to %(most)s characters.", most=terms.MAX_QUESTION))
    if question.kind != QuestionKind.CHOICE:
        return ""
    options = question.options
    least, most = terms.MIN_OPTIONS, terms.MOST_OPTIONS
    if not least <= len(set(options)) == len(options) <= most:
        return str(
            _(
                "Give %(least)s to %(most)s different answers to choose from.",
                least=least,
                most=most,
            )
        )
    if any(not 0 < len(one) <= terms.MAX_OPTION for one in options):
        return str(_("An answer has 1 to %(most)s characters.", most=terms.MAX_OPTION))
    return ""


def _wrong_people(session: Session, actor: User, draft: TaskDraft) -> Wrong:
    wrong: Wrong = {}
    if draft.organisation_id not in home_ids(actor):
        wrong["organisation"] = [_("You cannot publish for this organisation.")]
    elif _is(session, draft.organisation_id, Kind.COMPANY) and draft.companies != (
        draft.organisation_id,
    ):
        wrong["companies"] = [_("A company's tasks are for its own riders.")]
    if not set(draft.roles) <= {str(one) for one in ALSO}:
        wrong["roles"] = [_("Choose one from the list.")]
    if draft.companies and not _are_companies(session, draft.companies):
        wrong["companies"] = [_("Choose companies from the list.")]
    if draft.case_id is not None and not _may_see(session, actor, draft.case_id):
        wrong["case"] = [_("There is nothing of that number.")]
    return wrong


def _are_companies(session: Session, ids: tuple[int, ...]) -> bool:
    found = select(func.count()).where(Organisation.id.in_(ids), Organisation.kind == Kind.COMPANY)
    return session.scalar(found) == len(set(ids))


def _may_see(session: Session, actor: User, case_id: int) -> bool:
    return session.scalar(visible_cases(actor).where(Report.id == case_id)) is not None
