"""The device at a station's counter: a real Chromium whose camera a test holds codes before."""

import time
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.blueprints.visits.models import CheckIn
from app.extensions import db
from tests.support.cameras import show
from tests.support.gate_phone import GatePhone
from tests.support.people import Person
from tests.support.station_rows import StationRows
from tests.support.waiting import until_true

_KEPT = """async () => {
  const [name] = await caches.keys();
  const kept = (await (await caches.open(name)).keys()).map(({ url }) => url);
  return ["/counter?lang=en", "zxing_reader.wasm", "js/counter/page.js"].every(
    (end) => kept.some((url) => url.endsWith(end)));
}"""
# Asks the centre, or waits for the asking that runs: what the page shows at first may be of before.
_RENEWED = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { counter, renew } = await import(`${base}/js/counter/counter.js`);
  await renew();
  return counter.heard === "fresh";
}"""
_ROWS = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  const db = await database();
  return { items: await db.getAll("items"), rows: await db.getAll("counter") };
}"""


@dataclass
class Station:
    """A station with a host, past the pages."""

    app: Flask
    id: int
    host: Person

    @classmethod
    def make(cls, app: Flask, **columns: Any) -> "Station":
        """A station 月亮湾驿站 and its host 陈站长."""
        with app.app_context():
            rows = StationRows(db.session())
            station = rows.station(name_zh="月亮湾驿站", **columns)
            host = rows.host(station)
            db.session.commit()
            db.session.remove()
        return cls(app, station, host)

    def another_host(self, name: str = "周站长") -> Person:
        """One more host of it."""
        with self.app.app_context():
            made = StationRows(db.session()).host(self.id, name)
            db.session.commit()
            db.session.remove()
        return made

    def check_ins(self) -> list[CheckIn]:
        """What arrived, in the order of its time."""
        with self.app.app_context():
            found = list(db.session.scalars(select(CheckIn).order_by(CheckIn.at, CheckIn.id)))
            for row in found:
                db.session.expunge(row)
            db.session.remove()
            return found


@dataclass
class CounterDevice:
    """A device that a host is signed in on."""

    phone: GatePhone

    @property
    def page(self) -> Page:
        return self.phone.page

    def sign_in(self, host: Person) -> Page:
        """Sign in; the page keeps itself and what it needs."""
        self.phone.sign_in(host)
        return self.open()

    def open(self) -> Page:
        """The counter, as the centre knows it now, kept for use without network."""
        page = self.phone.go("/counter")
        page.wait_for_selector("html[data-ready]", state="attached")
        until_true(page, _RENEWED, timeout_s=30)
        until_true(page, _KEPT, timeout_s=30)
        return page

    def scan(self) -> None:
        """Open the camera."""
        self.page.click("#open-scan")
        self.page.wait_for_selector("#scan[data-reading]")

    def read(self, text: str) -> str:
        """Hold a code before the camera; what came of it: right, wrong or unknown."""
        show(self.page, text)
        # What is right goes by itself after 2 s, and `expect` looks but once a second.
        self.page.wait_for_selector("#scanned")
        outcome = str(self.page.get_attribute("#scanned", "data-outcome"))
        show(self.page, "")
        return outcome

    def next(self) -> None:
        """The next rider."""
        scanned = self.page.locator("#scanned")
        if scanned.get_attribute("data-outcome") == "right":
            # It goes by itself after 2 s, perhaps just before the tap.
            self.page.evaluate("document.getElementById('scan-next').click()")
        else:
            self.page.click("#scan-next")
        expect(scanned).to_be_hidden()

    def close(self, sheet: str) -> None:
        self.page.click(f"#{sheet} [data-close]")

    def log_workers(self, count: int) -> None:
        """Others, as a count; ends once it is on the device."""
        self.page.click("#open-log")
        self.page.click("[data-tab=workers]")
        for _step in range(count - 1):
            self.page.click("[data-step='1']")
        self.page.click("#by-workers .main")
        expect(self.page.locator("#log")).to_be_hidden()

    def type_number(self, digits: str) -> None:
        """Type digits on the pad, and press the tick."""
        self.page.click("#open-log")
        self.page.click("[data-tab=number]")
        for digit in digits:
            self.page.click(f"#pad [value='{digit}']")
        self.page.click("#pad [value=go]")

    def people(self) -> int:
        """How many are here, as the screen says."""
        return int(self.page.inner_text("#here-count"))

    def kept(self) -> dict[str, list[dict[str, Any]]]:
        """The items that wait, and the rows of the counter."""
        found: dict[str, list[dict[str, Any]]] = self.phone.run(_ROWS)
        return found

    def wait_until_sent(self, timeout_s: float = 40) -> None:
        """Wait until nothing waits."""
        end = time.monotonic() + timeout_s
        while items := self.kept()["items"]:
            assert time.monotonic() < end, [(one["state"], one["last_error"]) for one in items]
            self.page.wait_for_timeout(200)
