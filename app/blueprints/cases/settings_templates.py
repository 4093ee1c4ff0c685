"""Answers that are ready to be used with a step, in both languages."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.blueprints.cases.models import AnswerTemplate


@dataclass(frozen=True)
class Template:
    """A template in one language."""

    id: int
    name: str
    text: str


def templates_for(
    session: Session, step: str, category_code: str | None, locale: str
) -> list[Template]:
    """The templates of a step for a category in a language, those of the category first."""
    found = (
        select(AnswerTemplate)
        .where(
            AnswerTemplate.step == step,
            or_(
                AnswerTemplate.category_code.is_(None),
                AnswerTemplate.category_code == category_code,
            ),
        )
        .order_by(AnswerTemplate.category_code.is_(None), AnswerTemplate.id)
    )
    return [_in_language(one, locale) for one in session.scalars(found)]


def _in_language(template: AnswerTemplate, locale: str) -> Template:
    if locale == "en":
        return Template(template.id, template.name_en, template.text_en)
    return Template(template.id, template.name_zh, template.text_zh)
