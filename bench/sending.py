"""What phones send: items in batches, and reports with one photo each; beside the floor."""

import hashlib
import io
import itertools
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from uuid6 import uuid7

from bench import load
from bench.district import District, prepare
from bench.serving import server

BATCH, SECONDS = 20, 8
PHOTO_BYTES = 200_000
APP, FLOOR = ("wsgi:app", 8071), ("bench.floor:app", 8072)


def items(photo: str, count: int) -> bytes:
    """A batch as a phone sends it."""
    fields = {
        "category": "0102", "latitude": 31.3, "longitude": 120.7, "accuracy_m": 9.0,
        "place": "东门旁", "description": "",
    }  # fmt: skip
    batch = [
        {
            "key": str(uuid7()), "kind": "report", "schema": 1, "fields": fields, "photos": [photo],
            "captured_at": 1795500000000, "server_offset": 5, "sent_at": 1795500001000,
        }
        for _item in range(count)
    ]  # fmt: skip
    return json.dumps(batch).encode()


def batches(district: District, path: str) -> Iterator[load.Turn]:
    """Batches of one rider after another, without end."""
    for cookie in itertools.cycle(district.cookies):
        body = items(district.sha256, BATCH)
        yield load.Turn(cookie, [load.Request("POST", path, body, b"accepted", BATCH)])


def photographed(district: District) -> Iterator[load.Turn]:
    """Reports with a photo of their own: a JPEG of 200 KB whose last bytes differ."""
    picture = _jpeg()
    for number, cookie in enumerate(itertools.cycle(district.cookies)):
        photo = picture + number.to_bytes(8, "big")
        sha256 = hashlib.sha256(photo).hexdigest()
        put = load.Request("PUT", f"/sync/photos/{sha256}", photo)
        post = load.Request("POST", "/sync/items", items(sha256, 1), b"accepted", 1)
        yield load.Turn(cookie, [put, post])


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").resize((1000, 750)).save(out, "JPEG")
    content = out.getvalue()
    return content.ljust(PHOTO_BYTES - 8, b"\0")[: PHOTO_BYTES - 8]


def measure(workers: int, threads: int) -> None:
    """Print the figures of one way to serve, each in a database of its own."""
    how = {"workers": workers, "threads": threads}
    with fresh() as (folder, district), server(*APP, folder, **how):
        ours = load.run(APP[1], load.Turns(batches(district, "/sync/items")), SECONDS)
        photos = load.run(APP[1], load.Turns(photographed(district)), SECONDS)
    with fresh() as (folder, district), server(*FLOOR, folder, **how):
        floor = load.run(FLOOR[1], load.Turns(batches(district, "/items")), SECONDS)
    print(f"{workers} workers x {threads} threads, {load.CONNECTIONS} connections")
    print(f"  items in batches of {BATCH}  {ours.rate * BATCH:6.0f}/s   {ours}")
    print(f"  the floor              {floor.rate * BATCH:6.0f}/s   {floor}")
    print(f"  items to the floor     {ours.rate / floor.rate:6.2f}     (aim 0.50)")
    print(f"  reports with a photo   {photos.rate:6.0f}/s   {photos}   (aim 250/s, p99 100 ms)")


@contextmanager
def fresh() -> Iterator[tuple[Path, District]]:
    """A folder with a database in it, gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name), prepare(Path(name))
