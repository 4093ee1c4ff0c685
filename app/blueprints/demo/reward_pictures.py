"""Plain drawn pictures of the demo's rewards: one thing on a coloured ground."""

import io
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw

from app.lib.imaging import Sheet, sheet

SIDE = 800
Draw = ImageDraw.ImageDraw
INK, LIGHT = "#17324d", "#ffffff"


def picture_of(thing: str) -> Sheet:
    """The picture of one of THINGS, encoded as an upload would be."""
    ground, draw = THINGS[thing]
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    draw(ImageDraw.Draw(picture))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return sheet(out.getvalue())


def _flask(draw: Draw) -> None:
    draw.rounded_rectangle((290, 250, 510, 680), 50, fill="#2f6fb3")
    draw.rounded_rectangle((320, 150, 480, 270), 26, fill=INK)
    draw.rectangle((290, 400, 510, 470), fill=LIGHT)


def _rain_suit(draw: Draw) -> None:
    draw.polygon([(400, 120), (250, 260), (170, 660), (630, 660), (550, 260)], fill="#f2b705")
    draw.ellipse((310, 130, 490, 310), fill="#d99a00")
    draw.ellipse((340, 165, 460, 300), fill="#f6dcb8")
    draw.line((400, 320, 400, 650), fill=INK, width=10)


def _helmet(draw: Draw) -> None:
    draw.pieslice((160, 170, 640, 730), 180, 360, fill="#d8433b")
    draw.rounded_rectangle((140, 440, 660, 520), 30, fill=INK)
    draw.rectangle((370, 175, 430, 440), fill=LIGHT)


def _meal(draw: Draw) -> None:
    draw.pieslice((160, 180, 640, 700), 0, 180, fill="#b5502a")
    draw.ellipse((160, 380, 640, 500), fill="#f7f0df")
    for left in (300, 400, 500):
        draw.arc((left - 40, 170, left + 40, 370), 300, 120, fill="#7a7a7a", width=12)


def _tea(draw: Draw) -> None:
    draw.rounded_rectangle((240, 300, 520, 640), 40, fill=LIGHT)
    draw.arc((470, 360, 640, 560), 270, 90, fill=LIGHT, width=34)
    draw.ellipse((240, 270, 520, 350), fill="#c7822b")


def _scissors(draw: Draw) -> None:
    draw.line((250, 180, 520, 560), fill=INK, width=34)
    draw.line((550, 180, 280, 560), fill=INK, width=34)
    for left in (190, 470):
        draw.ellipse((left, 530, left + 140, 670), outline=INK, width=30)


def _scooter(draw: Draw) -> None:
    for left in (150, 490):
        draw.ellipse((left, 480, left + 170, 650), outline=INK, width=34)
    draw.line((235, 560, 330, 400, 520, 400, 575, 560), fill="#1d7a4c", width=40)
    draw.line((520, 400, 490, 220), fill=INK, width=26)
    draw.line((420, 215, 560, 225), fill=INK, width=26)


def _heart(draw: Draw) -> None:
    draw.ellipse((190, 210, 410, 430), fill=LIGHT)
    draw.ellipse((390, 210, 610, 430), fill=LIGHT)
    draw.polygon([(203, 370), (597, 370), (400, 640)], fill=LIGHT)


THINGS: Mapping[str, tuple[str, Callable[[Draw], None]]] = {
    "flask": ("#dbe9f6", _flask),
    "rain_suit": ("#d5e3ec", _rain_suit),
    "helmet": ("#f3e3dc", _helmet),
    "meal": ("#f6ead2", _meal),
    "tea": ("#e7b76a", _tea),
    "scissors": ("#e2e6ea", _scissors),
    "scooter": ("#dcefe2", _scooter),
    "heart": ("#c9443f", _heart),
}
"""A thing's ground and how it is drawn."""
