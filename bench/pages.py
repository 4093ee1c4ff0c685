"""The rider's pages in a real Chromium: bytes, requests, time until they can be used."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.district import District, prepare
from bench.serving import server
from tests.support.network import Network
from tests.support.phone import ARGUMENTS, CHROMIUM, SIZE

PAGES = ("/", "/reports/new", "/reports", "/outbox", "/me")
PORT = 8073
SLOW_4G = {
    "offline": False, "latency": 150, "downloadThroughput": 1_600_000 // 8,
    "uploadThroughput": 750_000 // 8,
}  # fmt: skip
CPU_SLOWDOWN = 4
PHOTO_SIZE = (4032, 3024)
# The page can be used when its scripts have run; the form says so itself, after the outbox opened.
USABLE = """() => new Promise((ok) => {
  const done = () => requestAnimationFrame(() => setTimeout(() => ok(performance.now())));
  const root = document.documentElement;
  const ready = () => root.dataset.ready || !document.getElementById("report");
  const loaded = () => document.readyState === "complete" && ready();
  const look = () => (loaded() ? done() : setTimeout(look, 10));
  look();
})"""
UNHEARD = """() => document.getElementById("gallery")
  .addEventListener("change", (event) => event.stopImmediatePropagation(), true)"""
DOWNSIZE = """async (base) => {
  const { prepare } = await import(`${base}/js/photos/downsize.js`);
  const file = document.getElementById("gallery").files[0];
  const took = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await prepare(file);
    took.push(performance.now() - start);
  }
  return took.sort((one, other) => one - other)[2];
}"""


@dataclass
class Visit:
    """What came over the network for one page."""

    bytes: int = 0
    requests: int = 0


def measure() -> None:
    """Print the figures of every page."""
    with (
        tempfile.TemporaryDirectory() as name,
        _district(Path(name)) as (district, network),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        print("page           first visit             repeat     usable, 4x CPU and slow 4G")
        for path in PAGES:
            first = _first(_context(browser, network, district), network, path)
            again = _repeat(_context(browser, network, district), network, path)
            cold, warm = _usable(_context(browser, network, district), network, path)
            print(
                f"{path:13} {first.bytes / 1000:5.1f} KB {first.requests:3} requests"
                f" {again:5} requests   {cold:6.0f} ms first   {warm:5.0f} ms repeat"
            )
        print(f"kept for offline in the background: {_kept(browser, network, district)}")
        took = _downsize(_context(browser, network, district), network)
        print(f"a photo of 12 megapixels made small in {took:.0f} ms")
        browser.close()


@contextmanager
def _district(folder: Path) -> Iterator[tuple[District, Network]]:
    district = prepare(folder)
    with server("wsgi:app", PORT, folder):
        network = Network(PORT)
        yield district, network
        network.close()


def _context(browser: Any, network: Network, district: District) -> BrowserContext:
    context: BrowserContext = browser.new_context(
        viewport=SIZE, device_scale_factor=2, is_mobile=True, locale="zh-CN"
    )
    name, _, value = district.cookies[0].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": network.address}])
    return context


def _counted(page: Page) -> Visit:
    """Counts what the page itself fetches; the service worker's keeping goes on behind it."""
    visit, session = Visit(), page.context.new_cdp_session(page)
    session.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        visit.bytes += int(event["encodedDataLength"])
        visit.requests += 1

    session.on("Network.loadingFinished", finished)
    return visit


def _first(context: BrowserContext, network: Network, path: str) -> Visit:
    page = context.new_page()
    visit = _counted(page)
    page.goto(network.address + path, wait_until="load")
    page.evaluate(USABLE)
    context.close()
    return visit


def _repeat(context: BrowserContext, network: Network, path: str) -> int:
    """Requests that reach the network when the page is opened once more."""
    page = context.new_page()
    page.goto(network.address + path)
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(network.address + path)
    page.wait_for_timeout(500)
    before = len(network.seen)
    page.goto(network.address + path, wait_until="load")
    page.evaluate(USABLE)
    seen = network.seen[before:]
    context.close()
    return len(seen)


def _usable(context: BrowserContext, network: Network, path: str) -> tuple[float, float]:
    """Milliseconds until the page can be used, the first time and once more."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(network.address + path)
    cold: float = page.evaluate(USABLE)
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(network.address + path)
    warm: float = page.evaluate(USABLE)
    context.close()
    return cold, warm


def _kept(browser: Any, network: Network, district: District) -> str:
    context = _context(browser, network, district)
    page = context.new_page()
    page.goto(network.address + "/reports/new")
    page.evaluate("navigator.serviceWorker.ready")
    count, size = page.evaluate(
        """async () => {
          let count = 0, size = 0;
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const answer of await cache.matchAll()) {
              count += 1;
              size += (await answer.arrayBuffer()).byteLength;
            }
          }
          return [count, size];
        }"""
    )
    context.close()
    return f"{count} files, {size / 1000:.0f} KB before compression"


def _downsize(context: BrowserContext, network: Network) -> float:
    page = context.new_page()
    page.goto(network.address + "/reports/new")
    page.wait_for_selector("html[data-ready]")
    small = Image.effect_noise((504, 378), 40).convert("RGB")
    out = io.BytesIO()
    small.resize(PHOTO_SIZE).save(out, "JPEG", quality=90)
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.evaluate(UNHEARD)
    page.set_input_files("#gallery", file)  # type: ignore[arg-type]
    base = page.evaluate("document.querySelector('script[type=module]').src.split('/js/')[0]")
    took: float = page.evaluate(DOWNSIZE, base)
    context.close()
    return took
