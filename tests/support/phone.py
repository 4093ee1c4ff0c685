"""A rider's phone: a real Chromium with a profile of its own, that survives being killed."""

import os
import signal
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.support.people import Person
from tests.support.scenes import scene

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(path).exists()), None
)
# The windows of the address bar, which a browser without a screen draws for nobody, take two thirds
# of its start. Chromium takes the last list alone, so those that Playwright turns off stand here too.
_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--disable-features={','.join(_OFF)}",
]  # fmt: skip
SIZE = {"width": 390, "height": 844}
PLACE = {"latitude": 31.3193, "longitude": 120.6738, "accuracy": 12}
CATEGORY = "0102"
RELAUNCH_TRIES = 5

# Playwright does not bound a script: a promise that never settles would hold the test for ever.
_BOUNDED = """(seconds) => Promise.race([
  (%s)(),
  new Promise((_, no) => setTimeout(() => no(new Error("no end after " + seconds + " s")), seconds * 1000)),
])"""
SCRIPT_S = 60  # keeping all that works offline takes a busy machine long

_STORES = """async () => {
  const db = await new Promise((ok, no) => {
    const request = indexedDB.open("starknight");
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });
  const all = (name) => new Promise((ok, no) => {
    const request = db.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });
  try {
    const found = { items: await all("items"), photos: await all("photos"), receipts: await all("receipts"), drafts: await all("drafts") };
    for (const one of found.photos) one.bytes = one.bytes.byteLength;
    for (const one of found.drafts) one.photos = one.photos.length;
    return found;
  } finally {
    db.close();
  }
}"""

_WAITING = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  return (await database()).count("items");
}"""

_FACT = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  return (await import(`${base}/js/outbox/database.js`)).fact("%s");
}"""

_CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  return Boolean(navigator.serviceWorker.controller);
}"""


class Visitor:
    """Somebody with a browser; `page` is the tab in front."""

    all: weakref.WeakSet["Visitor"] = weakref.WeakSet()
    """Those that there are, to be looked at when a test fails."""
    context: BrowserContext
    page: Page
    address: str

    def __init__(self) -> None:
        self.all.add(self)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, person: Person) -> None:
        """Sign in as people do; while developing the page shows the code."""
        page = self.go("/sign-in")
        page.fill("#phone", person.phone)
        page.click("form.card button")
        page.fill("#code", page.inner_text("#development-code"))
        page.click("form.card button")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        self.ready()
        self.until(lambda: self.fact("session"))

    def ready(self) -> None:
        """Wait until the service worker has kept what works offline."""
        if not self.run(_CONTROLLED):  # it came up while this page was loading: it has the next
            self.page.reload()
            assert self.run(_CONTROLLED)

    def look_for_update(self) -> None:
        """Ask now for a newer version of the app; its toast says when it is there.

        Chromium asks by itself when the worker has had nothing to do for a while: on a busy
        machine that took more than a minute. The answer is not waited for: where Chromium has
        just asked, it comes only after the newer version is kept.
        """
        self.run("async () => { (await navigator.serviceWorker.ready).update().catch(() => 0); }")

    def until(self, condition: Callable[[], Any], timeout_s: float = 30) -> None:
        """Wait until something holds that is not seen on the page."""
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, "it did not come to hold"
            self.page.wait_for_timeout(100)

    def fact(self, name: str) -> Any:
        """What the phone remembers under a name."""
        return self.run(_FACT % name)

    def run(self, script: str) -> Any:
        """Run a function in the page, and wait for its end, but not for ever."""
        return self.page.evaluate(_BOUNDED % script, SCRIPT_S)


class Desk(Visitor):
    """A browser on a desktop."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address, self.page = context, address, context.new_page()
        super().__init__()


class Phone(Visitor):
    """A profile of its own, that outlives the browser."""

    arguments: tuple[str, ...] = ()
    """What the browser is started with, besides what all are."""

    def __init__(self, playwright: Playwright, profile: Path, address: str) -> None:
        self.playwright, self.profile, self.address = playwright, profile, address
        self.scripts: list[str] = []
        self.open()
        super().__init__()  # once there is a page to look at

    def open(self) -> None:
        """Start the browser."""
        self.context = self._launch()
        self.alive = True
        self.context.set_default_timeout(15_000)
        for script in self.scripts:
            self.context.add_init_script(script)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()

    def _launch(self) -> BrowserContext:
        for attempt in range(RELAUNCH_TRIES):
            try:
                return self.playwright.chromium.launch_persistent_context(
                    self.profile, executable_path=CHROMIUM, headless=True,
                    args=[*ARGUMENTS, *self.arguments],
                    viewport=SIZE, device_scale_factor=2, is_mobile=True, has_touch=True,  # type: ignore[arg-type]
                    locale="zh-CN", geolocation=PLACE, permissions=["geolocation"],  # type: ignore[arg-type]
                )  # fmt: skip
            except Error:
                if attempt == RELAUNCH_TRIES - 1:
                    raise
                time.sleep(0.5)  # a killed browser leaves its lock for a moment
        raise AssertionError

    def close(self) -> None:
        """End the browser as its owner would."""
        if self.alive:
            self.alive = False
            self.context.close()

    def kill(self) -> None:
        """End every process of the browser at once."""
        self.alive = False
        mark = f"--user-data-dir={self.profile}"
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and mark in _command_line(entry):
                with suppress(ProcessLookupError):
                    os.kill(int(entry.name), signal.SIGKILL)
        with suppress(Error):
            self.context.wait_for_event("close", timeout=5_000)
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.profile / name).unlink(missing_ok=True)

    def offline(self, off: bool = True) -> None:
        self.context.set_offline(off)

    def fill_report(self, *seeds: int, place: str = "东门旁") -> Page:
        """Open the form and fill it in, one photo a seed."""
        page = self.go("/reports/new")
        page.wait_for_selector("html[data-ready]")
        files: Any = [
            {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": scene(seed)}
            for seed in seeds
        ]
        page.set_input_files("#gallery", files)
        expect(page.locator(".shot")).to_have_count(len(seeds))
        page.click(f"#likely [data-code='{CATEGORY}']")
        page.fill("#place", place)
        return page

    def report(self, *seeds: int, place: str = "东门旁") -> None:
        """File a report; returns when the phone says that it is saved."""
        page = self.fill_report(*seeds, place=place)
        page.click("#save")
        page.wait_for_selector("#receipt:not([hidden])")

    def send_now(self) -> None:
        """Press the button, or find that all was sent by itself and the button is gone."""
        self.page.evaluate("document.getElementById('send-now').click()")

    def stores(self) -> dict[str, list[dict[str, Any]]]:
        """What the phone's database holds; photos' bytes as their number."""
        found: dict[str, list[dict[str, Any]]] = self.run(_STORES)
        return found

    def waiting(self) -> int:
        """How many items wait: of many, `stores` would read every photo."""
        count: int = self.run(_WAITING)
        return count

    def wait_until_drafted(self, text: str, photos: int = 0, timeout_s: float = 15) -> None:
        """Wait until a draft with this text and so many photos is on the disk."""
        end = time.monotonic() + timeout_s
        while not any(
            text in one["fields"].values() and one["photos"] == photos
            for one in self.stores()["drafts"]
        ):
            assert time.monotonic() < end, f"not kept: {self.stores()['drafts']}"
            self.page.wait_for_timeout(50)

    def wait_until_sent(self, count: int = 1, timeout_s: float = 40) -> None:
        """Wait until nothing waits and `count` receipts are kept."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            stores = self.stores()
            if not stores["items"] and len(stores["receipts"]) == count:
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(f"still waiting: {stores['items']}")


def in_second_tab(phone: Phone, person: Person) -> None:
    """Whoever is signed in signs out in a second tab, and somebody else signs in there."""
    first, phone.page = phone.page, phone.context.new_page()
    phone.go("/sign-out")
    phone.page.click("#sign-out .danger")
    phone.page.wait_for_url("**/sign-in?signed_out=1")
    phone.sign_in(person)
    phone.page.close()
    phone.page = first


SLOW_PHOTOS = """() => {
  const decode = globalThis.createImageBitmap;
  globalThis.createImageBitmap = async (...parts) => {
    await new Promise((ok) => setTimeout(ok, 800));
    return decode(...parts);
  };
}"""
"""To be run in a page: each photo takes long to be made smaller."""
SLOW_PLACE = """() => {
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (yes, ...rest) => ask((fix) => setTimeout(() => yes(fix), 2000), ...rest);
}"""
"""To be run in a page: it takes long until the phone knows where it is."""


def _command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
