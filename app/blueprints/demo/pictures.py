"""Small drawn street scenes for the demo district, made by seed."""

import hashlib
import io
import random
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from app.blueprints.photos.store import rendition_name
from app.lib.imaging import renditions
from app.lib.storage import Storage

PICTURES, WIDTH, HEIGHT = 36, 1200, 900
Draw = ImageDraw.ImageDraw
SKIES = ("#bcd9f2", "#d8e6f0", "#f3d9b8", "#9fb8d9", "#c9d3dc")
WALLS = ("#d9a88a", "#c7b8a1", "#a7b7c7", "#e3cfa4", "#b9c9b0", "#c99a8f")


def build_pictures(storage: Storage, chance: random.Random) -> list[dict[str, Any]]:
    """Draw the scenes, keep their renditions, and answer the rows for the photos table."""
    rows = []
    for number in range(PICTURES):
        content = _encode(_scene(number, chance))
        sha256 = hashlib.sha256(content).hexdigest()
        for size, rendition in zip(("large", "thumb"), renditions(content), strict=True):
            storage.put(rendition_name(sha256, size), rendition)
        rows.append(
            {"sha256": sha256, "mime": "image/jpeg", "size_bytes": len(content), "width": WIDTH,
             "height": HEIGHT, "work_state": "done", "attempts": 1}
        )  # fmt: skip
    return rows


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _scene(number: int, chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), chance.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    _houses(draw, chance)
    draw.rectangle((0, 520, WIDTH, 620), fill="#b8b4ab")  # pavement
    draw.rectangle((0, 614, WIDTH, 626), fill="#8f8a80")
    draw.rectangle((0, 626, WIDTH, HEIGHT), fill="#5b5f66")  # road
    for x in range(chance.randint(-80, 0), WIDTH, 220):
        draw.polygon(((x, 770), (x + 120, 770), (x + 112, 784), (x - 8, 784)), fill="#e8e6df")
    _tree(draw, chance.randint(60, 1100))
    PROBLEMS[number % len(PROBLEMS)](draw, chance)
    return picture


def _houses(draw: Draw, chance: random.Random) -> None:
    x = -20
    while x < WIDTH:
        width, top = chance.randint(160, 280), chance.randint(90, 300)
        draw.rectangle((x, top, x + width, 520), fill=chance.choice(WALLS))
        for window_y in range(top + 30, 460, 80):
            for window_x in range(x + 24, x + width - 50, 70):
                draw.rectangle((window_x, window_y, window_x + 36, window_y + 44), fill="#6f8aa5")
        x += width + chance.randint(0, 14)


def _tree(draw: Draw, x: int) -> None:
    draw.rectangle((x - 9, 380, x + 9, 560), fill="#6b4f3a")
    draw.ellipse((x - 80, 250, x + 80, 420), fill="#4f8a55")
    draw.ellipse((x - 50, 210, x + 60, 330), fill="#5d9c62")


def _rubbish(draw: Draw, chance: random.Random) -> None:
    for _bag in range(7):
        x, y = chance.randint(350, 800), chance.randint(540, 660)
        draw.ellipse((x, y, x + 110, y + 90), fill=chance.choice(("#2f3a4a", "#20262f", "#3d5a3d")))
        draw.polygon(((x + 45, y + 8), (x + 65, y + 8), (x + 55, y - 22)), fill="#2f3a4a")


def _bikes(draw: Draw, chance: random.Random) -> None:
    for index in range(6):
        x, y = 260 + index * 105 + chance.randint(-15, 15), 560 + chance.randint(0, 30)
        for wheel in (0, 84):
            draw.ellipse((x + wheel, y + 40, x + wheel + 62, y + 102), outline="#1f242b", width=8)
        frame = (x + 31, y + 70, x + 62, y + 14, x + 115, y + 70)
        draw.line(frame, fill=chance.choice(("#2f7fd0", "#e0a020", "#35a36b")), width=9)


def _pothole(draw: Draw, chance: random.Random) -> None:
    x = chance.randint(380, 620)
    draw.ellipse((x, 690, x + 300, 830), fill="#3a3d42")
    draw.ellipse((x + 30, 706, x + 260, 806), fill="#26282b")
    draw.line((x - 60, 740, x, 760, x + 20, 735), fill="#3a3d42", width=6)


def _water(draw: Draw, chance: random.Random) -> None:
    x = chance.randint(120, 320)
    draw.ellipse((x, 660, x + 700, 850), fill="#7fa3bf")
    draw.ellipse((x + 90, 690, x + 480, 780), fill="#9dbdd4")


def _manhole(draw: Draw, chance: random.Random) -> None:
    x = chance.randint(400, 640)
    draw.ellipse((x, 700, x + 220, 800), fill="#101214")
    draw.ellipse((x + 190, 720, x + 410, 820), fill="#7c7f85", outline="#55585d", width=8)


def _lamp(draw: Draw, chance: random.Random) -> None:
    x = chance.randint(420, 700)
    draw.rectangle((x, 170, x + 14, 560), fill="#4a4f57")
    draw.line((x + 6, 180, x + 120, 250), fill="#4a4f57", width=12)
    draw.polygon(((x + 100, 250), (x + 170, 290), (x + 130, 310)), fill="#2b2e33")


PROBLEMS: tuple[Callable[[Draw, random.Random], None], ...] = (
    _rubbish, _bikes, _pothole, _water, _manhole, _lamp,
)  # fmt: skip
