"""Pictures of rewards, in the order in which they are shown. Their bytes are kept by the edge."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.rewards.catalogue import held_reward, note, touch
from app.blueprints.rewards.models import Reward, RewardPicture
from app.errors import Invalid, NotFound
from app.lib.imaging import Sheet

MOST_PICTURES = 4


def picture_name(sha256: str) -> str:
    """Where a picture lies in the storage of photos."""
    return f"rewards/{sha256[:2]}/{sha256}.jpg"


def is_shown(session: Session, sha256: str) -> bool:
    """Whether a reward has this picture."""
    return bool(session.scalar(select(exists().where(RewardPicture.sha256 == sha256))))


def add_picture(
    session: Session, actor: User, reward_id: int, *, sheet: Sheet, sha256: str, now: datetime
) -> RewardPicture:
    """Show a picture after the others. Raises Forbidden, NotFound, and Invalid at `picture` for
    one too many and for one that is there."""
    reward = held_reward(session, actor, reward_id)
    if len(reward.pictures) >= MOST_PICTURES:
        raise Invalid({"picture": [_("At most %(most)s pictures.", most=MOST_PICTURES)]})
    if any(one.sha256 == sha256 for one in reward.pictures):
        raise Invalid({"picture": [_("That picture is there already.")]})
    made = RewardPicture(
        position=len(reward.pictures) + 1, sha256=sha256, width=sheet.width, height=sheet.height,
        created_at=now,
    )  # fmt: skip
    reward.pictures.append(made)
    touch(reward, now)
    note(session, actor, "picture", now=now, reward_id=reward.id, data=_told(None, sha256))
    return made


def show_first(
    session: Session, actor: User, reward_id: int, picture_id: int, *, now: datetime
) -> None:
    """Show a picture before the others. Raises Forbidden, NotFound."""
    reward = held_reward(session, actor, reward_id)
    picture = _one(reward, picture_id)
    _number([picture, *(one for one in reward.pictures if one is not picture)])
    touch(reward, now)
    note(session, actor, "picture", now=now, reward_id=reward.id)


def delete_picture(
    session: Session, actor: User, reward_id: int, picture_id: int, *, now: datetime
) -> str | None:
    """Take a picture away. Answers its hash when no reward shows it any more, so that its file
    may go. Raises Forbidden, NotFound."""
    reward = held_reward(session, actor, reward_id)
    picture = _one(reward, picture_id)
    sha256 = picture.sha256
    reward.pictures.remove(picture)
    _number(reward.pictures)
    touch(reward, now)
    note(session, actor, "picture", now=now, reward_id=reward.id, data=_told(sha256, None))
    return None if is_shown(session, sha256) else sha256


def _told(before: str | None, after: str | None) -> dict[str, list[str | None]]:
    return {"picture": [before and before[:8], after and after[:8]]}


def _one(reward: Reward, picture_id: int) -> RewardPicture:
    found = next((one for one in reward.pictures if one.id == picture_id), None)
    if found is None:
        raise NotFound
    return found


def _number(pictures: list[RewardPicture]) -> None:
    for position, picture in enumerate(pictures, start=1):
        picture.position = position
