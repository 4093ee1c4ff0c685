"""Static files under a version, so that they may be cached for ever.

The version is a hash over all of them and stands in the path, so relative imports between
JavaScript modules stay inside one version.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, send_from_directory

FOLDER = Path(__file__).parent / "static"
ONE_YEAR_S = 31_536_000
_IMPORT = re.compile(r"""^(?:import|export) [^;]*?["'](\.[^"']+)["'];""", re.M)


def init_app(app: Flask) -> None:
    """Serve `/static/<version>/<path>`; `url_for('static', filename=...)` knows the version."""
    app.add_url_rule("/static/<version>/<path:filename>", "static", _serve)
    app.add_template_global(imported_modules)

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            values.setdefault("version", asset_version())


def asset_version() -> str:
    """The version of the static files, read again on every call while developing."""
    if current_app.debug:
        return _hash_of_folder()
    return _cached_hash()


@lru_cache(maxsize=1)
def _cached_hash() -> str:
    return _hash_of_folder()


def _hash_of_folder() -> str:
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(FOLDER)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def imported_modules(filename: str) -> list[str]:
    """Every module that a module needs before it runs, itself left out: a page that must be fast
    names them in its head, so that the browser need not find them one behind another."""
    return _imported_modules(filename, asset_version())


@lru_cache(maxsize=64)
def _imported_modules(filename: str, _version: str) -> list[str]:
    found = [filename]
    for name in found:
        path = FOLDER / name
        for target in _IMPORT.findall(path.read_text(encoding="utf-8")):
            imported = (path.parent / target).resolve().relative_to(FOLDER.resolve()).as_posix()
            if imported not in found:
                found.append(imported)
    return found[1:]


def _serve(version: str, filename: str) -> Response:
    response = send_from_directory(FOLDER, filename)
    if version == asset_version():
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR_S}, immutable"
    else:  # a page of an older version asks for its file: give the present one, unkept
        response.headers["Cache-Control"] = "no-cache"
    return response
