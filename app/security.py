"""Headers that every answer carries."""

from flask import Flask, Response, request
from flask_login import current_user

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:{tiles}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "media-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_WASM_SCRIPT = "/js/scan/decoder_worker.js"
"""The one script that may compile WebAssembly: a worker goes by its own answer's policy."""


def init_app(app: Flask) -> None:
    """Add the security headers, and keep signed-in answers out of every cache."""
    tiles = app.config["TILES_URL"]
    origin = " " + "/".join(tiles.split("/", 3)[:3]).replace("{s}", "*") if tiles else ""
    policy = CSP.format(tiles=origin)
    with_wasm = policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        wasm = request.endpoint == "static" and request.path.endswith(_WASM_SCRIPT)
        headers.setdefault("Content-Security-Policy", with_wasm if wasm else policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
        if app.config["PRODUCTION"]:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static" and "Cache-Control" not in headers:
            private = current_user.is_authenticated
            headers["Cache-Control"] = "no-store" if private else "no-cache"
        return response
