"""What a rider's phone keeps of tasks: those that are open, and the own claims.

Texts are told in both languages, times in milliseconds since 1970, places in degrees of WGS-84.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation
from app.blueprints.stations.models import Station
from app.blueprints.tasks.claiming import APPEAL_WITHIN, MOST_AT_ONCE, MOST_CLAIMS
from app.blueprints.tasks.models import AT_RIDER, Claim, ClaimState, Task, TaskState
from app.blueprints.tasks.no_shows import PATIENCE, no_shows_of
from app.blueprints.tasks.proof import WantedCheckIn, check_ins
from app.blueprints.tasks.terms import Proof
from app.blueprints.tasks.transitions import Who, offered
from app.blueprints.tasks.who_may import Standing, bar_of, meant_for, standing_of
from app.lib.clock import to_ms

VERSION = 1
MOST_OPEN, MOST_CLAIMS_TOLD = 300, 100
"""Tasks and claims that are told."""
KEPT = timedelta(days=60)
"""So long a claim that is over stays on the phone."""
_LIVE = (
    ClaimState.CLAIMED, ClaimState.HANDED_IN, ClaimState.SENT_BACK, ClaimState.APPEALED,
)  # fmt: skip
_RANK = case((Claim.state.in_(AT_RIDER), 0), (Claim.state.in_(_LIVE), 1), else_=2)


def mine(session: Session, rider: User, *, now: datetime) -> dict[str, Any]:
    """All that a rider's phone keeps: {"version", "star", "no_shows", "most_no_shows",
    "paused_until" (0: not), "most_at_once", "tasks": [...], "claims": [...]}.

    A task: see `task_wire`; besides "why", what stands in the way of claiming it wherever one is:
    "", "role" or "star". A claim: see `claim_wire`; its task is among "tasks" or in "task"."""
    standing = standing_of(session, rider)
    tasks = _open_tasks(session, standing, now)
    claims = own_claims(session, rider, now=now)
    names = _stations(session, [*tasks, *(one.task for one in claims)])
    came = _check_ins(session, rider, claims, now)
    shows = no_shows_of(session, rider.id, now=now)
    return {
        "version": VERSION, "star": standing.star, "no_shows": shows.count,
        "most_no_shows": PATIENCE.most,
        "paused_until": to_ms(shows.paused_until) if shows.paused_until else 0,
        "most_at_once": MOST_AT_ONCE,
        "tasks": [task_wire(one, names) | {"why": _why(one, standing)} for one in tasks],
        "claims": [claim_wire(one, names, now=now, came=came.get(one.id)) for one in claims],
    }  # fmt: skip


def etag_of(content: dict[str, Any]) -> str:
    """The same for the same content, and for no other."""
    packed = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()[:32]


def _open_tasks(session: Session, standing: Standing, now: datetime) -> Sequence[Task]:
    """Tasks that take riders, those that end first; not those for other companies alone."""
    wanted = select(Task).where(
        Task.state == TaskState.OPEN, Task.ends_at > now, meant_for(standing.companies)
    )
    wanted = wanted.options(joinedload(Task.area)).order_by(Task.ends_at, Task.id)
    return session.scalars(wanted.limit(MOST_OPEN)).all()


def own_claims(session: Session, rider: User, *, now: datetime) -> Sequence[Claim]:
    """A rider's claims that are alive, those to do before others, and of late those that are over;
    of each the newest first. What is over is left out before what is alive."""
    lately = or_(Claim.state.in_(_LIVE), Claim.moved_at > now - KEPT)
    wanted = (
        select(Claim)
        .where(Claim.rider_id == rider.id, lately)
        .options(
            joinedload(Claim.task).joinedload(Task.area),
            selectinload(Claim.photos), selectinload(Claim.answers),
        )
        .order_by(_RANK, Claim.moved_at.desc(), Claim.id.desc())
        .limit(MOST_CLAIMS_TOLD)
    )  # fmt: skip
    return session.scalars(wanted).all()


def _check_ins(
    session: Session, rider: User, claims: Iterable[Claim], now: datetime
) -> dict[int, datetime]:
    """When the rider was where the tasks of claims want a check-in, by claims."""
    wanted = {}
    for claim in claims:
        station_id = Proof.of(claim.task.proof).check_in
        if station_id is not None:
            wanted[claim.id] = WantedCheckIn.of(station_id, claim, done_at=_done_at(claim, now))
    return check_ins(session, rider.id, wanted)


def _done_at(claim: Claim, now: datetime) -> datetime:
    """When it was done; now, where that is still to come."""
    if claim.state in AT_RIDER or claim.captured_at is None:
        return now
    return claim.captured_at


def _why(task: Task, standing: Standing) -> str:
    bar = bar_of(task, standing)
    return str(bar) if bar else ""


def _stations(session: Session, tasks: Iterable[Task]) -> dict[int, dict[str, str]]:
    """The names of stations where one is to check in, by their ids."""
    ids = {Proof.of(one.proof).check_in for one in tasks} - {None}
    if not ids:
        return {}
    found = select(Station).where(Station.organisation_id.in_(ids))
    return {one.organisation_id: _names(one.organisation) for one in session.scalars(found)}


def _names(organisation: Organisation) -> dict[str, str]:
    return {"zh": organisation.name_zh, "en": organisation.name_en}


def task_wire(task: Task, stations: dict[int, dict[str, str]]) -> dict[str, Any]:
    """A task: "title", "words", "by", "area" (null at a place) are {"zh", "en"}; "at" is [latitude,
    longitude] or null; "left" the places; "proof" {"photos", "place", "check_in": {"id", "zh",
    "en"} or null, "questions": [{"text", "kind", "options"}]}."""
    at = None if task.latitude is None else [task.latitude, task.longitude]
    return {
        "id": task.id, "number": task.number,
        "title": {"zh": task.title_zh, "en": task.title_en or task.title_zh},
        "words": {"zh": task.words_zh, "en": task.words_en or task.words_zh},
        "by": _names(task.organisation), "five_role": task.five_role, "place": task.place,
        "at": at, "radius_m": task.radius_m, "area": _names(task.area) if task.area else None,
        "starts_at": to_ms(task.starts_at), "ends_at": to_ms(task.ends_at),
        "needed": task.needed, "left": task.needed - task.taken, "points": task.points,
        "claim_minutes": task.claim_minutes, "proof": _proof(task, stations),
        "min_star": task.min_star, "distance_m": task.distance_m, "state": str(task.state),
    }  # fmt: skip


def _proof(task: Task, stations: dict[int, dict[str, str]]) -> dict[str, Any]:
    check_in = task.proof["check_in"]
    station = {"id": check_in} | stations.get(check_in, {"zh": "", "en": ""})
    return task.proof | {"check_in": station if check_in else None}


def claim_wire(
    claim: Claim, stations: dict[int, dict[str, str]], *, now: datetime,
    came: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A claim: "can" the steps that the rider may take of it (claim, release, hand_in, appeal);
    "checked_in" when the rider was where the task wants a check-in, or null;
    "reason" what the rider was told last; "answers" and "photos" those of the last attempt, photos
    by their SHA-256."""
    attempt = claim.attempts
    return {
        "id": claim.id, "state": str(claim.state), "version": claim.version,
        "task": task_wire(claim.task, stations),
        "claimed_at": to_ms(claim.claimed_at), "due_at": to_ms(claim.due_at),
        "moved_at": to_ms(claim.moved_at),
        "handed_in_at": to_ms(claim.handed_in_at) if claim.handed_in_at else 0,
        "checked_in": None if came is None else to_ms(came),
        "attempts": attempt, "reason": claim.reason, "can": list(_can(claim, now)),
        "answers": [one.answer for one in claim.answers if one.attempt == attempt],
        "photos": [one.sha256 for one in claim.photos if one.attempt == attempt],
    }  # fmt: skip


def _can(claim: Claim, now: datetime) -> Iterable[str]:
    """What the rider may do now; what ran out is handed in only by a phone that kept it."""
    over = {
        "claim": claim.task.state != TaskState.OPEN or claim.task.ends_at <= now
        or claim.claims >= MOST_CLAIMS,
        "hand_in": claim.due_at <= now,
        "appeal": now > claim.moved_at + APPEAL_WITHIN,
    }  # fmt: skip
    return (step for step in offered(claim.state, Who.RIDER) if not over.get(step, False))
