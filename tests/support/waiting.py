"""Waiting in a page for what no locator says.

Playwright's own `wait_for_function` asks again by `eval`, which the app's content security policy
forbids: it holds only where the first asking finds it true.
"""

import time

from playwright.sync_api import Page

TIMEOUT_S = 15


def until_true(page: Page, expression: str, timeout_s: float = TIMEOUT_S) -> None:
    """Wait until the page's answer to an expression, or a function's, is true."""
    end = time.monotonic() + timeout_s
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"did not come true: {expression}"
        page.wait_for_timeout(100)


def until_pictures(page: Page, selector: str, min_width: int = 1) -> None:
    """Wait until every picture that the selector finds, and at least one, is drawn."""
    widths = f"[...document.querySelectorAll({selector!r})].map((one) => one.naturalWidth)"
    end = time.monotonic() + TIMEOUT_S
    while not (found := page.evaluate(widths)) or min(found) < min_width:
        assert time.monotonic() < end, f"not drawn: {selector} is {found} wide"
        page.wait_for_timeout(100)
