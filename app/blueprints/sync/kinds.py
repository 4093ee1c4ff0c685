"""The kinds of items that outboxes bring."""

from collections.abc import Mapping

from app.blueprints.sync.case_step_kind import CASE_STEP
from app.blueprints.sync.kind import Kind
from app.blueprints.sync.pass_kinds import PASS
from app.blueprints.sync.report_kind import REPORT
from app.blueprints.sync.self_pass_kind import SELF_PASS

KINDS: Mapping[str, Kind] = {
    "case_step": CASE_STEP, "pass": PASS, "report": REPORT, "self_pass": SELF_PASS,
}  # fmt: skip
