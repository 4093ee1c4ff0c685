"""Static files, and what a page names ahead."""

import re
from pathlib import Path

from flask import Flask

from app.assets import FOLDER, imported_modules

BADGE = "js/badge/page.js"


def test_a_page_names_every_module_that_it_needs_first(app: Flask) -> None:
    with app.test_request_context():
        named = imported_modules(BADGE)
    assert BADGE not in named
    assert "vendor/qrcode-generator@2.0.4/qrcode.mjs" in named
    for name in [BADGE, *named]:
        text = (FOLDER / name).read_text(encoding="utf-8")
        for target in re.findall(r'^import .*"(\.[^"]+)";$', text, re.M):
            found = (FOLDER / name).parent.joinpath(target).resolve()
            assert found.relative_to(FOLDER.resolve()).as_posix() in named, (name, target)
    later = {Path(name).name for name in named} & {
        "later.js",
        "app.js",
        "drainer.js",
        "map_view.js",
    }
    assert not later  # what is imported while running comes after the code


def test_the_badge_page_names_them_in_its_head(app: Flask) -> None:
    page = app.test_client().get("/badge").text
    links = re.findall(r'<link rel="modulepreload" href="/static/\w+/([^"]+)">', page)
    with app.test_request_context():
        assert links == imported_modules(BADGE)
