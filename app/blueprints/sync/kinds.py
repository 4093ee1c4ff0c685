"""The kinds of items that outboxes bring."""

from collections.abc import Mapping

from app.blueprints.sync.case_step_kind import CASE_STEP
from app.blueprints.sync.check_in_kind import CHECK_IN
from app.blueprints.sync.counter_log_kind import COUNTER_LOG
from app.blueprints.sync.hand_out_kind import HAND_OUT
from app.blueprints.sync.kind import Kind
from app.blueprints.sync.pass_kinds import PASS
from app.blueprints.sync.rating_kind import RATING
from app.blueprints.sync.report_kind import REPORT
from app.blueprints.sync.self_pass_kind import SELF_PASS
from app.blueprints.sync.task_step_kind import TASK_STEP
from app.blueprints.sync.wish_kind import WISH

KINDS: Mapping[str, Kind] = {
    "case_step": CASE_STEP,
    "check_in": CHECK_IN,
    "counter_log": COUNTER_LOG,
    "hand_out": HAND_OUT,
    "pass": PASS,
    "rating": RATING,
    "report": REPORT,
    "self_pass": SELF_PASS,
    "task_step": TASK_STEP,
    "wish": WISH,
}
