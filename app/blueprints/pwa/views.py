"""What makes the site an app: manifest, service worker, and pages that know nobody."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from app.assets import FOLDER, asset_version
from app.i18n import LOCALES
from app.lib.shells import shell, shells

bp = Blueprint("pwa", __name__)
_PRECACHED_FOLDERS = ("css", "js", "sw", "icons", "vendor")
_PRECACHED_ENDINGS = (".css", ".js", ".mjs", ".svg", ".wasm")
_PACKS = {
    "counter": ("js/counter/", "css/counter.css"),
    "gate": ("js/gate/", "css/gate.css", "vendor/zxing-wasm"),
    "decoder": ("vendor/zxing-wasm",),
    "field": ("js/field/", "css/field.css"),
}
"""Kept only on phones that ask for it: the files, which may be in several, and the shells below
`/<name>`."""
_IN_PACKS = tuple(start for starts in _PACKS.values() for start in starts)
_OF_DESKS = (
    "vendor/htmx", "js/cases/", "js/doubles/", "js/case_map/", "js/compounds/", "js/riders/",
    "js/insight/", "css/insight.css",
    "css/desk.css", "css/cases.css", "css/case.css", "css/doubles.css", "css/case_map.css",
    "css/appraisal.css", "css/announcements.css", "css/station_desk.css", "css/points.css",
)  # fmt: skip
BLUE = "#0b3d91"
GOOD_FOR_S = 10


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """The web app manifest, in the person's language."""
    response = jsonify(
        id="/",
        start_url="/",
        scope="/",
        name=_("Star Knight"),
        short_name=_("Star Knight"),
        description=_("Snap and report, even with no network."),
        lang=str(get_locale()).replace("_", "-"),
        dir="ltr",
        display="standalone",
        orientation="any",
        background_color=BLUE,
        theme_color=BLUE,
        icons=_icons(),
        shortcuts=_shortcuts(),
        screenshots=_screenshots(),
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    src = url_for("static", filename=f"icons/{name}-{size}.png")
    return {"src": src, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _icons() -> list[dict[str, str]]:
    return [
        _icon("app", 192, "any"),
        _icon("app", 512, "any"),
        _icon("maskable", 192, "maskable"),
        _icon("maskable", 512, "maskable"),
    ]


def _shortcuts() -> list[dict[str, Any]]:
    icons = [_icon("app", 192, "any")]
    return [
        {"name": _("Star knight badge"), "url": "/badge", "icons": icons},
        {"name": _("Snap and report"), "url": "/reports/new", "icons": icons},
        {"name": _("Check in"), "url": "/check-in", "icons": icons},
        {"name": _("Waiting to be sent"), "url": "/outbox", "icons": icons},
    ]


def _screenshots() -> list[dict[str, str]]:
    shots = (("phone", "780x1688", "narrow"), ("desk", "1440x900", "wide"))
    return [
        {
            "src": url_for("static", filename=f"img/{name}.png"),
            "sizes": sizes,
            "type": "image/png",
            "form_factor": form,
        }
        for name, sizes, form in shots
        if (FOLDER / "img" / f"{name}.png").is_file()
    ]


@bp.get("/sw.js")
def service_worker() -> Response:
    """The worker's first lines: which version this is, and what to keep. The rest is a module."""
    response = make_response(_worker())
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _worker() -> str:
    """As every phone asks for it with every page and it takes a tenth of a second to make, it is
    made once in a while: a category that is changed comes to the phones so much later."""
    made: tuple[float, str] | None = current_app.extensions.get("service_worker")
    if made is None or current_app.debug or time.monotonic() - made[0] > GOOD_FOR_S:
        made = time.monotonic(), _render_worker()
        current_app.extensions["service_worker"] = made
    return made[1]


def _render_worker() -> str:
    return render_template(
        "pwa/sw.js",
        version=_version(),
        precache=_urls([name for name in _kept_files() if not name.startswith(_IN_PACKS)]),
        shells=[path for path in shells() if path.split("/")[1] not in _PACKS],
        packs={name: _pack(name) for name in _PACKS},
        locales=LOCALES,
    )


def _version() -> str:
    """A hash over the static files and the shells, so that any change makes a new worker."""
    digest = hashlib.sha256(asset_version().encode())
    for locale in LOCALES:
        with force_locale(locale):
            for render in shells().values():
                digest.update(render().encode())
    return digest.hexdigest()[:12]


def _pack(name: str) -> dict[str, list[str]]:
    return {
        "files": _urls([file for file in _kept_files() if file.startswith(_PACKS[name])]),
        "shells": [path for path in shells() if path.split("/")[1] == name],
    }


def _urls(names: list[str]) -> list[str]:
    return [url_for("static", filename=name) for name in names]


def _kept_files() -> list[str]:
    files = (
        path.relative_to(FOLDER).as_posix()
        for folder in _PRECACHED_FOLDERS
        for path in sorted((FOLDER / folder).rglob("*"))
        if path.suffix in _PRECACHED_ENDINGS
    )
    return [*filter(_is_kept, files), "icons/app-192.png", "icons/sign-96.png"]


def _is_kept(name: str) -> bool:
    """The desks need the network anyway."""
    return not name.startswith(_OF_DESKS)


@shell("/outbox")
def render_outbox() -> str:
    return render_template("pwa/outbox.html")


@shell("/offline")
def render_offline() -> str:
    return render_template("pwa/offline.html")


@shell("/offline/fragment")
def render_offline_fragment() -> str:
    return render_template("pwa/offline_fragment.html")


@shell("/install")
def render_install() -> str:
    return render_template("pwa/install.html")


@bp.get("/outbox")
def outbox() -> Response:
    """What waits on this phone. The page knows nobody; the phone fills it in."""
    return _shell(render_outbox)


@bp.get("/offline")
def offline() -> Response:
    """Shown when a page cannot be had without network."""
    return _shell(render_offline)


@bp.get("/offline/fragment")
def offline_fragment() -> Response:
    """Shown in place of a part of a page that cannot be had without network."""
    return _shell(render_offline_fragment)


@bp.get("/install")
def install() -> Response:
    """How to put the app on the home screen."""
    return _shell(render_install)


def _shell(render: Callable[[], str]) -> Response:
    response = make_response(render())
    response.headers["Cache-Control"] = "no-cache"
    return response
