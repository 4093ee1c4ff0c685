"""A phone that takes pushes: its subscription is made here, and pushes come by DevTools."""

import json
import os
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, Worker

from tests.support.phone import Phone

SERVICE = "http://127.0.0.1:9"
"""Where the phone's subscriptions point to; nobody listens there."""

# Chromium under test has no push service: what it would answer is answered here. Each page keeps
# what the one before was given, and counts what was asked of the person.
_BROWSER = """((keys) => {
  const permission = %(permission)s;
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
  const made = ({ endpoint, key }) => ({
    endpoint, options: { applicationServerKey: bytes(key) }, toJSON: () => ({ endpoint, keys }),
    unsubscribe: async () => { localStorage.removeItem("held"); return true; },
  });
  PushManager.prototype.getSubscription = async () => {
    const held = localStorage.getItem("held");
    return held && made(JSON.parse(held));
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (localStorage.getItem("no-answer")) throw new DOMException("push service", "AbortError");
    const number = Number(localStorage.getItem("made") ?? 0) + 1;
    const key = btoa(String.fromCharCode(...applicationServerKey));
    const held = { endpoint: `%(service)s/${keys.auth}/${number}`, key };
    localStorage.setItem("made", number);
    localStorage.setItem("held", JSON.stringify(held));
    return made(held);
  };
  if (permission) {
    const get = () => localStorage.getItem("answered") ?? permission;
    Object.defineProperty(Notification, "permission", { get });
    Notification.requestPermission = async () => {
      localStorage.setItem("asked", Number(localStorage.getItem("asked") ?? 0) + 1);
      localStorage.setItem("answered", "granted");
      return "granted";
    };
  }
  navigator.setAppBadge = async (count) => { localStorage.setItem("badge", count); };
  navigator.clearAppBadge = async () => { localStorage.setItem("badge", 0); };
})(%(keys)s)"""

_SHOWN = """async () => (await self.registration.getNotifications()).map(
  ({ title, body, tag, lang, data, actions }) => ({ title, body, tag, lang, data, actions }))"""
# Counts what the worker has put up, from the first call on.
_PUT_UP = """() => {
  if (self.putUp === undefined) {
    self.putUp = 0;
    const { prototype } = ServiceWorkerRegistration;
    const show = prototype.showNotification;
    prototype.showNotification = async function (...said) {
      await show.apply(this, said);
      self.putUp += 1;
    };
  }
  return self.putUp;
}"""
_CLICK = """async ([tag, action]) => {
  const [notification] = await self.registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
}"""


class PushPhone:
    """What a phone's browser and its service worker do about pushes."""

    def __init__(self, phone: Phone, permission: str | None = None) -> None:
        self.phone = phone
        phone.context.grant_permissions(["notifications", "geolocation"], origin=phone.address)
        script = _BROWSER % {
            "permission": json.dumps(permission), "service": SERVICE, "keys": json.dumps(_keys()),
        }  # fmt: skip
        phone.context.add_init_script(script)

    @property
    def worker(self) -> Worker:
        """The service worker, awake."""
        if not self.phone.context.service_workers:
            self.phone.run("async () => { await fetch('/healthz').catch(() => 0); }")
            self.phone.until(lambda: self.phone.context.service_workers)
        return self.phone.context.service_workers[0]

    def settings(self) -> Page:
        """The page of settings, once it has looked by itself how pushes stand: a tap before that
        would be taken for something that the centre must hear of again."""
        page = self.phone.go("/messages/settings")
        page.wait_for_load_state("networkidle")
        return page

    def turn_on(self) -> Page:
        """As its person does, on the page of settings."""
        page = self.settings()
        page.click("[data-do=on]:visible")
        page.wait_for_selector("#push-card[data-state=on]")
        return page

    def deliver(self, content: bytes) -> None:
        """A push arrives; returns once it is on the screen.

        Whoever asks Chromium for its notifications while one is noted down, and not yet on the
        screen, makes it forget that one for good: so nobody asks before.
        """
        before = self.worker.evaluate(_PUT_UP)
        session = self.phone.context.new_cdp_session(self.phone.page)
        found: list[str] = []

        def note(event: dict[str, Any]) -> None:
            found.extend(
                one["registrationId"]
                for one in event["registrations"]
                if one["scopeURL"] == f"{self.phone.address}/" and not one["isDeleted"]
            )

        session.on("ServiceWorker.workerRegistrationUpdated", note)
        session.send("ServiceWorker.enable")
        self.phone.until(lambda: found)
        session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self.phone.address, "registrationId": found[0],
                "data": content.decode("utf-8", "replace"),
            },
        )  # fmt: skip
        session.detach()
        self.phone.until(lambda: self.worker.evaluate(_PUT_UP) > before)

    def shown(self) -> list[dict[str, Any]]:
        """The notifications on the screen."""
        found: list[dict[str, Any]] = self.worker.evaluate(_SHOWN)
        return found

    def tap(self, tag: str, action: str = "") -> None:
        """On a notification, or one of its buttons."""
        self.worker.evaluate(_CLICK, [tag, action])

    def stored(self, name: str) -> str | None:
        """What the browser was asked for: badge, asked, made."""
        found: str | None = self.phone.page.evaluate(f"localStorage.getItem({name!r})")
        return found


def _keys() -> dict[str, str]:
    """Of a browser: the public half of a key pair, and a secret."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": _text(point), "auth": _text(os.urandom(16))}


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
