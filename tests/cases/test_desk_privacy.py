"""Who the reporter is: for the centre alone, when somebody says why, and noted."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.audit.models import AuditEntry
from app.blueprints.reports.models import State
from tests.support.cases import CaseDesk
from tests.support.people import Person

BrowserOf = Callable[[Person], FlaskClient]
WITH_DEPARTMENT = (
    State.DISPATCHED, State.HANDLING, State.EXTENSION_ASKED, State.WAITING, State.HANDLED,
    State.REWORK, State.VERIFIED, State.CLOSED, State.REOPENED,
)  # fmt: skip


@pytest.fixture
def cases(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def _paths(app: Flask, case: int) -> list[str]:
    """Every page and file that can be asked for with a case in the path, and every one without
    any part: lists, exports, news."""
    rules = [one.rule for one in app.url_map.iter_rules() if "GET" in (one.methods or set())]
    filled = [
        rule.replace("<int:case_id>", str(case)).replace("<int:report_id>", str(case))
        for rule in rules
        if rule.startswith(("/cases", "/field", "/reports", "/appraisal", "/messages"))
    ]
    return [path for path in filled if "<" not in path]


def _posted(case: int) -> list[tuple[str, dict[str, str]]]:
    return [
        ("/cases/find?queue=all", {"text": "现代大道"}), ("/cases/find", {"text": str(case)}),
        ("/cases/bulk", {"act": "accept", "case": f"{case}:1"}),
        (f"/cases/{case}/note", {"note": "", "version": "1"}),
        (f"/cases/{case}/take", {"version": "1"}), ("/cases/export?queue=all", {"kind": "csv"}),
        ("/cases/export?queue=all", {"kind": "csv", "reporters": "1", "reason": "想知道"}),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["handler", "grid_worker", "other_handler"])
def test_nobody_outside_the_centre_reads_who_reported(
    app: Flask, cases: CaseDesk, browser_of: BrowserOf, who: str
) -> None:
    browser = browser_of(getattr(cases, who))
    rider = cases.rider
    secrets = (rider.name, rider.phone, rider.phone.removeprefix("+86"))
    seen = files = 0
    for state in WITH_DEPARTMENT:
        case = cases.at(state)
        answers = [browser.get(path) for path in [*_paths(app, case), "/cases?queue=all"]]
        answers += [browser.post(path, data=data) for path, data in _posted(case)]
        for answer in answers:
            seen += answer.status_code == 200
            files += answer.mimetype == "text/csv"
            text = answer.get_data(as_text=True)
            assert [one for one in secrets if one in text] == [], answer.request.path
            if "json" in (answer.content_type or ""):
                assert "reporter_id" not in text
    assert seen > len(WITH_DEPARTMENT)
    assert files >= len(WITH_DEPARTMENT)


def test_the_centre_says_why_and_it_is_noted(
    cases: CaseDesk, browser_of: BrowserOf, session: Session
) -> None:
    case, desk, rider = cases.at(State.HANDLING), browser_of(cases.dispatcher), cases.rider
    hidden = desk.get(f"/cases/{case}").text
    assert rider.name not in hidden
    shown = desk.post(f"/cases/{case}/reporter", data={"reason": "回访核实位置"})
    assert rider.name in shown.text
    assert rider.phone in shown.text
    noted = session.scalars(select(AuditEntry).where(AuditEntry.what == "reporter")).one()
    assert (noted.actor_id, noted.subject) == (cases.dispatcher.id, f"rider:{rider.id}")
    assert noted.reason == "回访核实位置"
    assert rider.name not in desk.get(f"/cases/{case}").text


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_without_a_reason_nothing_is_shown(
    cases: CaseDesk, browser_of: BrowserOf, session: Session, reason: str
) -> None:
    case = cases.filed()
    answer = browser_of(cases.dispatcher).post(f"/cases/{case}/reporter", data={"reason": reason})
    assert answer.status_code == 422
    assert cases.rider.name not in answer.text
    assert session.scalar(select(AuditEntry.id).where(AuditEntry.what == "reporter")) is None


def test_steps_of_the_reporter_bear_no_name(cases: CaseDesk, browser_of: BrowserOf) -> None:
    case = cases.at(State.REOPENED)
    page = browser_of(cases.dispatcher).get(f"/cases/{case}").text
    assert "又有了" in page
    assert cases.rider.name not in page
