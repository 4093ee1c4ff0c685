"""The kinds of items that outboxes bring."""

from collections.abc import Mapping

from app.blueprints.sync.kind import Kind
from app.blueprints.sync.report_kind import REPORT

KINDS: Mapping[str, Kind] = {"report": REPORT}
