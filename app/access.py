"""Who may come to a page. Who may touch a row is part of the query that loads it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask
from flask_limiter.util import get_remote_address
from flask_login import current_user

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import (
    ANNOUNCING,
    BUDGETS,
    COMPOUNDS,
    HANDLING,
    INTAKE,
    REGISTER,
    STATIONS,
    TASKS,
    VERIFYING,
    Role,
)
from app.blueprints.organisations.names import role_name
from app.errors import Forbidden, SignInRequired

P = ParamSpec("P")
R = TypeVar("R")


def init_app(app: Flask) -> None:
    """Let templates ask what the person may see. Callables: a shell must not ask at all."""

    @app.context_processor
    def roles() -> dict[str, object]:
        return {
            "is_rider": lambda: actor().has_role(Role.RIDER),
            "can_intake": lambda: actor().has_role(*INTAKE),
            "can_handle": lambda: actor().has_role(*HANDLING),
            "can_verify": lambda: actor().has_role(*VERIFYING),
            "can_register": lambda: actor().has_role(*REGISTER),
            "can_announce": lambda: actor().has_role(*ANNOUNCING),
            "can_budgets": lambda: actor().has_role(*BUDGETS),
            "can_compounds": lambda: actor().has_role(*COMPOUNDS),
            "can_stations": lambda: actor().has_role(*STATIONS),
            "can_tasks": lambda: actor().has_role(*TASKS),
            "is_administrator": lambda: actor().has_role(Role.ADMINISTRATOR),
            "is_gate_phone": lambda: actor().has_role(Role.GUARD),
            "role_name": role_name,
        }


def actor() -> User:
    """The person who is signed in. Raises SignInRequired."""
    if not current_user.is_authenticated:
        raise SignInRequired
    user: User = current_user._get_current_object()
    return user


def person_or_address() -> str:
    """Whom a limit counts: riders of one company often share an address, so each by itself."""
    if current_user.is_authenticated:
        return f"person {current_user.id}"
    return get_remote_address()


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """A view for anybody who is signed in."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        actor()
        return view(*args, **kwargs)

    return guarded


def role_required(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A view for people who hold one of these roles. Raises SignInRequired or Forbidden."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not actor().has_role(*roles):
                raise Forbidden
            return view(*args, **kwargs)

        return guarded

    return decorate
