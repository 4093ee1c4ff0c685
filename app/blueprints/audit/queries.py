"""Reading the audit. Administrators alone may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.models import AuditEntry
from app.blueprints.organisations.models import Organisation, Role
from app.lib import phone
from app.lib.database import MAX_ROW_ID
from app.lib.text import clean

PAGE = 50
MAX_TEXT = 80
MOST_NAMESAKES = 50
RIDER = "rider"
Names = tuple[str, str]
"""What something is called in Chinese and in English."""


@dataclass(frozen=True)
class Wanted:
    """What the page is narrowed to. `by` is the name or number of who looked, `about` the name or
    number of a person or the name of an organisation, as typed; `actor_id` and `subject`
    ("rider:7") name one exactly."""

    by: str = ""
    about: str = ""
    actor_id: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class AuditPage:
    """Some looks, newest first; the names of whose data they were, by subject; and before which
    id the next page begins if there is one."""

    entries: Sequence[AuditEntry]
    names: dict[str, Names]
    before: int | None


def visible_looks(actor: User) -> Select[AuditEntry]:
    """The looks that this person may read about: administrators all, anybody else none."""
    return select(AuditEntry).where(true() if actor.has_role(Role.ADMINISTRATOR) else false())


def looks(session: Session, actor: User, wanted: Wanted, *, before: int | None = None) -> AuditPage:
    """Who looked at what, 50 looks at a time."""
    found = visible_looks(actor).where(*_by(wanted), *_about(session, wanted))
    if before is not None:
        found = found.where(AuditEntry.id < min(max(before, 0), MAX_ROW_ID))
    rows = session.scalars(found.order_by(AuditEntry.id.desc()).limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    names = _names(session, [one.subject for one in rows[:PAGE]])
    return AuditPage(rows[:PAGE], names, rows[PAGE - 1].id if more else None)


def has_looked(session: Session, actor: User, *, subject: str, since: datetime) -> bool:
    """Whether a look of the actor at this subject is noted after a moment."""
    noted = select(AuditEntry.id).where(
        AuditEntry.actor_id == actor.id, AuditEntry.subject == subject, AuditEntry.at > since
    )
    return session.scalar(noted.limit(1)) is not None


def _by(wanted: Wanted) -> list[ColumnElement[bool]]:
    who = clean(wanted.by[:MAX_TEXT])
    found: list[ColumnElement[bool]] = []
    if who:
        found.append(AuditEntry.actor_id.in_(_called(who)))
    if wanted.actor_id is not None:
        found.append(AuditEntry.actor_id == min(max(wanted.actor_id, 0), MAX_ROW_ID))
    return found


def _called(who: str) -> Select[int]:
    """The people of a name, or with a number."""
    number = phone.normalise(who)
    same = or_(User.name == who, User.phone == number) if number else User.name == who
    return select(User.id).where(same).order_by(User.id).limit(MOST_NAMESAKES)


def _about(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    what = clean(wanted.about[:MAX_TEXT])
    found: list[ColumnElement[bool]] = []
    if what:
        found.append(AuditEntry.subject.in_(_subjects_called(session, what)))
    if wanted.subject:
        found.append(AuditEntry.subject == clean(wanted.subject[:MAX_TEXT]))
    return found


def _subjects_called(session: Session, what: str) -> list[str]:
    named = or_(Organisation.name_zh == what, Organisation.name_en == what)
    places = session.execute(
        select(Organisation.kind, Organisation.id).where(named).limit(MOST_NAMESAKES)
    )
    riders = [f"{RIDER}:{one}" for one in session.scalars(_called(what))]
    return riders + [f"{kind}:{number}" for kind, number in places]


def _names(session: Session, subjects: Sequence[str]) -> dict[str, Names]:
    """Whom or what subjects mean, as far as they are still there."""
    riders: set[int] = set()
    places: set[int] = set()
    for subject in subjects:
        kind, _colon, number = subject.partition(":")
        if number.isdecimal():
            (riders if kind == RIDER else places).add(int(number))
    named: dict[str, Names] = {}
    for user in session.scalars(select(User).where(User.id.in_(riders))):
        named[f"{RIDER}:{user.id}"] = (user.name, user.name)
    for place in session.scalars(select(Organisation).where(Organisation.id.in_(places))):
        named[f"{place.kind}:{place.id}"] = (place.name_zh, place.name_en)
    return named
