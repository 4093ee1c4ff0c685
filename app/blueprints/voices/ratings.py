"""Rating a visit: one rating each, and what is said last counts. Many at once, as they come."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.visits.grouping import GAP
from app.blueprints.visits.models import CheckIn
from app.blueprints.voices.models import Rating
from app.blueprints.voices.saying import MAX_WORDS, MOST_RATINGS, day_of, line, too_long
from app.errors import DomainError, Forbidden, Invalid, NotFound, TooMany
from app.lib.clock import start_of_day
from app.lib.database import alone

LATEST = timedelta(days=7)
"""How long after a visit it may be rated, and how long a rating waits for its check-in to come."""
LONGEST_VISIT = timedelta(days=1)
SCORES = (1, 2, 3)


class TooEarly(DomainError):
    """The check-in has not arrived."""


@dataclass(frozen=True, slots=True)
class RatingDraft:
    """A rating as it was given: `check_in` is the check-in's key."""

    rider: User
    check_in: str
    score: int
    words: str
    at: datetime


def draft_rating(
    actor: User, *, check_in: str, score: object, words: object, at: datetime
) -> RatingDraft:
    """What a rider says, checked. Raises Forbidden for who is no rider, and Invalid."""
    if not actor.has_role(Role.RIDER):
        raise Forbidden
    said = line(words)
    wrong = {"words": too_long(said, MAX_WORDS)}
    chosen = score if isinstance(score, int) and not isinstance(score, bool) else 0
    if chosen not in SCORES:
        wrong["score"] = [_("Choose one of the three faces.")]
    if any(wrong.values()):
        raise Invalid({field: texts for field, texts in wrong.items() if texts})
    return RatingDraft(actor, check_in, chosen, said, at)


def own_check_in(session: Session, actor: User, check_in_id: int) -> CheckIn:
    """A check-in of the actor's own. Raises NotFound."""
    found = session.scalar(
        select(CheckIn).where(CheckIn.id == check_in_id, CheckIn.rider_id == actor.id)
    )
    if found is None:
        raise NotFound
    return found


def rate(session: Session, draft: RatingDraft, *, now: datetime) -> Rating:
    """Keep one rating. Raises what `rate_all` answers."""
    [answer] = rate_all(session, [draft], now=now)
    if isinstance(answer, DomainError):
        raise answer
    return answer


def rate_all(
    session: Session, drafts: Sequence[RatingDraft], *, now: datetime
) -> list[Rating | DomainError]:
    """Keep the ratings of one rider, in their order: for each the rating, or why it was not kept:
    TooEarly, Invalid or TooMany. Of what is not kept nothing is written."""
    rider_id = drafts[0].rider.id
    alone(session, f"voices of {rider_id}")
    desk = _Desk(_check_ins(session, [draft.check_in for draft in drafts]), {}, {}, Counter(), now)
    desk.visits.update(_visits(session, rider_id, desk.check_ins.values()))
    desk.ratings.update(_ratings(session, desk.visits))
    desk.days.update(_days(session, rider_id, min(draft.at for draft in drafts)))
    answers = [_answer(session, desk, draft) for draft in drafts]
    session.flush()
    return answers


@dataclass(frozen=True)
class _Desk:
    """What is known while ratings are kept. `visits`: all check-ins of a visit, by the key of
    each; `ratings` by the key of the check-in that was rated; `days`: ratings by local day."""

    check_ins: Mapping[str, CheckIn]
    visits: dict[str, frozenset[str]]
    ratings: dict[str, Rating]
    days: Counter[datetime]
    now: datetime


def _answer(session: Session, desk: _Desk, draft: RatingDraft) -> Rating | DomainError:
    try:
        return _keep(session, desk, draft)
    except DomainError as error:
        return error


def _keep(session: Session, desk: _Desk, draft: RatingDraft) -> Rating:
    check_in = _rated(desk, draft)
    before = [key for key in desk.visits[check_in.key] if key in desk.ratings]
    if before:
        return _replaced(desk.ratings[before[0]], draft)
    day, _next = day_of(draft.at)
    if desk.days[day] >= MOST_RATINGS:
        raise TooMany(_("At most %(most)s ratings a day.", most=MOST_RATINGS))
    desk.days[day] += 1
    made = Rating(
        station_id=check_in.station_id, check_in_key=check_in.key, rider_id=draft.rider.id,
        score=draft.score, words=draft.words, at=draft.at,
    )  # fmt: skip
    session.add(made)
    desk.ratings[check_in.key] = made
    return made


def _rated(desk: _Desk, draft: RatingDraft) -> CheckIn:
    """The check-in, if it may be rated. Raises TooEarly and Invalid."""
    found = desk.check_ins.get(draft.check_in)
    if found is None and draft.at > desk.now - LATEST:
        raise TooEarly
    if found is None or found.rider_id != draft.rider.id or found.undone_at is not None:
        raise Invalid({"check_in": [_("This is no visit of yours.")]})
    if draft.at - found.at > LATEST:
        late = _("A visit can be rated for %(days)s days.", days=LATEST.days)
        raise Invalid({"check_in": [late]})
    return found


def _replaced(rating: Rating, draft: RatingDraft) -> Rating:
    """What was said later counts, whichever came first. New words were not hidden by anybody."""
    if draft.at < rating.at:
        return rating
    if draft.words != rating.words:
        rating.hidden_at, rating.hidden_by_id, rating.hidden_reason = None, None, ""
    rating.score, rating.words, rating.at = draft.score, draft.words, draft.at
    return rating


def _check_ins(session: Session, keys: Sequence[str]) -> dict[str, CheckIn]:
    found = session.scalars(select(CheckIn).where(CheckIn.key.in_(keys)))
    return {one.key: one for one in found}


def _visits(
    session: Session, rider_id: int, check_ins: Iterable[CheckIn]
) -> dict[str, frozenset[str]]:
    """The visit of each check-in of the rider's. What is marked is a visit by itself."""
    own = [one for one in check_ins if one.rider_id == rider_id]
    if not own:
        return {}
    wanted = select(CheckIn).where(
        CheckIn.rider_id == rider_id,
        CheckIn.at >= min(one.at for one in own) - LONGEST_VISIT,
        CheckIn.at <= max(one.at for one in own) + LONGEST_VISIT,
        CheckIn.station_id.in_({one.station_id for one in own}),
    )
    return visits_of([*session.scalars(wanted)])


def visits_of(check_ins: Sequence[CheckIn]) -> dict[str, frozenset[str]]:
    """The keys of all check-ins of a visit, by each of them; of one rider's check-ins."""
    groups: list[list[CheckIn]] = []
    for one in sorted(check_ins, key=lambda one: (one.station_id, one.at, one.key)):
        last = groups[-1][-1] if groups else None
        if not _counts(one):
            groups.insert(0, [one])  # it bridges nothing, and stands in nobody's way
        elif last and _follows(last, one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return {one.key: frozenset(member.key for member in group) for group in groups for one in group}


def _counts(one: CheckIn) -> bool:
    return one.mark is None and one.undone_at is None


def _follows(last: CheckIn, one: CheckIn) -> bool:
    return _counts(last) and last.station_id == one.station_id and one.at - last.at < GAP


def _ratings(session: Session, visits: Mapping[str, frozenset[str]]) -> dict[str, Rating]:
    found = session.scalars(select(Rating).where(Rating.check_in_key.in_(visits)).with_for_update())
    return {one.check_in_key: one for one in found}


def _days(session: Session, rider_id: int, since: datetime) -> Counter[datetime]:
    """How many ratings the rider gave on each local day since that of a moment."""
    wanted = select(Rating.at).where(Rating.rider_id == rider_id, Rating.at >= start_of_day(since))
    return Counter(start_of_day(at) for at in session.scalars(wanted))
