"""What an announcement may say, and to whom: what is wrong, by field."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements.audience import Audience, Sender, senders_of
from app.blueprints.notifications.models import MAX_BODY, MAX_TITLE
from app.blueprints.organisations.finding import AREA_KINDS
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.stars.models import LEVELS
from app.lib.text import clean

Wrong = dict[str, list[str]]


def checked_wording(
    *, title_zh: str, body_zh: str, title_en: str, body_en: str
) -> tuple[dict[str, str], Wrong]:
    """The texts as they are kept, English that is empty in Chinese, and what is wrong."""
    texts = {
        "title_zh": clean(title_zh), "body_zh": clean(body_zh), "title_en": clean(title_en),
        "body_en": clean(body_en),
    }  # fmt: skip
    wrong = {name: said for name, text in texts.items() if (said := _of_text(name, text))}
    texts["title_en"] = texts["title_en"] or texts["title_zh"]
    texts["body_en"] = texts["body_en"] or texts["body_zh"]
    return texts, wrong


def check_audience(session: Session, actor: User, sender: Sender, audience: Audience) -> Wrong:
    """Whether the actor may announce for the sender, and the sender to that audience."""
    wrong: Wrong = {}
    if sender.key not in {one.key for one in senders_of(actor)}:
        wrong["sender"] = [_("You cannot announce for this organisation.")]
    if not audience.roles:
        wrong["roles"] = [_("Choose at least one role.")]
    elif not set(audience.roles) <= set(sender.roles):
        wrong["roles"] = [_("A company tells its own riders and managers only.")]
    if not _are_companies(session, sender, audience.companies):
        wrong["companies"] = [_("Choose companies from the list.")]
    if audience.area_id is not None and not _may_name(session, sender, audience.area_id):
        wrong["area"] = [_("Choose an area of your own.")]
    if audience.min_star not in LEVELS:
        wrong["min_star"] = [_("Choose one from the list.")]
    if audience.visited_id is not None and not _has_stations(session, audience.visited_id):
        wrong["visited"] = [_("Choose one from the list.")]
    return wrong


def _of_text(name: str, text: str) -> list[str]:
    most = MAX_TITLE if name.startswith("title") else MAX_BODY
    if not text and name == "title_zh":
        return [_("Give it a title.")]
    if not text and name == "body_zh":
        return [_("Write what there is to say.")]
    if len(text) > most:
        return [_("At most %(most)s characters.", most=most)]
    return []


def _are_companies(session: Session, sender: Sender, ids: tuple[int, ...]) -> bool:
    """Whether these are companies, of which a company names none: it is its own."""
    if not ids or sender.is_company:
        return not ids
    found = select(func.count()).where(Organisation.id.in_(ids), Organisation.kind == Kind.COMPANY)
    return session.scalar(found) == len(set(ids))


def _has_stations(session: Session, organisation_id: int) -> bool:
    place = session.get(Organisation, organisation_id)
    return place is not None and place.kind in (*AREA_KINDS, Kind.STATION)


def _may_name(session: Session, sender: Sender, area_id: int) -> bool:
    area = session.get(Organisation, area_id)
    if area is None or sender.is_company:
        return False
    return sender.reaches_everybody or area.path.startswith(sender.organisation.path)
