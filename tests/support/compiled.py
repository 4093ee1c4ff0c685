"""What each application compiles, compiled once by all tests: each test has an application.

That is a sixth of a second of processor time for the routes and up to half a second for the
templates of a page, several thousand times in a run.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from werkzeug.routing import Rule

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


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """The function that makes addresses of a rule; it is given the rule with each call."""
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]
