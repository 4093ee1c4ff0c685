"""A report as its reporter sees it: where it stands, what comes next, before and after."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.cases.coming import Offer, offers, points_words, what_next
from app.blueprints.cases.timeline import LOADS, Entry, Picture, steps_for_reporter
from app.blueprints.points.models import Occasion
from app.blueprints.points.occurrences import earned
from app.blueprints.reports.models import Report, State
from app.errors import NotFound

AFTER = (State.HANDLED, State.VERIFIED, State.CLOSED)
"""In these states the last proof shows how it is now."""
_SHOWN = (*LOADS, selectinload(Report.department))


@dataclass(frozen=True)
class ReporterPage:
    """What the page of a report shows. `main` is the case that goes on for a merged one."""

    report: Report
    main: Report | None
    coming: str
    main_coming: str
    points: str
    entries: list[Entry]
    offers: dict[str, Offer]
    before: Picture | None
    after: Picture | None

    @property
    def asked_at(self) -> datetime | None:
        """When the question was put that waits for an answer."""
        asked = [entry.at for entry in self.entries if entry.step == "ask"]
        return asked[-1] if asked and self.report.state == State.WAITING else None


def own_report(session: Session, actor: User, report_id: int) -> Report:
    """A report that the actor filed, with all that its page shows. Raises NotFound."""
    found = session.scalar(
        select(Report)
        .where(Report.id == report_id, Report.reporter_id == actor.id)
        .options(*_SHOWN)
    )
    if found is None:
        raise NotFound
    return found


def reporter_page(session: Session, report: Report, *, now: datetime) -> ReporterPage:
    """Put the page of an own report together."""
    main = _main(session, report)
    entries = steps_for_reporter(session, report)
    after = _after(entries) if (main or report).state in AFTER else None
    return ReporterPage(
        report=report,
        main=main,
        coming=what_next(report, now),
        main_coming=what_next(main, now) if main else "",
        points=points_words(report, earned(session, Occasion.CASE, report.id)),
        entries=entries,
        offers=offers(report, now),
        before=_before(report) if after else None,
        after=after,
    )


def _main(session: Session, report: Report) -> Report | None:
    if report.merged_into_id is None:
        return None
    return session.get(Report, report.merged_into_id, options=_SHOWN)


def _before(report: Report) -> Picture | None:
    pictures = (
        Picture.of(f"/reports/{report.id}/photos/{one.position}", one.photo)
        for one in report.photos
    )
    return next((one for one in pictures if one.state == "done"), None)


def _after(entries: list[Entry]) -> Picture | None:
    """The first picture of the last proof that there is."""
    proofs = [entry for entry in entries if entry.step in ("finish", "verify")]
    pictures = [one for entry in reversed(proofs) for one in entry.pictures]
    return next((one for one in pictures if one.state == "done"), None)
