"""What the worker does for the gates."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.lib import jobs

RunJobs = Callable[[], None]
pytestmark = pytest.mark.usefixtures("held_clock")


def test_the_jobs_are_registered(app: Flask) -> None:
    assert {"closing", "retention", "missing_passes"} <= set(jobs.names())
