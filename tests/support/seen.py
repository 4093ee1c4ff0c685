"""What browsers showed when a test failed, for whoever reads the report of a run far away."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page

TEXT_CHARS = 1_500
_STATE = """() => JSON.stringify({
  ...document.documentElement.dataset, visible: document.visibilityState, online: navigator.onLine,
  controlled: Boolean(navigator.serviceWorker?.controller),
})"""


def add_pages(report: pytest.TestReport, pages: list[Page]) -> None:
    """Put what these pages show into the report of a failed test."""
    for page in pages:
        with suppress(Error):  # a browser that was killed shows nothing
            report.sections.append((f"page {page.url}", _shown(page)))


def _shown(page: Page) -> str:
    page.set_default_timeout(2_000)
    return f"{page.evaluate(_STATE)}\n{page.inner_text('body')[:TEXT_CHARS]}"
