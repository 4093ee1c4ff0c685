"""A rider's phone that reads the codes of stations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.blueprints.stations.models import Station
from app.blueprints.visits.models import CheckIn
from app.extensions import db
from tests.support.cameras import CANVAS_CAMERA, show
from tests.support.phone import Phone
from tests.support.station_rows import StationRows
from tests.support.stations import counter_text, poster_text


@dataclass
class Place:
    """A station of a running centre."""

    app: Flask
    address: str
    """Where riders' phones find the centre."""
    station_id: int

    @classmethod
    def make(cls, app: Flask, address: str, **columns: Any) -> "Place":
        with app.app_context():
            station_id = StationRows(db.session()).station(**columns)
            db.session.commit()
            db.session.remove()
        return cls(app, address, station_id)

    def poster(self, number: int = 1) -> str:
        """What the code on the poster holds."""
        return f"{self.address}/check-in#p={poster_text(self.app, self.station_id, number)}"

    def screen(self, at: datetime | None = None) -> str:
        """What the code on the counter's screen holds."""
        return f"{self.address}/check-in#c={counter_text(self.app, self.station_id, at)}"

    def change(self, **columns: Any) -> None:
        """Change the station's row, as its host would."""
        with self.app.app_context():
            station = db.session.get_one(Station, self.station_id)
            for name, value in columns.items():
                setattr(station, name, value)
            station.version += 1
            db.session.commit()
            db.session.remove()

    def check_ins(self) -> Sequence[CheckIn]:
        """What the centre has, oldest first."""
        with self.app.app_context():
            found = db.session.scalars(select(CheckIn).order_by(CheckIn.id)).all()
            db.session.expunge_all()
            db.session.remove()
            return found


class CheckInPhone:
    """What its rider does on the page to check in."""

    def __init__(self, phone: Phone, *scripts: str) -> None:
        self.phone = phone
        for script in (CANVAS_CAMERA, *scripts):
            phone.scripts.append(script)
            phone.context.add_init_script(script)

    @property
    def page(self) -> Page:
        return self.phone.page

    def open(self, address: str = "/check-in") -> Page:
        """Open the page, or an address that the phone's own camera has read."""
        self.page.goto("about:blank")  # else only the part behind the # changes
        self.page.goto(address if "://" in address else self.phone.address + address)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page

    def prepare(self) -> None:
        """Open it once with network: directory and keys are on the phone then."""
        self.open()
        self.phone.until(lambda: self.phone.fact("issuer_keys"))
        self.phone.until(lambda: self.phone.run(_DIRECTORY))
        self.phone.until(lambda: self.phone.run(_READER))

    def read(self, text: str) -> str:
        """Hold a code before the camera: "found", or why it is wrong."""
        show(self.page, text)
        answer = self.page.locator("#found:visible, #wrong:visible")
        expect(answer).to_be_visible()
        show(self.page, "")
        if self.page.locator("#found").is_visible():
            return "found"
        return self.page.locator("#wrong").get_attribute("data-why") or ""

    def again(self) -> None:
        """Back to the camera."""
        self.page.click("#scan-again")
        expect(self.page.locator("#aim")).to_be_visible()

    def tap(self, purpose: str = "water") -> None:
        """One tap: it is kept."""
        self.page.click(f"#purposes [value={purpose}]")
        expect(self.page.locator("#receipt")).to_be_visible()

    def wait_until_received(self) -> None:
        expect(self.page.locator("#receipt")).to_have_attribute("data-state", "received")

    def items(self) -> list[dict[str, Any]]:
        """What waits on the phone to be sent."""
        found: list[dict[str, Any]] = self.phone.stores()["items"]
        return found


_DIRECTORY = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const kept = await (await import(`${base}/js/stations/directory.js`)).keptDirectory();
  return Boolean(kept?.stations.length);
}"""

_READER = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { readsByItself } = await import(`${base}/js/scan/readers.js`);
  const wasm = `${base}/vendor/zxing-wasm@3.1.4/zxing_reader.wasm`;
  return await readsByItself() || Boolean(await caches.match(wasm));
}"""
