"""Drawn portraits for the demo's riders: nobody's face."""

import hashlib
import io
from dataclasses import dataclass
from itertools import product

from PIL import Image, ImageDraw

from app.blueprints.badges.portraits import portrait_name
from app.lib.imaging import portrait
from app.lib.storage import Storage

WIDTH, HEIGHT = 360, 480
SKINS = ("#f0c9a5", "#e3b58c", "#d4a075", "#c08a61")
GROUNDS = ("#dbe7f5", "#e8ecef", "#d6eadf")
JACKETS = ("#f5b301", "#1f6fd6", "#2e9e5b", "#e2592f")


@dataclass(frozen=True)
class Face:
    """What makes one drawing differ from another."""

    skin: str
    ground: str
    jacket: str
    number: int


def build_portraits(storage: Storage) -> list[str]:
    """Draw the portraits, keep them as the badges do, and answer their hashes."""
    faces = [Face(*parts, number) for number, parts in enumerate(product(SKINS, GROUNDS, JACKETS))]
    hashes = []
    for face in faces:
        content = portrait(_encode(_draw(face)))
        hashes.append(hashlib.sha256(content).hexdigest())
        storage.put(portrait_name(hashes[-1]), content)
    return hashes


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _draw(face: Face) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), face.ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((20, 350, 340, 700), fill=face.jacket)
    draw.polygon(((140, 350), (220, 350), (180, 410)), fill="#f7f7f5")
    draw.rectangle((150, 290, 210, 370), fill=face.skin)
    draw.ellipse((100, 125, 260, 335), fill=face.skin)
    draw.ellipse((88, 215, 114, 265), fill=face.skin)
    draw.ellipse((246, 215, 272, 265), fill=face.skin)
    _features(draw, face)
    _hair_or_helmet(draw, face)
    return picture


def _features(draw: ImageDraw.ImageDraw, face: Face) -> None:
    for x in (148, 212):
        draw.ellipse((x - 8, 222, x + 8, 238), fill="#2b2320")
        draw.line((x - 16, 206, x + 16, 203 + face.number % 5), fill="#3a2c26", width=6)
    draw.line((180, 236, 174, 266, 186, 268), fill="#9c6b4c", width=4)
    smile = 20 + face.number % 3 * 8
    draw.arc((180 - smile, 268, 180 + smile, 304), 15, 165, fill="#8c3f34", width=6)
    if face.number % 4 == 1:
        for x in (148, 212):
            draw.ellipse((x - 26, 204, x + 26, 254), outline="#2b2b2b", width=5)
        draw.line((174, 226, 186, 226), fill="#2b2b2b", width=5)


def _hair_or_helmet(draw: ImageDraw.ImageDraw, face: Face) -> None:
    if face.number % 3 == 0:
        draw.pieslice((84, 86, 276, 300), 180, 360, fill=face.jacket)
        draw.rounded_rectangle((78, 184, 282, 202), 9, fill="#26303f")
        return
    draw.pieslice((94, 100, 266, 290), 180, 360, fill="#231c19")
    if face.number % 3 == 2:
        draw.rectangle((92, 190, 112, 330), fill="#231c19")
        draw.rectangle((248, 190, 268, 330), fill="#231c19")
