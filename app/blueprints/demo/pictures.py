"""Small drawn street scenes for the demo district, each with its problem and without, by seed."""

import hashlib
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from app.blueprints.photos.store import rendition_name
from app.lib.imaging import renditions
from app.lib.storage import Storage

SCENES, WIDTH, HEIGHT = 24, 1200, 900
Draw = ImageDraw.ImageDraw
Row = dict[str, Any]
SKIES = ("#bcd9f2", "#d8e6f0", "#f3d9b8", "#9fb8d9", "#c9d3dc")
WALLS = ("#d9a88a", "#c7b8a1", "#a7b7c7", "#e3cfa4", "#b9c9b0", "#c99a8f")
ROAD = "#5b5f66"


@dataclass(frozen=True)
class Scene:
    """A street with a problem, and the same street once it is solved: hashes of two photos."""

    problem: str
    before: str
    after: str


def build_pictures(storage: Storage, chance: random.Random) -> tuple[list[Row], list[Scene]]:
    """Draw the scenes and keep their renditions; answers rows for the photos table, and the
    scenes that they show."""
    rows, scenes = [], []
    for number in range(SCENES):
        problem, seed = list(PROBLEMS)[number % len(PROBLEMS)], chance.random()
        pair = [
            _kept(storage, _scene(problem, random.Random(seed), solved=solved))
            for solved in (False, True)
        ]
        rows += pair
        scenes.append(Scene(problem, *(row["sha256"] for row in pair)))
    return rows, scenes


def _kept(storage: Storage, picture: Image.Image) -> Row:
    content = _encode(picture)
    sha256 = hashlib.sha256(content).hexdigest()
    for size, rendition in zip(("large", "thumb"), renditions(content), strict=True):
        storage.put(rendition_name(sha256, size), rendition)
    return {
        "sha256": sha256, "mime": "image/jpeg", "size_bytes": len(content), "width": WIDTH,
        "height": HEIGHT, "work_state": "done", "attempts": 1,
    }  # fmt: skip


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _scene(problem: str, chance: random.Random, *, solved: bool) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), chance.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    _houses(draw, chance)
    draw.rectangle((0, 520, WIDTH, 620), fill="#b8b4ab")  # pavement
    draw.rectangle((0, 614, WIDTH, 626), fill="#8f8a80")
    draw.rectangle((0, 626, WIDTH, HEIGHT), fill=ROAD)
    for x in range(chance.randint(-80, 0), WIDTH, 220):
        draw.polygon(((x, 770), (x + 120, 770), (x + 112, 784), (x - 8, 784)), fill="#e8e6df")
    _tree(draw, chance.randint(60, 1100))
    PROBLEMS[problem][solved](draw, chance)
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


def _nothing(_draw: Draw, _chance: random.Random) -> None:
    """The problem is gone."""


def _bikes_in_a_row(draw: Draw, _chance: random.Random) -> None:
    draw.line((240, 606, 960, 606), fill="#f2f0e8", width=5)
    for index in range(6):
        x = 260 + index * 115
        for wheel in (0, 56):
            draw.ellipse((x + wheel, 558, x + wheel + 44, 602), outline="#1f242b", width=6)
        draw.line((x + 22, 580, x + 44, 538, x + 78, 580), fill="#2f7fd0", width=7)


def _patch(draw: Draw, chance: random.Random) -> None:
    x = chance.randint(380, 620)
    draw.polygon(((x - 20, 690), (x + 320, 690), (x + 330, 830), (x - 30, 830)), fill="#45484e")


def _cover(draw: Draw, chance: random.Random) -> None:
    x = chance.randint(400, 640)
    draw.ellipse((x, 700, x + 220, 800), fill="#7c7f85", outline="#55585d", width=8)
    for bar in range(5):
        draw.line((x + 50, 724 + bar * 13, x + 170, 724 + bar * 13), fill="#5f6268", width=5)


def _lamp_lit(draw: Draw, chance: random.Random) -> None:
    x = chance.randint(420, 700)
    draw.rectangle((x, 170, x + 14, 560), fill="#4a4f57")
    draw.line((x + 6, 176, x + 130, 176), fill="#4a4f57", width=12)
    draw.polygon(((x + 96, 182), (x + 156, 182), (x + 240, 560), (x + 12, 560)), fill="#fdf3c4")
    draw.rectangle((x + 96, 172, x + 156, 190), fill="#fff6b0")


Pair = tuple[Callable[[Draw, random.Random], None], Callable[[Draw, random.Random], None]]
PROBLEMS: dict[str, Pair] = {
    "rubbish": (_rubbish, _nothing), "bikes": (_bikes, _bikes_in_a_row),
    "pothole": (_pothole, _patch), "water": (_water, _nothing), "manhole": (_manhole, _cover),
    "lamp": (_lamp, _lamp_lit),
}  # fmt: skip
"""What is drawn of a problem, and in its place once it is solved."""
