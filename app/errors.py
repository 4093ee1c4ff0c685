"""Domain errors, and the one place that turns an error into a page, a fragment or JSON."""

from collections.abc import Mapping, Sequence

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from app.lib.htmx import wants_fragment, wants_json


class DomainError(Exception):
    """A rule of the domain says no. `message` is for the person, in their language."""

    status = 400
    code = "refused"
    message: str = _l("That is not possible.")

    def __init__(self, message: str | None = None, *, retry_after_s: int | None = None) -> None:
        super().__init__(self.code)
        if message is not None:
            self.message = message
        self.retry_after_s = retry_after_s


class NotFound(DomainError):
    status, code = 404, "not_found"
    message = _l("There is nothing here, or it is not for you to see.")


class Forbidden(DomainError):
    status, code = 403, "forbidden"
    message = _l("Your role may not do this.")


class SignInRequired(DomainError):
    status, code = 401, "sign_in_required"
    message = _l("Please sign in.")


class Conflict(DomainError):
    status, code = 409, "conflict"
    message = _l("Somebody else was faster. Look again, then decide.")


class TooMany(DomainError):
    status, code = 429, "too_many"
    message = _l("Too many tries. Wait a little, then try again.")


class TooLarge(DomainError):
    status, code = 413, "too_large"
    message = _l("That is too large.")


class Invalid(DomainError):
    """Input that does not fit, with messages at its fields."""

    status, code = 422, "invalid"
    message = _l("Please check what is marked.")

    def __init__(self, errors: Mapping[str, Sequence[str]], message: str | None = None) -> None:
        super().__init__(message)
        self.errors = {field: [str(text) for text in texts] for field, texts in errors.items()}


_HTTP_WORDS = {
    400: ("bad_request", _l("The request was not understood.")),
    401: ("sign_in_required", _l("Please sign in.")),
    403: ("forbidden", _l("Your role may not do this.")),
    404: ("not_found", _l("There is nothing here, or it is not for you to see.")),
    405: ("method_not_allowed", _l("That is not possible here.")),
    413: ("too_large", _l("That is too large.")),
    429: ("too_many", _l("Too many tries. Wait a little, then try again.")),
}


def init_app(app: Flask) -> None:
    """Map every error of the application to an answer."""
    app.register_error_handler(DomainError, answer_domain_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_crash)


def answer_domain_error(error: DomainError) -> ResponseReturnValue:
    """A domain error as page, fragment or JSON, whichever the caller asked for."""
    headers = {"Retry-After": str(error.retry_after_s)} if error.retry_after_s else {}
    fields = error.errors if isinstance(error, Invalid) else None
    return _answer(error.status, error.code, str(error.message), headers, fields)


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    code, message = _HTTP_WORDS.get(status, ("http_error", error.name))
    headers = {name: value for name, value in error.get_headers() if name == "Retry-After"}
    return _answer(status, code, str(message), headers)


def _on_crash(error: Exception) -> ResponseReturnValue:
    if current_app.config["PROPAGATE_ERRORS"]:
        raise error
    current_app.logger.error("unhandled error", exc_info=error)
    return _answer(500, "server_error", _("Something broke on our side. Nothing you sent is lost."))


def _answer(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str] | None = None,
    fields: Mapping[str, Sequence[str]] | None = None,
) -> ResponseReturnValue:
    request_id = g.get("request_id", "")
    if wants_json():
        body = {"code": code, "message": message, "request_id": request_id}
        if fields:
            body["errors"] = fields
        return jsonify(error=body), status, dict(headers or {})
    template = "errors/fragment.html" if wants_fragment() else "errors/page.html"
    page = render_template(
        template,
        code=status,
        title=message,
        message=message,
        request_id=request_id,
        path=request.path,
    )
    return page, status, dict(headers or {})
