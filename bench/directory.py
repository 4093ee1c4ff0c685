"""The directory of 5,000 stations: how large it is sent, how soon it is made, and how soon a phone
has its list by distance. The references, in the same run: the same stations as a list of objects,
compressed alike; and an array of as many distances sorted on the same slow phone."""

import gzip
import json
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from app.blueprints.stations.models import Station
from app.extensions import db
from app.lib import clock
from bench.serving import server
from tests.support.applications import make_app
from tests.support.databases import open_databases
from tests.support.phone import ARGUMENTS, CHROMIUM, PLACE, SIZE
from tests.support.station_crowd import build_crowd

STATIONS, PORT, CPU_SLOWDOWN, ROUNDS = 5_000, 8074, 4, 15
MOST_BYTES, MOST_MS = 150_000, 50
PATH = "/stations/directory.json"

# What happens on the phone when its place has changed: distances, order, the first cards drawn.
# Beside it: as many distances by the same formula, sorted; and reading what the phone keeps.
MEASURE = """async ([rounds, here]) => {
  const base = document.querySelector("script[src*='js/app.js']").src.replace("app.js", "");
  const from = (name) => import(`${base}${name}`);
  const { keptDirectory, read } = await from("stations/directory.js");
  const { found } = await from("stations/reach.js");
  const { drawList, PAGE } = await from("stations/list_view.js");
  const { table } = await from("stations/parts.js");
  const { distanceM } = await from("badge/places.js");
  const { database } = await from("outbox/database.js");
  const { stations } = await keptDirectory();
  const { data } = await (await database()).get("directory", "file");
  const all = { open: false, facilities: [] }, open = { open: true, facilities: ["water"] };
  const known = table();
  const list = (filter) => {
    drawList(found(stations, here, filter, Date.now()), PAGE, Date.now(), known);
    return document.getElementById("stations-list").offsetHeight; // laid out
  };
  const took = async (what) => {
    const times = [];
    for (let round = 0; round < rounds; round++) {
      await new Promise((next) => setTimeout(next, 20));
      const start = performance.now();
      what();
      times.push(performance.now() - start);
    }
    return times;
  };
  return {
    list: await took(() => list(all)), filtered: await took(() => list(open)),
    read: await took(() => read(data)),
    floor: await took(() => stations.map((one) => distanceM(here, one)).sort((a, b) => a - b)),
    count: stations.length,
  };
}"""


def measure() -> None:
    """Print size and times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = _crowded(folder)
        _size(app)
        with server("wsgi:app", PORT, folder):
            _phone()


def _crowded(folder: Path) -> Flask:
    with open_databases("sqlite") as databases:
        source = Path(databases.fresh().removeprefix("sqlite:///"))
        (folder / "starknight.db").write_bytes(source.read_bytes())
    app = make_app(f"sqlite:///{folder / 'starknight.db'}", folder)
    with app.app_context():
        build_crowd(db.session(), STATIONS, now=clock.now())
        db.session.commit()
    return app


def _size(app: Flask) -> None:
    client = app.test_client()
    start = time.perf_counter()
    first = client.get(PATH, headers={"Accept-Encoding": "br"})
    made = time.perf_counter() - start
    kept = median(_timed(client, {"Accept-Encoding": "br"}) for _round in range(ROUNDS))
    tag = {"If-None-Match": first.headers["ETag"]}
    same = median(_timed(client, tag) for _round in range(ROUNDS))
    gzipped = len(client.get(PATH, headers={"Accept-Encoding": "gzip"}).data)
    plain = len(gzip.compress(_objects(app), app.config.get("COMPRESS_LEVEL", 6)))
    print(f"{STATIONS} stations: {len(first.data) / 1000:.1f} KB by Brotli (at most"
          f" {MOST_BYTES / 1000:.0f}), {gzipped / 1000:.1f} KB by gzip;"
          f" the same as a list of objects {plain / 1000:.1f} KB by gzip")  # fmt: skip
    print(f"made in {made * 1000:.0f} ms, sent again in {kept * 1000:.1f} ms,"
          f" 304 in {same * 1000:.1f} ms")  # fmt: skip


def _timed(client: Any, headers: dict[str, str]) -> float:
    start = time.perf_counter()
    client.get(PATH, headers=headers)
    return time.perf_counter() - start


def _objects(app: Flask) -> bytes:
    """The reference: a station an object, hours as their text."""
    columns = [column for column in Station.__table__.columns if not column.name.endswith("_at")]
    with app.app_context():
        found = [
            {column.name: getattr(station, column.key) for column in columns}
            | {"zh": station.organisation.name_zh, "en": station.organisation.name_en}
            | {"facilities": [[one.facility, one.works, one.count] for one in station.facilities]}
            for station in db.session.scalars(select(Station))
        ]
        db.session.remove()
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _phone() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(
            viewport=SIZE, device_scale_factor=2, is_mobile=True, locale="zh-CN",  # type: ignore[arg-type]
            geolocation=PLACE, permissions=["geolocation"],  # type: ignore[arg-type]
        )  # fmt: skip
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{PORT}/stations")
        page.wait_for_selector("html[data-ready]")
        _print_times(_slow(page))
        browser.close()


def _slow(page: Page) -> dict[str, Any]:
    page.context.new_cdp_session(page).send(
        "Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN}
    )
    found: dict[str, Any] = page.evaluate(MEASURE, [ROUNDS, PLACE])
    assert found["count"] == STATIONS
    return found


def _print_times(found: dict[str, Any]) -> None:
    said = {
        "list by distance": "list", "the same, open now and with water": "filtered",
        "read what the phone keeps": "read", "distances sorted, nothing else": "floor",
    }  # fmt: skip
    print(f"a phone {CPU_SLOWDOWN} times slower (the list in at most {MOST_MS} ms):")
    for words, name in said.items():
        times = sorted(found[name])
        print(f"  {words:36} {median(times):6.1f} ms, worst of {ROUNDS} {times[-1]:6.1f} ms")
