"""A small town where riders do what earns, honestly or not; deeds are told as the features do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.fairness.models import Review, ReviewDeed
from app.blueprints.fairness.noticing import look_at_some
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.photos.models import LOOK_PARTS, Photo
from app.blueprints.points.models import Occasion
from app.blueprints.points.occurrences import Deed, reconcile
from app.blueprints.reports.models import Report, ReportEvent, ReportPhoto, State
from app.blueprints.rewards.models import (
    Redemption,
    RedemptionEvent,
    RedemptionState,
    Reward,
    RewardKind,
    RewardStock,
)
from app.blueprints.tasks.models import Claim, ClaimPhoto, ClaimState, Task
from app.blueprints.visits.models import CheckIn, Way
from app.lib.looks_alike import quarters
from tests.support.station_rows import StationRows

NOON = datetime(2026, 5, 5, 4, tzinfo=UTC)
"""A Tuesday in Suzhou."""
HERE = (31.30, 120.60)
_numbers = count(1)
Place = tuple[float, float]


@dataclass
class Town:
    """Whatever it writes is flushed; whoever uses it commits or takes it back."""

    session: Session
    now: datetime = NOON
    _office: list[int] = field(default_factory=list)

    def person(self, *roles: Role, name: str = "王小明") -> int:
        """The id of somebody new."""
        user = User(phone=f"+86137{next(_numbers):08}", name=name, created_at=NOON)
        self._add(user)
        for role in roles:
            self._add(
                Membership(user_id=user.id, organisation_id=self.office, role=role, created_at=NOON)
            )
        return user.id

    @property
    def office(self) -> int:
        """The id of an organisation that publishes tasks."""
        if not self._office:
            home = Organisation(kind=Kind.COMMUNITY, path="", name_zh="社区", name_en="Community")
            self._add(home)
            home.path = f"/{home.id}/"
            self._office.append(home.id)
        return self._office[0]

    def photo(self, look: int | None = None, name: str = "") -> str:
        """The hash of a photo, its picture seen by the worker if `look` is given."""
        known = sha256((name or str(next(_numbers))).encode()).hexdigest()
        parts = dict(zip(LOOK_PARTS, quarters(look), strict=True)) if look else {}
        self._add(
            Photo(
                sha256=known, mime="image/jpeg", size_bytes=9, width=9, height=9, look=look,
                created_at=self.now, work_state="done", **parts,
            )
        )  # fmt: skip
        return known

    def report(
        self, rider: int, at: datetime, place: Place | None = HERE, *, photos: Sequence[str] = (),
        verifier: int | None = None, accuracy_m: float | None = 20,
        clock_off: timedelta | None = None,
    ) -> int:  # fmt: skip
        """The id of a report that is closed. `clock_off`: how far the phone's clock goes ahead."""
        off = clock_off or timedelta()
        report = Report(
            reporter_id=rider, category_code="0102", description="", place="东门",
            latitude=place[0] if place else None, longitude=place[1] if place else None,
            accuracy_m=accuracy_m, captured_at=at + off, received_at=at, moved_at=self.now,
            server_offset_ms=-int(off.total_seconds() * 1000), state=State.CLOSED,
        )  # fmt: skip
        self._add(report)
        for position, known in enumerate(photos, start=1):
            self._add(ReportPhoto(report_id=report.id, position=position, sha256=known))
        if verifier:
            self._add(
                ReportEvent(
                    report_id=report.id, actor_id=verifier, step="verify", to_state="verified",
                    at=self.now,
                )
            )  # fmt: skip
        self._tell(Occasion.CASE, report.id, Deed(rider, report.captured_at, 5))
        return report.id

    def station(self, place: Place = HERE) -> int:
        """The id of a station."""
        return StationRows(self.session).station(latitude=place[0], longitude=place[1])

    def visit(
        self, rider: int, at: datetime, station: int, *, way: Way = Way.POSTER,
        host: int | None = None,
    ) -> int:  # fmt: skip
        """The id of a check-in that leads a visit."""
        came = CheckIn(
            key=f"town-{next(_numbers)}", station_id=station, rider_id=rider, way=way,
            purpose="water", at=at, received_at=at, recorder_id=host, leads=True,
        )  # fmt: skip
        self._add(came)
        self._tell(Occasion.VISIT, came.id, Deed(rider, at, place_id=station))
        return came.id

    def task(
        self, rider: int, at: datetime, place: Place = HERE, *, checker: int | None = None,
        photos: Sequence[str] = (), report_id: int | None = None,
    ) -> int:  # fmt: skip
        """The id of a claim that was accepted."""
        task = Task(
            organisation_id=self.office, title_zh="数车", words_zh="数一数", five_role="",
            starts_at=at - timedelta(days=1), ends_at=at + timedelta(days=1), needed=1, taken=1,
            accepted=1, points=5, claim_minutes=60, proof={}, roles=[], created_at=at, moved_at=at,
        )  # fmt: skip
        self._add(task)
        claim = Claim(
            task_id=task.id, rider_id=rider, state=ClaimState.ACCEPTED, claimed_at=at, due_at=at,
            captured_at=at, handed_in_at=at, latitude=place[0], longitude=place[1], accuracy_m=20,
            marks=[], checker_id=checker, moved_at=self.now, report_id=report_id,
        )  # fmt: skip
        self._add(claim)
        for position, known in enumerate(photos, start=1):
            self._add(ClaimPhoto(claim_id=claim.id, attempt=1, position=position, sha256=known))
        self._tell(Occasion.TASK, claim.id, Deed(rider, at, 5))
        return claim.id

    def cancelled(self, rider: int, at: datetime, *, by: int | None = None) -> None:
        """A redemption that was given back, by the rider unless by somebody else."""
        reward = Reward(
            kind=RewardKind.GOODS, name_zh="雨衣", name_en="Raincoat", cost=5, since=at,
            created_at=at, changed_at=at,
        )  # fmt: skip
        self._add(reward)
        stock = RewardStock(reward_id=reward.id, station_id=None, left=None)
        self._add(stock)
        made = Redemption(
            number=f"{next(_numbers):010}", key=f"key-{next(_numbers)}", rider_id=rider,
            reward_id=reward.id, stock_id=stock.id, cost=5, state=RedemptionState.CANCELLED,
            until=at, at=at, moved_at=at,
        )  # fmt: skip
        self._add(made)
        self._add(
            RedemptionEvent(
                redemption_id=made.id, actor_id=by or rider, step="cancel", to_state="cancelled",
                at=at,
            )
        )  # fmt: skip

    def look(self, *, later: timedelta = timedelta(hours=1)) -> None:
        """What the worker does, a while after the last deed."""
        while look_at_some(self.session, now=self.now + later):
            pass

    def reviews(self) -> Sequence[Review]:
        """All of them, in their order."""
        return self.session.scalars(select(Review).order_by(Review.id)).all()

    def sources(self, review: Review) -> list[int]:
        """The sources of the deeds that a review is about."""
        found = select(ReviewDeed).where(ReviewDeed.review_id == review.id)
        return sorted(one.occurrence.source_id for one in self.session.scalars(found))

    def _tell(self, occasion: Occasion, source_id: int, deed: Deed) -> None:
        reconcile(self.session, occasion, {source_id: deed}, now=self.now)

    def _add(self, row: Any) -> None:
        self.session.add(row)
        self.session.flush()
