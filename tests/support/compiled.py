"""What each application compiles, compiled once by all tests: each test has an application.

That is a sixth of a second of processor time for the routes and up to half a second for the
templates of a page, and a seventh of all time for statements, several thousand times in a run.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from sqlalchemy import Engine, create_engine
from werkzeug.routing import Rule

_engines: dict[str, Engine] = {}
_compile: Callable[..., Any] = Rule._compile_builder
_builders: dict[tuple[Any, ...], Any] = {}


def keep_compiled() -> None:
    """What one application has compiled, later ones take."""
    Flask.jinja_options = {"bytecode_cache": jinja2.FileSystemBytecodeCache(str(_folder()))}
    Rule._compile_builder = _builder  # type: ignore[method-assign]


def _folder() -> Path:
    """Of all processes; what lies there goes by the templates' text."""
    folder = Path(tempfile.gettempdir()) / f"star-knight-templates-{jinja2.__version__}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def share_statements(engine: Engine) -> None:
    """What another engine of the same kind has compiled, this one takes.

    A compiled statement belongs to a dialect, which knows its server from its first connection:
    all engines of a kind have that of one that has connected.
    """
    kind = engine.dialect.name
    if kind not in _engines:
        _engines[kind] = create_engine(
            engine.url if kind == "postgresql" else "sqlite://", query_cache_size=5_000
        )
        _engines[kind].connect().close()
        _engines[kind].dispose()
    engine.dialect = _engines[kind].dialect
    engine._compiled_cache = _engines[kind]._compiled_cache


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """The function that makes addresses of a rule; it is given the rule with each call."""
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]
