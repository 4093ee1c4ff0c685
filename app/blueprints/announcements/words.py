"""Announcements in the person's language."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.announcements.audience import Audience, Sender
from app.blueprints.announcements.models import State
from app.blueprints.organisations.models import Organisation
from app.blueprints.organisations.names import role_name


@dataclass(frozen=True)
class Look:
    """A state as a word, an icon of the sprite, and a tone that is a class of `.status`."""

    word: str
    icon: str
    tone: str


_LOOKS = {
    State.DRAFT: (_l("Draft"), "pencil", "still"),
    State.SCHEDULED: (_l("Scheduled"), "clock", "wait"),
    State.SENDING: (_l("Being sent"), "send", "going"),
    State.SENT: (_l("Sent to all"), "circle-check", "ok"),
    State.RECALLED: (_l("Recalled"), "undo-2", "bad"),
}
_STEPS = {
    "create": _l("The draft was written"),
    "change": _l("The draft was changed"),
    "schedule": _l("Released for sending"),
    "begin": _l("Sending began"),
    "finish": _l("Everybody in the audience was told"),
    "recall": _l("The announcement was taken back"),
}


def look_of(state: State) -> Look:
    """How a state is shown."""
    word, icon, tone = _LOOKS[state]
    return Look(str(word), icon, tone)


def step_word(step: str) -> str:
    """A step in the list of what was done."""
    return str(_STEPS[step])


def audience_words(
    session: Session, sender: Sender, audience: Audience, locale: str
) -> list[list[str]]:
    """Whom an audience means: roles, companies, area, stars, stations; what does not bound it is
    left out."""
    ids = {*audience.companies, audience.area_id, audience.visited_id} - {None}
    names = _names(session, ids, locale)
    companies = [sender.organisation.name(locale)] if sender.is_company else []
    companies += [names[number] for number in audience.companies if number in names]
    areas = [] if sender.is_company or sender.reaches_everybody else [sender.organisation.id]
    areas = areas if audience.area_id is None else [audience.area_id]
    names |= {sender.organisation.id: sender.organisation.name(locale)}
    said = [
        [role_name(role) for role in audience.roles], companies,
        [names[number] for number in areas if number in names], _stars(audience),
        _visited(audience, names),
    ]  # fmt: skip
    return [part for part in said if part]


def _stars(audience: Audience) -> list[str]:
    if audience.min_star <= 1:
        return []
    return [str(_l("star level %(level)s or more") % {"level": audience.min_star})]


def _visited(audience: Audience, names: dict[int, str]) -> list[str]:
    if audience.visited_id not in names:
        return []
    return [str(_l("lately earned points at %(place)s") % {"place": names[audience.visited_id]})]


def _names(session: Session, ids: set[int | None], locale: str) -> dict[int, str]:
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one.name(locale) for one in found}
