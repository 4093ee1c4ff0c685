"""Whether a page fits its screen, and what speaks against it."""

from axe_playwright_python.sync_playwright import Axe

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""Pixels by which it is too wide, to be evaluated in the page."""


def findings(page: object) -> list[str]:
    """What axe-core has against a page."""
    answer = Axe().run(page).response  # type: ignore[arg-type]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in answer["violations"]
        for node in one["nodes"]
    ]
