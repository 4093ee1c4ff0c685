"""What claims earn, told to the ledger: a deed each while it is accepted."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.points.models import Occasion
from app.blueprints.points.occurrences import Deed, reconcile
from app.blueprints.tasks.models import Claim, ClaimState
from app.blueprints.tasks.proof import Mark
from app.blueprints.tasks.publishers import payer_of
from app.blueprints.tasks.terms import Proof


def tell(session: Session, claim: Claim, *, now: datetime, reason: str = "") -> None:
    """Tell what a claim earns as it stands."""
    deed = _deed(claim) if claim.state == ClaimState.ACCEPTED else None
    reconcile(session, Occasion.TASK, {claim.id: deed}, now=now, reason=reason)


def _deed(claim: Claim) -> Deed:
    task = claim.task
    # A phone whose clock is not believed may not choose its day.
    at = claim.handed_in_at if Mark.CLOCK in claim.marks else claim.captured_at
    return Deed(
        claim.rider_id, at or claim.moved_at, task.points, task.five_role,
        place_id=Proof.of(task.proof).check_in, payer_id=payer_of(task.organisation),
    )  # fmt: skip
