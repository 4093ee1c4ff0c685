"""What passes say together with those of other gates and readers, and of the same day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.blueprints.badges.replays import SAME_LOOK_S, WINDOW_S
from app.blueprints.gates.conflicts import ConflictKind, Found
from app.blueprints.gates.drafts import PassDraft, Said
from app.blueprints.gates.models import Chain, Compound, Directions, Gate, Method, Outcome, Pass
from app.blueprints.gates.rules import Refusal
from app.lib.clock import start_of_day
from app.lib.database import table_of
from app.lib.geo import distance_m

MOST_M_PER_S = 20
"""Faster than this nobody rides from gate to gate through a town."""
FAR_WITHIN = timedelta(hours=1)
"""Two gates of one district are never farther apart than one rides in this time."""
REPLAY_WITHIN = timedelta(seconds=WINDOW_S)
ELSEWHERE = "elsewhere"
_P, _G, _C = (table_of(model).c for model in (Pass, Gate, Compound))
_COUNTS = (_P.undone_at.is_(None), _P.chain != Chain.ALTERED)
_BETWEEN = _P.at.between(bindparam("first"), bindparam("last"))
# Built once, because building takes longer than asking.
_GATES = (
    select(
        _G.organisation_id, _G.latitude, _G.longitude, _G.printed_cap, _G.compound_id,
        _C.closes_min,
    )
    .join_from(table_of(Gate), table_of(Compound), _C.organisation_id == _G.compound_id)
    .where(_G.organisation_id.in_(bindparam("gates", expanding=True)))
)  # fmt: skip
_SAME_CODES = select(
    _P.badge_id, _P.proof_time_s, _P.proof_counter, _P.at, _P.scanner_id,
    _P.barrier_id, _P.seq,
).where(
    _P.badge_id.in_(bindparam("badges", expanding=True)),
    _BETWEEN,
    _P.proof_time_s.in_(bindparam("times", expanding=True)),
    _P.phone_level != "red",
    *_COUNTS,
)  # fmt: skip
_ELSEWHERE = (
    select(_P.rider_id, _P.at, _P.gate_id, _G.latitude, _G.longitude)
    .join_from(table_of(Pass), table_of(Gate), _G.organisation_id == _P.gate_id)
    .where(
        _P.rider_id.in_(bindparam("riders", expanding=True)),
        _BETWEEN,
        _P.gate_id != bindparam("but"),
        _P.outcome == Outcome.ENTERED,
        _P.method.in_((Method.LIVE, Method.PRINTED, Method.BARRIER)),
        _G.latitude.is_not(None),
        *_COUNTS,
    )
)

Reader = tuple[int | None, int | None]
"""A gate phone or a barrier."""
Shown = tuple[int, int, int]
"""A badge's row, and time and counter of a proof: the same twice is the same code."""
Place = tuple[float, float]


@dataclass(frozen=True)
class Surroundings:
    """What there is already near some drafts. What is in the same batch is added as it is seen."""

    places: Mapping[int, Place]
    caps: Mapping[int, int]
    closes: Mapping[int, int]
    """At which minute of the day compounds close."""
    shown: dict[Shown, list[tuple[datetime, Reader, int | None]]]
    seen: dict[int, list[tuple[datetime, int]]]
    """Where riders were: when, at which gate."""
    printed: dict[tuple[int, int], list[datetime]]
    """When printed badges came in, by gate and badge."""


def surroundings(session: Session, drafts: Sequence[PassDraft]) -> Surroundings:
    """Read what is near these drafts: four queries at most."""
    found = Surroundings({}, {}, {}, defaultdict(list), defaultdict(list), defaultdict(list))
    gates = _gates(session, drafts)
    caps = {
        gate.organisation_id: gate.printed_cap for gate in gates if gate.printed_cap is not None
    }
    for row in _same_codes(session, drafts):
        shown = (row.badge_id, row.proof_time_s, row.proof_counter)
        found.shown[shown].append((row.at, (row.scanner_id, row.barrier_id), row.seq))
    places = {
        one.organisation_id: (one.latitude, one.longitude)
        for one in gates
        if one.latitude is not None
    }
    for row in _elsewhere(session, drafts) if places else ():
        found.seen[row.rider_id].append((row.at, row.gate_id))
        places[row.gate_id] = (row.latitude, row.longitude)
    for row in _printed(session, drafts, caps):
        found.printed[(row.gate_id, row.badge_id)].append(row.at)
    closes = {gate.compound_id: gate.closes_min for gate in gates}
    return replace(found, places=places, caps=caps, closes=closes)


def _gates(session: Session, drafts: Sequence[PassDraft]) -> Sequence[Any]:
    return session.execute(_GATES, {"gates": list({draft.gate_id for draft in drafts})}).all()


def _span(drafts: Sequence[PassDraft], margin: timedelta) -> tuple[datetime, datetime]:
    times = [draft.at for draft in drafts]
    return min(times) - margin, max(times) + margin


def _same_codes(session: Session, drafts: Sequence[PassDraft]) -> Sequence[Any]:
    """Where these codes were accepted before."""
    shown = [draft for draft in drafts if _shown(draft)]
    if not shown:
        return ()
    first, last = _span(shown, REPLAY_WITHIN)
    return session.execute(
        _SAME_CODES,
        {
            "badges": list({draft.badge_id for draft in shown}),
            "times": list({draft.proof_time_s for draft in shown}),
            "first": first,
            "last": last,
        },
    ).all()


def _elsewhere(session: Session, drafts: Sequence[PassDraft]) -> Sequence[Any]:
    """Where else these riders were, at about the same time, by gates whose place is known."""
    moved = [draft for draft in drafts if _is_seen(draft)]
    if not moved:
        return ()
    gates = {draft.gate_id for draft in moved}
    first, last = _span(moved, FAR_WITHIN)
    values = {
        "riders": list({draft.rider_id for draft in moved}),
        "first": first,
        "last": last,
        # A phone is always at the one gate, and that is near itself.
        "but": gates.pop() if len(gates) == 1 else 0,
    }
    return session.execute(_ELSEWHERE, values).all()


def _printed(
    session: Session, drafts: Sequence[PassDraft], caps: Mapping[int, int]
) -> Sequence[Any]:
    """When these printed badges came in at the same gates on the same days."""
    capped = [draft for draft in drafts if draft.gate_id in caps and _is_printed_entry(draft)]
    if not capped:
        return ()
    first, last = _span(capped, timedelta())
    return session.execute(
        select(Pass.gate_id, Pass.badge_id, Pass.at).where(
            Pass.badge_id.in_({draft.badge_id for draft in capped}),
            Pass.at.between(start_of_day(first), last),
            Pass.gate_id.in_({draft.gate_id for draft in capped}),
            Pass.direction == Directions.ENTRY,
            Pass.outcome == Outcome.ENTERED,
            Pass.undone_at.is_(None),
            Pass.chain != Chain.ALTERED,
        )
    ).all()


def _shown(draft: PassDraft) -> Shown | None:
    """The code of a live badge, if it was accepted."""
    if draft.badge_id is None or draft.proof_time_s is None or draft.proof_counter is None:
        return None
    return draft.badge_id, draft.proof_time_s, draft.proof_counter


def _is_seen(draft: PassDraft) -> bool:
    """Whether somebody saw the badge: what was typed, or looked up, may be anybody's."""
    by_badge = draft.method in (Method.LIVE, Method.PRINTED, Method.BARRIER)
    return draft.counts and draft.rider_id is not None and by_badge


def _is_printed_entry(draft: PassDraft) -> bool:
    printed = draft.badge_id is not None and draft.proof_time_s is None
    of_code = draft.method in (Method.PRINTED, Method.BARRIER)
    return printed and of_code and draft.counts and draft.direction == Directions.ENTRY


def compare(draft: PassDraft, around: Surroundings) -> tuple[Said, list[Found]]:
    """The server's verdict once it knows of other gates and readers, and the conflicts that there
    are with them. The draft itself is then part of what is around."""
    found = [*_too_far(draft, around)]
    server = draft.server
    if said := _replayed(draft, around):
        if said.detail == ELSEWHERE and draft.outcome == Outcome.ENTERED:
            found.append(Found(ConflictKind.REPLAYED_ELSEWHERE))
        server = said if server.level != "red" else server
    if server.level != "red" and _over_cap(draft, around):
        server = Said("red", "gate_closed", Refusal.PRINTED_CAP)
    _add(draft, around)
    return server, found


def _replayed(draft: PassDraft, around: Surroundings) -> Said | None:
    """What the server says of a code that was accepted before, within 15 minutes; by the same
    reader only if it recorded that one before, and not in the same look."""
    shown = _shown(draft)
    if shown is None:
        return None
    reader = (draft.scanner_id, draft.barrier_id)
    for at, other, seq in around.shown.get(shown, ()):
        apart_s = abs((draft.at - at).total_seconds())
        if other != reader and apart_s <= WINDOW_S:
            return Said("red", "replayed", ELSEWHERE)
        earlier = seq is None or draft.link is None or seq < draft.link.seq
        if other == reader and earlier and SAME_LOOK_S < apart_s <= WINDOW_S:
            return Said("red", "replayed")
    return None


def _too_far(draft: PassDraft, around: Surroundings) -> Iterator[Found]:
    """The same rider at two gates, in less time than the way takes."""
    here = around.places.get(draft.gate_id)
    if here is None or not _is_seen(draft) or draft.rider_id is None:
        return
    for at, gate_id in around.seen.get(draft.rider_id, ()):
        there = around.places.get(gate_id)
        if there is None or gate_id == draft.gate_id:
            continue
        metres, seconds = distance_m(*here, *there), abs((draft.at - at).total_seconds())
        if metres > MOST_M_PER_S * seconds:
            detail = {"gate": gate_id, "metres": round(metres), "seconds": round(seconds)}
            yield Found(ConflictKind.TOO_FAR_APART, detail)
            return


def _over_cap(draft: PassDraft, around: Surroundings) -> bool:
    cap = around.caps.get(draft.gate_id)
    if cap is None or draft.badge_id is None or not _is_printed_entry(draft):
        return False
    day = start_of_day(draft.at)
    entries = around.printed.get((draft.gate_id, draft.badge_id), ())
    return sum(day <= at <= draft.at for at in entries) >= cap


def _add(draft: PassDraft, around: Surroundings) -> None:
    """What comes later in the batch is compared with this one too."""
    shown = _shown(draft)
    if shown and draft.phone.level != "red" and draft.undone_at is None:
        seq = draft.link.seq if draft.link else None
        around.shown[shown].append((draft.at, (draft.scanner_id, draft.barrier_id), seq))
    if _is_seen(draft) and draft.rider_id is not None:
        around.seen[draft.rider_id].append((draft.at, draft.gate_id))
    if draft.badge_id is not None and _is_printed_entry(draft):
        around.printed[(draft.gate_id, draft.badge_id)].append(draft.at)


def differences(draft: PassDraft, server: Said) -> Iterator[Found]:
    """Where what happened and the server's verdict do not go together. What the guard decided on
    an amber is no difference, nor is a rule of the gate that refused."""
    if draft.method == Method.SELF:
        return
    both = {"phone": draft.phone.reason, "server": server.reason}
    if draft.outcome == Outcome.ENTERED and server.level == "red":
        if server.detail != ELSEWHERE:  # which is a conflict of its own
            yield Found(_kind_of(server), both)
    elif _refused_by_phone(draft) and server.level == "green":
        yield Found(ConflictKind.VERDICT_DIFFERS, both)


def _refused_by_phone(draft: PassDraft) -> bool:
    by_verdict = draft.phone.level == "red" and draft.phone.reason != "gate_closed"
    return by_verdict and draft.outcome == Outcome.REFUSED


def _kind_of(server: Said) -> ConflictKind:
    if server.reason in ("revoked", "suspended"):
        return ConflictKind.REVOKED_MEANWHILE
    if server.detail == Refusal.PRINTED_CAP:
        return ConflictKind.PRINTED_CAP
    return ConflictKind.VERDICT_DIFFERS
