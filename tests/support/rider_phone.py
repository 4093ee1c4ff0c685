"""A rider's badge in a real browser: getting one, reading its code off the screen, judging it."""

import io
import time
import urllib.request
from base64 import b64encode
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from app.blueprints.badges import issuer_keys, status_list
from app.blueprints.badges.replays import Replays
from app.blueprints.badges.verdict import Reader, Verdict, judge, no_rules
from tests.support.badges import Desk
from tests.support.people import Person
from tests.support.phone import Phone
from tests.support.servers import Server

# Reads a picture with the decoder that gates use.
_READ = """async (png) => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { openReader } = await import(`${base}/js/scan/readers.js`);
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  const reader = await openReader();
  try {
    return await reader.read(canvas);
  } finally {
    reader.close();
  }
}"""


def face(colour: tuple[int, int, int] = (232, 190, 160)) -> bytes:
    """A drawn face: nobody's."""
    picture = Image.new("RGB", (900, 1200), (176, 196, 222))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 820, 750, 1500), fill=(20, 70, 160))
    draw.ellipse((260, 250, 640, 780), fill=colour)
    draw.pieslice((250, 200, 650, 640), 180, 360, fill=(30, 25, 25))
    for x in (350, 510):
        draw.ellipse((x, 470, x + 40, 510), fill=(20, 20, 20))
    draw.arc((370, 560, 530, 680), 20, 160, fill=(150, 60, 60), width=10)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def in_state(page: Page, state: str) -> None:
    """Wait until the badge page says so."""
    expect(page.locator("html")).to_have_attribute("data-badge", state)


def enrol(phone: Phone) -> Page:
    """Make a phone the badge, from the page's first state."""
    page = phone.go("/badge")
    page.click("[data-do=enrol]")
    return page


def choose_portrait(page: Page, content: bytes) -> None:
    """Choose a picture on the portrait's page, in place of the camera."""
    page.wait_for_selector("html[data-ready]")
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.set_input_files("#file", files=[file])  # type: ignore[list-item]
    expect(page.locator("#taken")).to_be_visible()


def send_portrait(phone: Phone, content: bytes | None = None) -> None:
    """Take and send a portrait; ends on the badge page."""
    page = phone.go("/badge/portrait")
    choose_portrait(page, content or face())
    page.click("#send")
    page.wait_for_url("**/badge")


def full_badge(phone: Phone, administrator: Desk, rider: Person) -> Page:
    """From nothing to a code on the screen."""
    page = enrol(phone)
    in_state(page, "portrait_none")
    send_portrait(phone)
    in_state(page, "portrait_pending")
    administrator.decide(rider)
    page.click("[data-state=portrait_pending] [data-do=renew]")
    code_on(page)
    return page


def code_on(page: Page) -> str:
    """The text of the code that is drawn; waits for the first."""
    in_state(page, "code")
    page.wait_for_selector("#qr[data-text]")
    return str(page.get_attribute("#qr", "data-text"))


def read_screen(page: Page, png: bytes | None = None) -> str | None:
    """What a camera would read off the screen, now or as it was photographed."""
    found: str | None = page.evaluate(_READ, b64encode(png or page.screenshot()).decode())
    return found


def gate_of(server: Server, *, challenge: bytes = b"", later_s: float = 0) -> Reader:
    """A gate that has fetched the list just now and refuses nothing by itself."""
    keys = issuer_keys.load(server.folder / "issuer-keys").published()
    with urllib.request.urlopen(f"{server.address}/.well-known/sk1/status-list") as answer:
        found = status_list.open_list(answer.read().decode(), keys)
    now_s = time.time() + later_s
    return Reader(now_s, keys, frozenset(), found, challenge, no_rules, Replays())


def verdict_on(text: str | None, server: Server, **gate: object) -> Verdict:
    """The verdict of the server's implementation."""
    return judge(text or "", gate_of(server, **gate))  # type: ignore[arg-type]


_DATABASE = """
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  const db = await database();
  const [row] = await db.getAll("badges");
"""


def change_row(page: Page, change: str) -> None:
    """Change the badge's row behind the page's back; `change` is a function of the row in
    JavaScript. What it answers is the row from now on; null deletes it."""
    page.evaluate(
        f"""async () => {{
          {_DATABASE}
          const changed = ({change})(row);
          await (changed ? db.put("badges", changed) : db.delete("badges", row.owner));
        }}"""
    )


def row_of(page: Page) -> dict[str, Any]:
    """The badge's row; bytes as their number, and of the keys whether they could be taken out."""
    found: dict[str, Any] = page.evaluate(
        f"""async () => {{
          {_DATABASE}
          const size = (bytes) => bytes && bytes.byteLength;
          return {{ ...row, keys: row.keys && {{ extractable: row.keys.privateKey.extractable }},
            device_key: size(row.device_key), credential: size(row.credential),
            portrait: size(row.portrait) }};
        }}"""
    )
    return found


# The browser itself leaves out what moves in the first half second of a page, as if its owner had
# touched it: here only a touch or a key is one.
SHIFTS = """(() => {
  window.shifts = [];
  let touched = -Infinity;
  const touch = () => { touched = performance.now(); };
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, touch, true);
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      const sources = one.sources.map(
        ({ node }) => node?.id || node?.parentElement?.id || node?.nodeName);
      if (one.startTime - touched > 500) window.shifts.push([one.value, ...sources]);
    }
  }).observe({ type: "layout-shift", buffered: true });
})()"""
# Two frames are drawn, and what they have moved is told.
_SHIFTED = """() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(
  () => setTimeout(() => ok(window.shifts), 100))))"""


def shifts(page: Page) -> list[list[Any]]:
    """What has moved by itself since the page was opened: how much, and what it was."""
    found: list[list[Any]] = page.evaluate(_SHIFTED)
    return found
