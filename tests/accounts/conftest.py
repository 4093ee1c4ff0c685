"""Signing in through the pages, with a gateway that keeps what it is told to send."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.lib import jobs
from app.queue import run_until_done
from tests.conftest import MakeApp
from tests.support.gateway import Gateway, running_gateway

PHONE = "13912345678"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running_gateway() as running:
        yield running


@pytest.fixture
def app(make: MakeApp, gateway: Gateway) -> Flask:
    """The application, sending its codes through the gateway."""
    return make(SMS_GATEWAY_URL=gateway.url, SMS_GATEWAY_TOKEN="a-token")


@dataclass
class SignIn:
    """The pages of signing in, as somebody uses them."""

    client: FlaskClient
    gateway: Gateway

    def ask(self, phone: str = PHONE, **kwargs: object) -> TestResponse:
        """Type a number and ask for a code."""
        return self.client.post("/sign-in", data={"phone": phone}, **kwargs)

    def sent(self) -> str:
        """Let the worker send what waits; the newest code that went out."""
        with self.client.application.app_context():
            run_until_done("sms")
        return str(self.gateway.taken[-1]["params"]["code"])

    def enter(self, code: str, **kwargs: object) -> TestResponse:
        """Type a code."""
        return self.client.post("/sign-in/code", data={"code": code}, **kwargs)

    def is_in(self) -> bool:
        return self.client.get("/sync/whoami").status_code == 200


@pytest.fixture
def pages(client: FlaskClient, gateway: Gateway) -> SignIn:
    assert "sms" in jobs.names()
    return SignIn(client, gateway)


@pytest.fixture
def other_browser(app: Flask, gateway: Gateway) -> Callable[[], SignIn]:
    """Further browsers."""
    return lambda: SignIn(app.test_client(), gateway)


def wrong(code: str) -> str:
    """A code that is not this one."""
    assert re.fullmatch(r"\d{6}", code)
    return f"{(int(code) + 1) % 1_000_000:06d}"
