"""Draws the app's icons from icons/star.svg: rounded, maskable (full bleed), and for iPhones; and
the star alone, white on nothing, which Android puts beside the clock for a notification."""

import re
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent.parent / "app/static/icons"
SOURCE = (FOLDER / "star.svg").read_text()
# A maskable icon keeps what matters within the middle 80% and fills the whole square.
FULL = SOURCE.replace('rx="112"', "").replace('viewBox="0 0 512 512"', 'viewBox="-40 -40 592 592"')
FULL = FULL.replace(
    '<rect width="512" height="512"', '<rect x="-40" y="-40" width="592" height="592"'
)
STAR = re.search(r'<path fill="#ffc53d" d="[^"]+"/>', SOURCE)[0].replace("#ffc53d", "#fff")  # type: ignore[index]
SIGN = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="72 72 368 368">{STAR}</svg>'
WANTED = {
    "app-192": (SOURCE, 192),
    "app-512": (SOURCE, 512),
    "maskable-192": (FULL, 192),
    "maskable-512": (FULL, 512),
    "apple-touch-180": (FULL, 180),
    "sign-96": (SIGN, 96),
}


def draw(browser: Browser, svg: str, size: int, target: Path) -> None:
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px}}</style>{svg}")
    page.screenshot(path=target, omit_background=True)
    page.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for name, (svg, size) in WANTED.items():
            draw(browser, svg, size, FOLDER / f"{name}.png")
        browser.close()
