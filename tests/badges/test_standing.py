"""Suspending, resuming and revoking: who may, why, and that it counts at once everywhere."""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges import issuer_keys, services
from app.blueprints.badges.models import Badge, BadgeEvent, Holder, Standing
from app.blueprints.badges.status_list import open_list
from app.blueprints.badges.terms import terms_of
from app.blueprints.badges.verdict import judge
from app.blueprints.organisations.models import Membership, Role
from app.errors import Conflict, Forbidden, Invalid
from app.lib import clock
from tests.support.badges import Desk, RiderPhone
from tests.support.people import People, Person
from tests.support.sk1 import reader_of
from tests.support.threads import at_once

ACTS = (services.suspend, services.resume, services.revoke)


def _verdict(app: Flask, client: FlaskClient, text: str) -> str:
    """What a gate says that fetched the list just now."""
    keys = issuer_keys.load(app.config["ISSUER_KEYS_FOLDER"]).published()
    listed = open_list(client.get("/.well-known/sk1/status-list").text, keys)
    reader = reader_of(keys=keys, now_s=clock.now().timestamp(), list=listed)
    return str(judge(text, reader).reason)


def _standing(session: Session, person: Person) -> tuple[str, str | None]:
    session.rollback()
    holder = session.get_one(Holder, person.id, populate_existing=True)
    return holder.standing, holder.reason


def test_it_counts_at_once(
    app: Flask, client: FlaskClient, badge: RiderPhone, manager: Desk, rider_person: Person
) -> None:
    assert _verdict(app, client, badge.show()) == "ok"
    manager.suspend(rider_person)
    assert _verdict(app, client, badge.show()) == "suspended"
    manager.resume(rider_person)
    assert _verdict(app, client, badge.show()) == "ok"
    manager.revoke(rider_person)
    assert _verdict(app, client, badge.show()) == "revoked"


def test_the_phone_is_told_why(badge: RiderPhone, manager: Desk, rider_person: Person) -> None:
    manager.suspend(rider_person, "证件过期")
    card = badge.renew()
    assert card["holder"] == {"state": "suspended", "reason": "证件过期"}
    shown = card["badge"]
    assert (shown["here"], shown["state"], shown["credential"]) == (True, "suspended", None)
    manager.resume(rider_person)
    card = badge.renew()
    assert card["holder"] == {"state": "active", "reason": None}
    assert card["badge"]["credential"]
    manager.revoke(rider_person, "已离职")
    card = badge.renew()
    assert card["holder"] == {"state": "revoked", "reason": "已离职"}
    assert (card["badge"], card["moved"]) == (None, None)


def test_every_badge_of_the_rider_is_meant(
    app: Flask, badge: RiderPhone, manager: Desk, rider_person: Person, session: Session
) -> None:
    with app.app_context():
        terms = terms_of(app.config)
    manager.do(services.issue_printed, rider_person, terms=terms)

    def standings() -> list[str]:
        session.rollback()
        return list(session.scalars(select(Badge.standing).order_by(Badge.id)))

    manager.suspend(rider_person)
    assert standings() == ["suspended", "suspended"]
    manager.resume(rider_person)
    assert standings() == ["active", "active"]
    manager.revoke(rider_person)
    assert standings() == ["revoked", "revoked"]
    assert None not in list(session.scalars(select(Badge.ended_at)))
    manager.resume(rider_person)
    assert standings() == ["revoked", "revoked"]


def test_who_was_revoked_and_is_taken_back_enrols_anew(
    badge: RiderPhone, manager: Desk, rider_person: Person
) -> None:
    manager.revoke(rider_person)
    badge.badge = None
    assert badge.enrol().status_code == 422
    manager.resume(rider_person)
    assert badge.renew()["badge"] is None
    card = badge.enrol().get_json()
    assert card["badge"]["credential"]


def test_a_suspended_rider_moves_to_no_other_phone(
    badge: RiderPhone, other_phone: RiderPhone, manager: Desk, rider_person: Person
) -> None:
    manager.suspend(rider_person)
    assert other_phone.enrol(replace=True).status_code == 422


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("reason", ["", "   \n", "\x00", "\u202e", "x" * 501])
def test_a_reason_is_needed_and_bounded(
    badge: RiderPhone, manager: Desk, rider_person: Person, session: Session, reason: str,
    act: Callable[..., None],
) -> None:  # fmt: skip
    if act is services.resume:
        manager.suspend(rider_person)
    before = _standing(session, rider_person)
    with pytest.raises(Invalid):
        manager.do(act, rider_person, reason=reason)
    assert _standing(session, rider_person) == before


def test_the_longest_reason_is_kept_whole(
    badge: RiderPhone, manager: Desk, rider_person: Person, session: Session
) -> None:
    manager.suspend(rider_person, "长" * 500)
    assert _standing(session, rider_person) == ("suspended", "长" * 500)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize(
    "role", ["rider", "guard", "dispatcher", "host", "company_manager", "property_manager", None]
)
def test_nobody_else_may(
    app: Flask, people: People, badge: RiderPhone, rider_person: Person, session: Session,
    act: Callable[..., None], role: str | None,
) -> None:  # fmt: skip
    stranger = Desk(app, people.make(*([role] if role else [])))
    with pytest.raises(Forbidden):
        stranger.do(act, rider_person, reason="x")
    with pytest.raises(Forbidden):
        Desk(app, rider_person).do(act, rider_person, reason="x")
    assert _standing(session, rider_person) == ("active", None)


def test_a_manager_whose_role_ended_may_not(
    app: Flask, badge: RiderPhone, manager: Desk, rider_person: Person, session: Session
) -> None:
    held = select(Membership).where(Membership.role == Role.COMPANY_MANAGER)
    session.scalars(held).one().ended_at = clock.now()
    session.commit()
    with pytest.raises(Forbidden):
        manager.suspend(rider_person)


def test_an_administrator_may(
    badge: RiderPhone, administrator: Desk, rider_person: Person, session: Session
) -> None:
    administrator.revoke(rider_person)
    assert _standing(session, rider_person)[0] == Standing.REVOKED


def test_steps_that_lead_nowhere_are_conflicts(
    badge: RiderPhone, manager: Desk, rider_person: Person, session: Session
) -> None:
    with pytest.raises(Conflict):
        manager.resume(rider_person)
    manager.suspend(rider_person)
    with pytest.raises(Conflict):
        manager.suspend(rider_person)
    manager.revoke(rider_person)
    for act in (manager.suspend, manager.revoke):
        with pytest.raises(Conflict):
            act(rider_person)
    assert _standing(session, rider_person)[0] == Standing.REVOKED


def test_what_was_done_is_written_down(
    badge: RiderPhone, manager: Desk, rider_person: Person, session: Session
) -> None:
    manager.suspend(rider_person, "甲")
    manager.resume(rider_person, "乙")
    manager.revoke(rider_person, "丙")
    events = session.scalars(select(BadgeEvent).order_by(BadgeEvent.id.desc()).limit(3)).all()
    assert [(one.what, one.reason) for one in reversed(events)] == [
        ("suspended", "甲"), ("resumed", "乙"), ("revoked", "丙"),
    ]  # fmt: skip
    assert {(one.user_id, one.actor_id) for one in events} == {(rider_person.id, manager.person.id)}


def test_two_managers_at_once_decide_once(
    app: Flask, badge: RiderPhone, administrator: Desk, rider_person: Person, session: Session
) -> None:
    def act(number: int) -> str:
        try:
            administrator.do(ACTS[(number % 2) * 2], rider_person, reason="x")
        except Conflict:
            return "conflict"
        return "done"

    outcomes = Counter(at_once(act, 6))
    assert _standing(session, rider_person)[0] in ("suspended", "revoked")
    events = session.scalars(select(BadgeEvent.what).where(BadgeEvent.reason == "x")).all()
    assert outcomes["done"] == len(events) <= 2


def test_a_scope_is_bounded_and_written_down(
    badge: RiderPhone, manager: Desk, other_manager: Desk, rider_person: Person, session: Session
) -> None:
    for scope in (-1, 2**16):
        with pytest.raises(Invalid):
            manager.do(services.change_scope, rider_person, scope=scope)
    with pytest.raises(Forbidden):
        other_manager.do(services.change_scope, rider_person, scope=1)
    manager.do(services.change_scope, rider_person, scope=65535)
    event = session.scalars(select(BadgeEvent).order_by(BadgeEvent.id.desc()).limit(1)).one()
    assert (event.what, event.reason) == ("scope_changed", "65535")
