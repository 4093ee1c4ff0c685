"""Reads who imports whom, and says which arrows run up."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FEATURES = {
    "accounts": 0, "organisations": 1, "audit": 2, "notifications": 2, "photos": 2, "points": 2,
    "stars": 3,
    "badges": 4, "deliveries": 4, "reports": 4,
    "announcements": 5, "cases": 5, "gates": 5, "stations": 5,
    "rewards": 6, "visits": 6, "counters": 7, "insight": 7, "tasks": 7, "voices": 7,
    "fairness": 8, "sync": 9, "home": 9, "demo": 9,
}  # fmt: skip
"""A feature imports only features of a lower number; pwa stands apart."""
APART = ("pwa",)
PURE = ("models", "services", "queries", "forms", "transitions")
"""Modules that know nothing of the request they work for."""
OF_A_REQUEST = ("flask", "flask_login", "app.extensions", "app.access", "app.queue")
HARMLESS = ("flask_babel", "flask_wtf", "flask_login.UserMixin")
MAY_KNOW_FEATURES = {"app.access", "app.models", "app.cli", "app.blueprints"}
_WHO = ("accounts", "organisations", None)


@dataclass(frozen=True)
class Arrow:
    """`source` imports `target`, both dotted names of modules."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


def arrows(root: Path) -> Iterator[Arrow]:
    """Every import of the package at `root`, but those for type checkers alone."""
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        for target in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            yield Arrow(name, target)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        # Both "from a.b import c" as a.b and as a.b.c: c may be a module.
        module = "." * node.level + (node.module or "")
        yield from (f"{module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)


def wrong_arrows(root: Path) -> list[str]:
    """The arrows of a package that break a rule, with the rule."""
    return [f"{arrow}: {rule}" for arrow in arrows(root) if (rule := _broken_rule(arrow))]


def _broken_rule(arrow: Arrow) -> str | None:
    source, target = _place(arrow.source), _place(arrow.target)
    if arrow.target.startswith("."):
        return "imports are absolute"
    if source.feature is None:
        return _broken_outside(arrow, target)
    if source.module in PURE and arrow.target.startswith(OF_A_REQUEST):
        if arrow.target.startswith(HARMLESS):
            return None
        return f"{source.module} know nothing of a request"
    if target.feature is None:
        return None
    if target.feature == source.feature:
        return _broken_within(source, target)
    return _broken_between(source, target)


@dataclass(frozen=True)
class _Place:
    feature: str | None
    module: str


def _place(name: str) -> _Place:
    parts = name.split(".")
    if parts[:2] == ["app", "blueprints"] and len(parts) > 2:
        return _Place(parts[2], parts[3] if len(parts) > 3 else "")
    return _Place(None, "")


def _broken_outside(arrow: Arrow, target: _Place) -> str | None:
    if arrow.source.startswith("app.lib") and arrow.target.startswith("app."):
        return None if arrow.target.startswith("app.lib") else "lib knows only lib"
    if target.feature and arrow.source not in MAY_KNOW_FEATURES:
        return "shared modules know no feature"
    if arrow.source == "app.access" and (target.feature not in _WHO or _level(target.module) > 1):
        return "access knows only people and organisations"
    return None


def _broken_within(source: _Place, target: _Place) -> str | None:
    if _level(target.module) > _level(source.module):
        return "within a feature arrows run views -> services, queries, forms -> models"
    if _is_view(target.module) and source.module != target.module:
        return "nobody imports views"
    return None


def _broken_between(source: _Place, target: _Place) -> str | None:
    assert source.feature
    assert target.feature
    if source.feature in APART or target.feature in APART:
        return "pwa stands apart"
    if FEATURES[target.feature] >= FEATURES[source.feature]:
        return "between features arrows run down"
    if _level(target.module) == 3:
        return "nobody imports another feature's views, jobs or commands"
    if source.module == "models" and target.module != "models":
        return "models know only models"
    return None


def _is_view(module: str) -> bool:
    return module.endswith("views") or module == "health"


def _level(module: str) -> int:
    """0 models, 1 what is pure, 2 what helps an edge, 3 the edges."""
    if _is_view(module) or module in ("cli", "jobs"):
        return 3
    if module == "models":
        return 0
    return 1 if module in PURE else 2 if module in ("session", "shell", "submission") else 1
