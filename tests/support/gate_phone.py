"""A phone at a gate: a real Chromium whose camera a test holds codes before."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Playwright, expect

from tests.support.cameras import CANVAS_CAMERA, show, video_arguments
from tests.support.phone import Phone

_KEPT = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  const db = await database();
  const [items, receipts, portraits, chain, day, bundle] = await Promise.all([
    db.getAll("items"), db.getAll("receipts"), db.getAllKeys("portraits"),
    db.get("gate", "chain"), db.get("gate", "day"), db.get("gate", "bundle"),
  ]);
  return { items, receipts, portraits, chain, day, bundle };
}"""


class GatePhone(Phone):
    """A phone with a camera: what a test holds before it, or a film that a file plays."""

    def __init__(
        self, playwright: Playwright, profile: Path, address: str, *, film: Path | None = None
    ) -> None:
        self.arguments = tuple(video_arguments(film)) if film else ()
        super().__init__(playwright, profile, address)
        if film is None:
            self.init_script(CANVAS_CAMERA)

    def init_script(self, script: str) -> None:
        """Run a script in every page, now and after a restart."""
        self.scripts.append(script)
        self.context.add_init_script(script)

    def enrol(self, code: str) -> Page:
        """Make it a gate's phone, as the property manager does."""
        page = self.go("/gate/enrol")
        page.wait_for_selector("html[data-ready]", state="attached")
        page.fill("#code", code)
        page.click("#enrol-button")
        expect(page.locator("#to-gate")).to_be_visible(timeout=30_000)
        return page

    def scan(self, guard: str = "张卫东") -> Page:
        """Open the gate's page; the first time somebody goes on shift."""
        page = self.go("/gate")
        page.wait_for_selector("html[data-ready], #shift[open]", state="attached")
        if page.locator("#shift").is_visible():
            self.shift(guard)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    def shift(self, guard: str) -> None:
        """Somebody types a name."""
        self.page.fill("#shift-name", guard)
        self.page.click("#shift-form button")

    def read(self, text: str) -> str:
        """Hold a code before the camera; level and reason of the verdict on the screen."""
        show(self.page, text)
        return self.verdict()

    def verdict(self) -> str:
        """Level and reason of the verdict on the screen; waits for it."""
        screen = self.screen
        expect(screen).to_be_visible()
        return f"{screen.get_attribute('data-level')} {screen.get_attribute('data-reason')}"

    @property
    def screen(self) -> Locator:
        return self.page.locator("#verdict")

    def go_on(self, *, decide: str = "") -> None:
        """Take the code away and end the verdict: at amber by "let-in" or "refuse"."""
        show(self.page, "")
        if decide:
            self.page.click(f"#{decide}")
        elif self.screen.is_visible():
            self.screen.click(position={"x": 20, "y": 20})
        expect(self.screen).to_be_hidden()

    def kept(self) -> dict[str, Any]:
        """What is in its database: items, receipts, portraits, chain, day, bundle."""
        found: dict[str, Any] = self.run(_KEPT)
        return found

    def statements(self) -> list[dict[str, Any]]:
        """What waits to be sent, by number in the chain."""
        found = [json.loads(item["fields"]["statement"]) for item in self.kept()["items"]]
        return sorted(found, key=lambda statement: int(statement["seq"]))

    def wait_until_written(self, count: int) -> None:
        """Wait until the chain has so many links."""
        for _try in range(50):
            if self.kept()["chain"]["seq"] == count:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(self.kept()["chain"])

    def wait_until_all_sent(self, timeout_s: float = 40) -> None:
        """Wait until nothing waits."""
        for _try in range(int(timeout_s * 5)):
            if not self.kept()["items"]:
                return
            self.page.wait_for_timeout(200)
        raise AssertionError([item["last_error"] for item in self.kept()["items"]])
