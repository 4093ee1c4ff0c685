"""A row on every settings page of cases."""

from datetime import date, timedelta

from flask import Flask

from app.blueprints.cases.models import (
    AnswerTemplate,
    CalendarDay,
    DepartmentAbsence,
    RoutingRule,
)
from app.extensions import db
from app.lib import clock
from tests.support.case_scene import CaseScene


def settings_rows(app: Flask, scene: CaseScene) -> dict[str, object]:
    """Write a rule, an absence, a template and a day; answers values for the parts of paths."""
    with app.app_context():
        session, now = db.session(), clock.now()
        day = date(2026, 12, 12)
        rule = RoutingRule(department_id=scene.department_id, created_at=now)
        absence = DepartmentAbsence(
            department_id=scene.department_id, substitute_id=scene.department_id, since=now,
            until=now + timedelta(days=1), reason="x", created_by_id=scene.dispatcher.id,
        )  # fmt: skip
        template = AnswerTemplate(step="ask", name_zh="名", name_en="x", text_zh="文", text_en="x")
        session.add_all([rule, absence, template, CalendarDay(day=day, works=True)])
        session.commit()
        return {
            "rule_id": rule.id, "absence_id": absence.id, "template_id": template.id,
            "day": day.isoformat(), "category_code": "0102",
        }  # fmt: skip
