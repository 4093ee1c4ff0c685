"""What makes the site an app: manifest, service worker, and pages that know nobody."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.assets import FOLDER, asset_version
from app.i18n import LOCALES

bp = Blueprint("pwa", __name__)
SHELLS = ("/reports/new", "/outbox", "/offline")
_PRECACHED_FOLDERS = ("css", "js", "icons", "vendor")
_PRECACHED_ENDINGS = (".css", ".js", ".svg")
BLUE = "#0b3d91"


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
        orientation="portrait",
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
        _icon("app", 192, "any"), _icon("app", 512, "any"),
        _icon("maskable", 192, "maskable"), _icon("maskable", 512, "maskable"),
    ]


def _shortcuts() -> list[dict[str, Any]]:
    icons = [_icon("app", 192, "any")]
    return [
        {"name": _("Snap and report"), "url": "/reports/new", "icons": icons},
        {"name": _("Waiting to be sent"), "url": "/outbox", "icons": icons},
    ]


def _screenshots() -> list[dict[str, str]]:
    shots = (("phone", "780x1688", "narrow"), ("desk", "1440x900", "wide"))
    return [
        {
            "src": url_for("static", filename=f"img/{name}.png"),
            "sizes": sizes, "type": "image/png", "form_factor": form,
        }
        for name, sizes, form in shots
        if (FOLDER / "img" / f"{name}.png").is_file()
    ]


@bp.get("/sw.js")
def service_worker() -> Response:
    """The worker's first lines: which version this is, and what to keep. The rest is a module."""
    body = render_template(
        "pwa/sw.js", version=asset_version(), precache=_static_urls(), shells=SHELLS, locales=LOCALES
    )
    response = make_response(body)
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _static_urls() -> list[str]:
    files = [
        path.relative_to(FOLDER).as_posix()
        for folder in _PRECACHED_FOLDERS
        for path in sorted((FOLDER / folder).rglob("*"))
        if path.suffix in _PRECACHED_ENDINGS and "leaflet" not in path.as_posix()
    ]
    return [url_for("static", filename=name) for name in [*files, "icons/app-192.png"]]


@bp.get("/outbox")
def outbox() -> Response:
    """What waits on this phone. The page knows nobody; the phone fills it in."""
    return _shell("pwa/outbox.html")


@bp.get("/offline")
def offline() -> Response:
    """Shown when a page cannot be had without network."""
    return _shell("pwa/offline.html")


@bp.get("/install")
def install() -> Response:
    """How to put the app on the home screen."""
    return _shell("pwa/install.html")


def _shell(template: str) -> Response:
    response = make_response(render_template(template))
    response.headers["Cache-Control"] = "no-cache"
    return response
