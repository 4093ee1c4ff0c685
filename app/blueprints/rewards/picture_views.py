"""Pictures of rewards: uploaded at the desk, shown to everybody."""

from hashlib import sha256 as hash_of

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.photos.picture_form import sent_picture
from app.blueprints.photos.serving import FOR_ALL, kept_picture
from app.blueprints.photos.store import photo_storage
from app.blueprints.rewards import desk_queries, pictures
from app.blueprints.rewards.desk_page import looks
from app.errors import Invalid, NotFound, TooLarge
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("reward_pictures", __name__, url_prefix="/rewards")


@bp.get("/desk/<int:reward_id>/pictures")
@role_required(Role.ADMINISTRATOR)
def listed(reward_id: int) -> str:
    """The pictures of a reward, in their order."""
    return _page(reward_id)


@bp.post("/desk/<int:reward_id>/pictures")
@limiter.limit("20 per minute")
@role_required(Role.ADMINISTRATOR)
def upload(reward_id: int) -> ResponseReturnValue:
    """Take a picture; it is always encoded anew, without where and when it was taken."""
    session = db.session()
    desk_queries.reward(session, reward_id)
    try:
        sheet = sent_picture()
        sha256 = hash_of(sheet.content).hexdigest()
        photo_storage().put(pictures.picture_name(sha256), sheet.content)
        with transaction(session):
            pictures.add_picture(
                session, actor(), reward_id, sheet=sheet, sha256=sha256, now=clock.now()
            )
    except Invalid as error:
        return _page(reward_id, error.errors["picture"][0]), 422
    except TooLarge as error:
        return _page(reward_id, str(error.message)), 413
    flash(_("The picture is there."))
    return redirect(url_for(".listed", reward_id=reward_id), 303)


@bp.post("/desk/<int:reward_id>/pictures/<int:reward_picture_id>/first")
@role_required(Role.ADMINISTRATOR)
def first(reward_id: int, reward_picture_id: int) -> ResponseReturnValue:
    """Show a picture before the others."""
    with transaction(db.session()):
        pictures.show_first(db.session(), actor(), reward_id, reward_picture_id, now=clock.now())
    return redirect(url_for(".listed", reward_id=reward_id), 303)


@bp.post("/desk/<int:reward_id>/pictures/<int:reward_picture_id>/delete")
@role_required(Role.ADMINISTRATOR)
def delete(reward_id: int, reward_picture_id: int) -> ResponseReturnValue:
    """Take a picture away."""
    with transaction(db.session()):
        unused = pictures.delete_picture(
            db.session(), actor(), reward_id, reward_picture_id, now=clock.now()
        )
    if unused:
        photo_storage().delete(pictures.picture_name(unused))
    flash(_("The picture is gone."))
    return redirect(url_for(".listed", reward_id=reward_id), 303)


@bp.get("/pictures/<sha256>.jpg")
def picture(sha256: str) -> ResponseReturnValue:
    """A picture of a reward, for anybody, to be kept for good."""
    if not pictures.is_shown(db.session(), sha256):
        raise NotFound
    return kept_picture(pictures.picture_name(sha256), etag=sha256, keep=FOR_ALL)


def _page(reward_id: int, error: str = "") -> str:
    reward = desk_queries.reward(db.session(), reward_id)
    return render_template(
        "rewards_desk/pictures.html", reward=reward, error=error, most=pictures.MOST_PICTURES,
        **looks(),
    )  # fmt: skip
