"""The place code of a gate as a poster: one page of A4 as PDF, to hang where riders pass."""

import random
from dataclasses import dataclass
from io import BytesIO

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from qrcodegen import QrCode
from reportlab.lib.colors import Color, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.lib.pdf import BLUE, DEEP, INK, MUTED, STAR, Pen, draw_qr, registered_font

WIDTH, HEIGHT = A4
WORDS = {
    "title": _l("Star Knight"),
    "gate": _l("Scan the gate"),
    "one": _l("Scan this code with your phone's camera."),
    "two": _l("Your badge opens. Let it find where you are."),
    "three": _l("Tap: I go in. The building map opens."),
    "foot": _l("For delivery riders of Suzhou Industrial Park. Nobody's badge is on this paper."),
}
STEPS = ("one", "two", "three")


@dataclass(frozen=True)
class Poster:
    """What stands on it: the address in the code, and the names of gate and compound."""

    url: str
    gate_zh: str
    gate_en: str
    compound_zh: str
    compound_en: str


def place_qr(url: str) -> QrCode:
    """The code of a gate's address, at level Q: it hangs in rain and sun."""
    return QrCode.encode_text(url, QrCode.Ecc.QUARTILE)


def poster(content: Poster, *, font: str = "") -> bytes:
    """The PDF. `font` is the path of a TrueType font with Chinese, to be embedded."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"{content.compound_zh} {content.gate_zh}")
    pen = Pen(canvas, registered_font(font))
    _sky(canvas)
    _head(pen)
    _code(pen, content)
    _steps(pen)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _words(locale: str) -> dict[str, str]:
    with force_locale(locale):
        return {name: str(text) for name, text in WORDS.items()}


def _sky(canvas: Canvas) -> None:
    canvas.linearGradient(0, HEIGHT, WIDTH, 0, (BLUE, DEEP))
    chance = random.Random(11)
    for _number in range(120):
        canvas.setFillColor(Color(1, 1, 1, alpha=chance.uniform(0.12, 0.5)))
        canvas.circle(
            chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT), chance.choice((0.5, 0.8, 1.2)),
            stroke=0, fill=1,
        )  # fmt: skip


def _head(pen: Pen) -> None:
    zh, en = _words("zh_Hans"), _words("en")
    pen.star(29 * mm, 271 * mm, 10 * mm, STAR)
    pen.text(44 * mm, 271.5 * mm, zh["title"], 32, white, bold=True)
    pen.text(44.5 * mm, 263.5 * mm, en["title"].upper(), 13, white, spaced=2.4)
    pen.text(191 * mm, 273 * mm, zh["gate"], 24, STAR, bold=True, right=True, room=75 * mm)
    pen.text(191 * mm, 264.5 * mm, en["gate"], 15, white, right=True, room=75 * mm)


def _code(pen: Pen, content: Poster) -> None:
    canvas, middle, room = pen.canvas, WIDTH / 2, 150 * mm
    canvas.setFillColor(white)
    canvas.roundRect(19 * mm, 76 * mm, 172 * mm, 179 * mm, 9 * mm, stroke=0, fill=1)
    pen.text(middle, 238 * mm, content.compound_zh, 30, INK, bold=True, middle=True, room=room)
    pen.text(middle, 230 * mm, content.compound_en, 14, MUTED, middle=True, room=room)
    pen.text(middle, 216 * mm, content.gate_zh, 26, INK, bold=True, middle=True, room=room)
    pen.text(middle, 209 * mm, content.gate_en, 14, MUTED, middle=True, room=room)
    side = 126 * mm
    draw_qr(canvas, place_qr(content.url), middle - side / 2, 79 * mm, side)


def _steps(pen: Pen) -> None:
    canvas, room = pen.canvas, 152 * mm
    zh, en = _words("zh_Hans"), _words("en")
    for number, name in enumerate(STEPS, start=1):
        top = (80 - 18 * number) * mm
        canvas.setFillColor(STAR)
        canvas.circle(26 * mm, top + 2.2 * mm, 5.4 * mm, stroke=0, fill=1)
        pen.text(26 * mm, top - 0.2 * mm, str(number), 19, DEEP, middle=True)
        pen.text(38 * mm, top + 2.6 * mm, zh[name], 18, white, bold=True, room=room)
        pen.text(38 * mm, top - 3.8 * mm, en[name], 12, white, room=room)
    pen.text(19 * mm, 12 * mm, zh["foot"], 9.5, white, room=172 * mm)
    pen.text(19 * mm, 7.6 * mm, en["foot"], 8, white, room=172 * mm)
