"""An authority, two companies and a street with people, and announcements to them."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import services
from app.blueprints.announcements.audience import Audience, Sender, senders_of
from app.blueprints.announcements.models import Announcement
from app.blueprints.announcements.services import Draft
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.queue import run_until_done
from tests.support.people import People, Person


@dataclass(frozen=True)
class Offices:
    """The ids of organisations: a street with a community below it, and two companies, all below
    the authority."""

    authority: int
    street: int
    community: int
    company: int
    other_company: int


def offices(app: Flask) -> Offices:
    """Write them."""
    with app.app_context():
        session = db.session()
        root = _organisation(session, Kind.AUTHORITY, None, "主管部门")
        street = _organisation(session, Kind.STREET, root, "湖东街道")
        community = _organisation(session, Kind.COMMUNITY, street, "星湖社区")
        companies = [_organisation(session, Kind.COMPANY, root, name) for name in ("甲送", "乙送")]
        made = Offices(root.id, street.id, community.id, *(one.id for one in companies))
        session.commit()
        db.session.remove()
        return made


def _organisation(
    session: Session, kind: Kind, parent: Organisation | None, name: str
) -> Organisation:
    made = Organisation(
        kind=kind, parent_id=parent.id if parent else None, path="", name_zh=name, name_en=name
    )
    session.add(made)
    session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    return made


def member(app: Flask, people: People, *held: tuple[Role, int], name: str | None = None) -> Person:
    """A person with these roles in these organisations."""
    person = people.make(name=name)
    with app.app_context():
        db.session.execute(
            insert(Membership),
            [
                {"user_id": person.id, "role": role, "organisation_id": home,
                 "created_at": clock.now()}
                for role, home in held
            ],
        )  # fmt: skip
        db.session.commit()
        db.session.remove()
    return person


def many_riders(app: Flask, company_id: int, count: int) -> None:
    """So many riders of a company."""
    with app.app_context():
        now, session = clock.now(), db.session()
        session.execute(
            insert(User), [{"name": f"骑手{n}", "created_at": now} for n in range(count)]
        )
        ids = session.scalars(select(User.id).order_by(User.id.desc()).limit(count)).all()
        session.execute(
            insert(Membership),
            [
                {"user_id": one, "role": Role.RIDER, "organisation_id": company_id,
                 "created_at": now}
                for one in ids
            ],
        )  # fmt: skip
        session.commit()
        db.session.remove()


def draft_of(sender: Sender, audience: Audience | None = None, **texts: str) -> Draft:
    """A draft whose words are right."""
    words = {"title_zh": "停水通知", "body_zh": "三号驿站今晚停水。"} | texts
    return Draft(sender=sender, audience=audience or Audience(), **words)


def announce(
    app: Flask, author: Person, audience: Audience | None = None, *, in_hours: float = 0
) -> int:
    """Write an announcement and release it; answers its id."""
    with app.app_context():
        session, now = db.session(), clock.now()
        with transaction(session):
            actor = session.get_one(User, author.id)
            draft = draft_of(senders_of(actor)[0], audience)
            made = services.create(session, actor, draft, now=now)
            at = now + timedelta(hours=in_hours) if in_hours else None
            services.schedule(session, actor, made.id, at=at, now=now)
            number = made.id
        db.session.remove()
        return number


def company_tells(app: Flask, manager: Person) -> int:
    """A company has told its riders something; answers its id."""
    number = announce(app, manager)
    with app.app_context():
        run_until_done(services.JOB)
    return number


def told_by(session: Session, announcement_id: int) -> list[int]:
    """The ids of those who have a notification of it, in order; each as often as they have one."""
    session.rollback()
    wording = select(Announcement.wording_id).where(Announcement.id == announcement_id)
    found = select(Notification.user_id).where(Notification.wording_id == wording.scalar_subquery())
    return list(session.scalars(found.order_by(Notification.user_id)))
