"""The rider's phone in a real Chromium: from the tap to a code on the screen, without network.

The phone's database is filled as enrolling fills it, with an issuer made here. The reference is
the first paint of a page that is kept in the same way and does nothing.
"""

import statistics
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from bench.district import prepare
from bench.serving import server
from tests.support.phone import ARGUMENTS, CHROMIUM, SIZE
from tests.support.pictures import picture
from tests.support.sk1 import Issuer

PORT = 8076
OPENINGS, COLD_STARTS = 15, 3
SLOWDOWNS = (1, 4)
AIM_MS = 500
MADE = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { deviceKey } = await import(`${base}/js/badge/device_key.js`);
  const { setFact } = await import(`${base}/js/outbox/database.js`);
  await setFact("session", { user: 1, offset: 0 });
  const { device_key } = await deviceKey(1);
  return btoa(String.fromCharCode(...device_key));
}"""
ENROLLED = """async ({ credential, badge, portrait }) => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { changeBadge } = await import(`${base}/js/badge/store.js`);
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const rider = { id: 1, name: "基准骑手", company: { zh: "基准", en: "Bench" }, stars: 4,
    portrait: { state: "approved", reason: null, sha256: "x" } };
  const card = { now: Date.now(), rider, holder: { state: "active", reason: null }, moved: null,
    badge: { badge, here: true, device: "", since: 1, state: "active", status_index: 7,
      short_keys: {} } };
  await changeBadge(1, () => ({ card, badge, credential: bytes(credential), renewed_at: Date.now(),
    portrait: bytes(portrait).buffer, portrait_sha256: "x" }));
}"""
SHOWN = "performance.getEntriesByName('badge-code')[0]?.startTime"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measure() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        with sync_playwright() as playwright:
            with server("wsgi:app", PORT, folder):
                _enrol(playwright, folder / "phone", f"http://127.0.0.1:{PORT}")
            measure_at(playwright, f"http://127.0.0.1:{PORT}", folder)


def measure_at(playwright: Playwright, address: str, folder: Path) -> None:
    """Print the figures of an enrolled phone, whose server is away."""
    context = _browser(playwright, folder / "phone")
    page = context.pages[0]
    for slowdown in SLOWDOWNS:
        _slow(page, address, slowdown)
        _show(f"tap to code, {slowdown}x CPU", _open_often(page, f"{address}/badge", SHOWN))
        _show("  a page that does nothing", _open_often(page, f"{address}/offline", PAINTED))
    context.close()
    cold = [_cold_start(playwright, folder / "phone", address) for _start in range(COLD_STARTS)]
    _show("  after starting the browser", cold)


def _show(what: str, took: Sequence[float]) -> None:
    ordered = sorted(took)
    p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    median = statistics.median(ordered)
    aim = f"  (aim {AIM_MS} ms)" if what.startswith("tap") else ""
    print(f"  {what:28} {len(took):3} times  median {median:5.0f} ms  p95 {p95:5.0f} ms{aim}")


def _browser(playwright: Playwright, profile: Path) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=ARGUMENTS, viewport=SIZE,  # type: ignore[arg-type]
        device_scale_factor=2, is_mobile=True, has_touch=True, locale="zh-CN",
    )  # fmt: skip


def _enrol(playwright: Playwright, profile: Path, address: str) -> None:
    """A phone with a badge, and what works offline kept."""
    context = _browser(playwright, profile)
    page = context.pages[0]
    page.goto(f"{address}/badge")
    point, now = b64decode(page.evaluate(MADE)), int(time.time())
    credential = Issuer().credential(
        point, issued_at=now // 60 - 60, expires_at=now // 60 + 72 * 60
    )
    page.evaluate(
        ENROLLED,
        {
            "credential": b64encode(credential).decode(),
            "badge": "00" * 8,
            "portrait": b64encode(picture(5, size=(360, 480))).decode(),
        },
    )
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(f"{address}/badge")
    page.wait_for_selector("#qr[data-text]")
    context.close()


def _slow(page: Page, address: str, slowdown: int) -> None:
    page.goto(f"{address}/badge")  # wakes the service worker
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})


def _open_often(page: Page, address: str, when: str) -> list[float]:
    """Milliseconds from navigating until what `when` names, each time."""
    return [_open(page, address, when) for _opening in range(OPENINGS)]


def _open(page: Page, address: str, when: str) -> float:
    page.wait_for_timeout(500)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    page.goto(address)
    found = None
    while found is None:
        page.wait_for_timeout(100)
        found = page.evaluate(f"{when} ?? null")
    return float(found)


def _cold_start(playwright: Playwright, profile: Path, address: str) -> float:
    context = _browser(playwright, profile)
    page = context.pages[0]
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWNS[-1]})
    took = _open(page, f"{address}/badge", SHOWN)
    context.close()
    return took
