"""Answers that are ready to be used with a step, in both languages."""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import note_look
from app.blueprints.cases.models import AnswerTemplate
from app.blueprints.organisations.models import INTAKE
from app.blueprints.reports.models import Category
from app.errors import Forbidden, Invalid, NotFound
from app.lib.database import alone

MOST_TEMPLATES = 300
STEPS = (
    "reject", "ask", "dispatch", "refuse", "fail", "close", "return", "ask_extension", "finish",
    "verify",
)  # fmt: skip
"""Steps with which people write words, in the order of the page."""


@dataclass(frozen=True)
class Template:
    """A template in one language."""

    id: int
    name: str
    text: str


@dataclass(frozen=True)
class TemplateDraft:
    """A template as it is entered; without a category it is for all."""

    step: str
    category_code: str | None
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str


def templates_for(
    session: Session, step: str, category_code: str | None, locale: str
) -> list[Template]:
    """The templates of a step for a category in a language, those of the category first."""
    return templates_by_step(session, [step], category_code, locale)[step]


def templates_by_step(
    session: Session, steps: Iterable[str], category_code: str | None, locale: str
) -> dict[str, list[Template]]:
    """The same for several steps at once, each with its own list."""
    by_step: dict[str, list[Template]] = {step: [] for step in steps}
    found = (
        select(AnswerTemplate)
        .where(
            AnswerTemplate.step.in_(by_step),
            or_(
                AnswerTemplate.category_code.is_(None),
                AnswerTemplate.category_code == category_code,
            ),
        )
        .order_by(AnswerTemplate.category_code.is_(None), AnswerTemplate.id)
    )
    for one in session.scalars(found):
        by_step[one.step].append(_in_language(one, locale))
    return by_step


def _in_language(template: AnswerTemplate, locale: str) -> Template:
    if locale == "en":
        return Template(template.id, template.name_en, template.text_en)
    return Template(template.id, template.name_zh, template.text_zh)


def all_templates(session: Session, actor: User) -> list[AnswerTemplate]:
    """All of them, in the order of steps, those for all categories first. Raises Forbidden for
    anybody but the centre."""
    _centre_only(actor)
    found = session.scalars(select(AnswerTemplate).options(joinedload(AnswerTemplate.category)))
    return sorted(found, key=lambda one: (STEPS.index(one.step), one.category_code or "", one.id))


def template_of(session: Session, actor: User, template_id: int) -> AnswerTemplate:
    """One template. Raises Forbidden and NotFound."""
    _centre_only(actor)
    template = session.get(AnswerTemplate, template_id)
    if template is None:
        raise NotFound
    return template


def make_template(
    session: Session, actor: User, draft: TemplateDraft, *, now: datetime
) -> AnswerTemplate:
    """Add a template, 300 at most. Raises Forbidden, and Invalid at `step` and
    `category_code`."""
    _centre_only(actor)
    _check(session, draft)
    alone(session, "answer templates")
    if (session.scalar(select(func.count()).select_from(AnswerTemplate)) or 0) >= MOST_TEMPLATES:
        full = _("There are %(most)s templates; delete some first.", most=MOST_TEMPLATES)
        raise Invalid({"step": [full]})
    template = AnswerTemplate(**asdict(draft))
    session.add(template)
    session.flush()
    _note(session, actor, template, "+", now)
    return template


def change_template(
    session: Session, actor: User, template_id: int, draft: TemplateDraft, *, now: datetime
) -> AnswerTemplate:
    """Set all of a template. Raises Forbidden, NotFound, and Invalid as `make_template` does."""
    template = template_of(session, actor, template_id)
    _check(session, draft)
    for name, value in asdict(draft).items():
        setattr(template, name, value)
    session.flush()
    _note(session, actor, template, "=", now)
    return template


def delete_template(session: Session, actor: User, template_id: int, *, now: datetime) -> None:
    """Delete a template; what was written with it stays. Raises Forbidden and NotFound."""
    template = template_of(session, actor, template_id)
    _note(session, actor, template, "×", now)
    session.delete(template)
    session.flush()


def load_templates(session: Session) -> int:
    """Add the templates that come with the project and are not there yet; answers how many. Those
    of the same step, category and Chinese name stay as they are."""
    held = {_key(one) for one in session.scalars(select(AnswerTemplate))}
    known = {None, *session.scalars(select(Category.code))}
    new = [
        AnswerTemplate(**asdict(draft))
        for draft in _shipped()
        if _key(draft) not in held and draft.category_code in known
    ]
    session.add_all(new)
    session.flush()
    return len(new)


def _key(one: AnswerTemplate | TemplateDraft) -> tuple[str, str | None, str]:
    return one.step, one.category_code, one.name_zh


def _shipped() -> list[TemplateDraft]:
    file = resources.files("app.blueprints.cases") / "answer_templates.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return [TemplateDraft(**row | {"category_code": row["category_code"] or None}) for row in rows]


def _centre_only(actor: User) -> None:
    if not actor.has_role(*INTAKE):
        raise Forbidden


def _check(session: Session, draft: TemplateDraft) -> None:
    wrong: dict[str, list[str]] = {}
    if draft.step not in STEPS:
        wrong["step"] = [_("There is no such step.")]
    if draft.category_code is not None and session.get(Category, draft.category_code) is None:
        wrong["category_code"] = [_("There is no such category.")]
    if wrong:
        raise Invalid(wrong)


def _note(session: Session, actor: User, template: AnswerTemplate, how: str, now: datetime) -> None:
    note_look(
        session, actor, subject=f"template:{template.id}", what="template",
        reason=f"{how} {template.step} · {template.name_zh}", now=now,
    )  # fmt: skip
