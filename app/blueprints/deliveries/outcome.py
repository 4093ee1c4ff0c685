"""What the answer of a push service means (RFC 8030, 5 and 8; RFC 8292, 4)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

MAX_WAIT_S = 86_400.0


class What(StrEnum):
    """What follows from an answer."""

    SENT = "sent"
    GONE = "gone"
    """The subscription has ended: forget it."""
    TOO_LARGE = "too_large"
    """Once more, shorter."""
    WAIT = "wait"
    """Later again."""
    STOP = "stop"
    """The service refuses us, not this message: with each further one it would refuse more. The
    subscriptions stay, for a wrong `sub` would otherwise cost every iPhone."""
    FAILED = "failed"
    """This message will never be taken."""


@dataclass(frozen=True)
class Outcome:
    """`wait_s` is the least that the service asks us to wait."""

    what: What
    error: str = ""
    wait_s: float = 0.0


SENT = Outcome(What.SENT)


def of_answer(status: int, retry_after: str | None, *, now: datetime) -> Outcome:
    """Of a status and the header Retry-After."""
    error = f"status {status}"
    if 200 <= status < 300:
        return SENT
    if status in (404, 410):
        return Outcome(What.GONE, error)
    if status == 413:
        return Outcome(What.TOO_LARGE, error)
    if status in (400, 401, 403):
        return Outcome(What.STOP, error)
    if status == 429 or status >= 500:
        return Outcome(What.WAIT, error, _seconds(retry_after, now))
    return Outcome(What.FAILED, error)  # a redirect too: it is not followed


def of_silence(error: str) -> Outcome:
    """Of a connection that failed or took too long."""
    return Outcome(What.WAIT, error)


def _seconds(retry_after: str | None, now: datetime) -> float:
    """Retry-After as seconds or as a date (RFC 9110, 10.2.3); what it is not counts as none."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_WAIT_S)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), MAX_WAIT_S)
