"""A database with riders who are signed in and have sent one photo."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from PIL import Image

from app import create_app
from app.blueprints.accounts.models import User
from app.blueprints.accounts.services import start_session
from app.blueprints.accounts.session import KEY
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.reports.services import load_categories
from app.config import load
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

ROOT = Path(__file__).parent.parent
RIDERS = 50


@dataclass(frozen=True)
class District:
    """What a load needs: the session cookies of riders, and a photo that each has sent."""

    cookies: Sequence[str]
    sha256: str


def prepare(folder: Path) -> District:
    """Build it in a folder: a rider may send 400 photos a day, so there are some dozens."""
    app = create_app(settings(folder))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        sessions = _people()
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "navy").save(out, "JPEG")
    sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    return District([_signed_in(app, new, sha256, out.getvalue()) for new in sessions], sha256)


def _signed_in(app: Flask, new: tuple[int, str], sha256: str, photo: bytes) -> str:
    client = app.test_client()
    with client.session_transaction() as session:
        session[KEY] = list(new)
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.put(f"/sync/photos/{sha256}", data=photo, headers=headers)
    cookie = client.get_cookie("session")
    if answer.status_code not in (200, 201) or cookie is None:
        raise RuntimeError(answer.text)
    return f"session={cookie.value}"


def settings(folder: Path) -> dict[str, object]:
    """What a server finds in the environment, for an application in this process."""
    return load(
        {"STAR_KNIGHT_ENV": "development", "DATA_FOLDER": str(folder), "RATELIMIT_ENABLED": "0"}
    )


def _people() -> list[tuple[int, str]]:
    session, now = db.session(), clock.now()
    with transaction(session):
        load_categories(session)
        home = Organisation(kind=Kind.COMPANY, path="/1/", name_zh="基准", name_en="Bench")
        users = [
            User(phone=f"+86139{number:08}", name=f"基准骑手{number}", created_at=now)
            for number in range(RIDERS)
        ]
        session.add_all([home, *users])
        session.flush()
        session.add_all(
            Membership(
                user_id=user.id, organisation_id=home.id, role=Role.RIDER, created_at=now
            )
            for user in users
        )  # fmt: skip
        opened = [start_session(session, user, label="bench", now=now) for user in users]
        return [(new.device_id, new.secret) for new in opened]
