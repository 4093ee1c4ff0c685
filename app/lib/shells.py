"""Pages that know nobody, which a phone may keep and open with no network.

A feature registers its own; the installable app collects them without knowing the features.
"""

from collections.abc import Callable

Render = Callable[[], str]

_shells: dict[str, Render] = {}


def shell(path: str) -> Callable[[Render], Render]:
    """Register a function that renders the shell at this path in the present language."""

    def register(render: Render) -> Render:
        _shells[path] = render
        return render

    return register


def shells() -> dict[str, Render]:
    """Every shell by its path."""
    return dict(_shells)
