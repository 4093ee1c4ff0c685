"""Language and local time: Chinese by default, English complete."""

from datetime import datetime

from flask import Flask, has_request_context, request
from flask_babel import format_datetime, get_locale

from app.extensions import babel
from app.lib import clock

LOCALES = ("zh_Hans", "en")
COOKIE = "lang"


def choose_locale() -> str:
    """`?lang=` (the offline shells), else the cookie, else Chinese."""
    if not has_request_context():
        return LOCALES[0]
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in LOCALES:
            return wanted
    return LOCALES[0]


def local_time(moment: datetime) -> str:
    """Date and time as read in Suzhou, without seconds."""
    return str(format_datetime(moment, "yyyy-MM-dd HH:mm"))


def short_time(moment: datetime) -> str:
    """Month, day and time as read in Suzhou, for lists."""
    return str(format_datetime(moment, "MM-dd HH:mm"))


def init_app(app: Flask) -> None:
    """Bind Babel, and give templates the language and a time filter."""
    babel.init_app(app, locale_selector=choose_locale)
    app.jinja_env.filters["local_time"] = local_time
    app.jinja_env.filters["short_time"] = short_time

    @app.context_processor
    def language() -> dict[str, object]:
        code = str(get_locale() or LOCALES[0])
        return {
            "locale": code,
            "html_lang": "zh-Hans" if code == "zh_Hans" else "en",
            "now_ms": lambda: clock.to_ms(clock.now()),
        }
