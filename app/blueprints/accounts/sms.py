"""The SMS gateway: an interface, one implementation over HTTP, one for development."""

from typing import Protocol

import requests

TIMEOUT_S = 10


class SmsFailed(Exception):
    """The gateway did not take the message; the text names no person."""


class SmsGateway(Protocol):
    """Sends a message made from a template that the operator has registered."""

    def send(self, phone: str, template: str, params: dict[str, str]) -> None:
        """Raises SmsFailed."""
        ...


class HttpSmsGateway:
    """POSTs `{"phone", "template", "params"}` as JSON with a bearer token; any 2xx is success."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    def send(self, phone: str, template: str, params: dict[str, str]) -> None:
        body = {"phone": phone, "template": template, "params": params}
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = requests.post(
                self.url, json=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
            )
        except requests.RequestException as error:
            raise SmsFailed(type(error).__name__) from error
        if not 200 <= answer.status_code < 300:
            raise SmsFailed(f"status {answer.status_code}")


class DevelopmentSmsGateway:
    """Sends nothing: while developing, the sign-in page itself shows the code."""

    def send(self, phone: str, template: str, params: dict[str, str]) -> None:
        return


def gateway(url: str, token: str) -> SmsGateway:
    """The gateway that the settings name."""
    return HttpSmsGateway(url, token) if url else DevelopmentSmsGateway()
