"""Draws the pictures of the README and the app's screenshots, from real pages of the demo district.

Serve the demo district first, then: `python tools/pictures.py --address http://127.0.0.1:8000`.
It signs in with the demo accounts, at most once a minute, and files nothing.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
DOCS = ROOT / "docs/pictures"
APP = ROOT / "app/static/img"
RIDER = "13900000001"
PLACE = {"latitude": 31.3193, "longitude": 120.6738, "accuracy": 12}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True,
    "has_touch": True, "geolocation": PLACE, "permissions": ["geolocation"],
}  # fmt: skip
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
MOST_BYTES = 300_000
_CONTROLLED = """new Promise((ok) => {
  if (navigator.serviceWorker.controller) ok();
  navigator.serviceWorker.addEventListener("controllerchange", () => ok());
  setTimeout(ok, 10_000);  // a page that loaded while the worker came up is never taken over
})"""
_DRAWN = """async () => {
  await document.fonts.ready;
  const seen = [...document.images].filter((one) => one.getBoundingClientRect().top < innerHeight);
  await Promise.all(seen.map((image) => image.decode().catch(() => undefined)));  // lazy ones never
}"""


def shoot(page: Page, name: str, *, also: Path | None = None) -> None:
    """Write what the window shows, small enough for a page of documentation."""
    page.evaluate(_DRAWN)
    page.wait_for_timeout(400)  # what fades in has done so
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    content = _small(picture)
    for path in (DOCS / f"{name}.png", also):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    print(f"{name}: {picture.width} x {picture.height}, {len(content) // 1000} KB")


def _small(picture: Image.Image) -> bytes:
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours).save(out, "PNG", optimize=True)
        if out.tell() < MOST_BYTES:
            break
    return out.getvalue()


def sign_in(page: Page, phone: str) -> None:
    """As people do; while developing the page shows the code."""
    page.fill("#phone", phone)
    page.click("form.card button")
    page.wait_for_selector("#development-code, form.card .error:visible")
    if page.locator("#development-code").count() == 0:
        raise SystemExit(
            "No code: wait a minute between two runs; or this is no development start."
        )
    page.fill("#code", page.inner_text("#development-code"))
    page.click("form.card button")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.evaluate(_CONTROLLED)


@contextmanager
def window(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A fresh browser window in Chinese; paths are relative to the address."""
    context = browser.new_context(base_url=address, locale="zh-CN", **options)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def scenes(context: BrowserContext, page: Page) -> list[dict[str, Any]]:
    """Photos that the demo rider has filed, as files for a form."""
    page.goto("/reports")
    links = page.locator("a.list-card").evaluate_all("all => all.map((one) => one.pathname)")
    photos = [context.request.get(f"{link}/photos/1/large").body() for link in links[:12]]
    return [
        {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": photo}
        for number, photo in enumerate(dict.fromkeys(photos))
    ]


def fill(page: Page, photos: list[dict[str, Any]], chip: int, place: str) -> None:
    """Fill in the report form."""
    page.goto("/reports/new")
    page.wait_for_selector("html[data-ready]")
    page.set_input_files("#gallery", photos)  # type: ignore[arg-type]
    page.wait_for_selector(f".shot >> nth={len(photos) - 1}")
    page.locator("#likely .chip").nth(chip).click()
    page.fill("#place", place)


def phone_pictures(page: Page) -> None:
    """What a rider sees, with network and without."""
    from tools import case_pictures

    page.goto("/sign-in")
    shoot(page, "sign-in")
    sign_in(page, RIDER)
    page.goto("/")
    shoot(page, "home", also=APP / "phone.png")
    page.emulate_media(color_scheme="dark")
    shoot(page, "home-dark")
    page.emulate_media(color_scheme="light")
    photos = scenes(page.context, page)
    shoot(page, "my-reports")
    case_pictures.reporter_pictures(page)
    offline_pictures(page, photos)


def offline_pictures(page: Page, photos: list[dict[str, Any]]) -> None:
    """Two reports filed without network; they go with the window."""
    fill(page, photos[:2], 4, "东门公交站旁")
    page.evaluate("document.activeElement?.blur()")
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "report-form")
    page.context.set_offline(True)
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    shoot(page, "saved-offline")
    fill(page, photos[2:3], 1, "写字楼后门")
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    page.goto("/outbox")
    page.wait_for_selector("article.item >> nth=1")
    shoot(page, "outbox")


def main() -> None:
    """Draw them all."""
    from tools import case_pictures, gate_pictures  # which take their windows from here

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    address = parser.parse_args().address
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        gate_pictures.draw(browser, address)
        with window(browser, address, **PHONE) as page:
            phone_pictures(page)
        case_pictures.draw(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
