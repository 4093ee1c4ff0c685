"""Posters with a code: pages of A4 as PDF in both languages, all from one template.

A sky of stars; above, what this is; in the middle a white card with two names and the code; below,
three steps and a word to whom it is for.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from qrcodegen import QrCode, QrSegment
from reportlab.lib.colors import Color, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.lib.pdf import BLUE, DEEP, INK, MUTED, STAR, Pen, draw_qr, registered_font

WIDTH, HEIGHT = A4
MASK = 2


@dataclass(frozen=True)
class Words:
    """What is the same on all posters of a kind, in one language."""

    title: str
    what: str
    steps: tuple[str, str, str]
    foot: str


@dataclass(frozen=True)
class Sheet:
    """What is a poster's own: the address in its code, and two names in both languages. `mark`
    stands small beside the foot, so that whoever looks after posters tells them apart."""

    url: str
    name_zh: str
    name_en: str
    under_zh: str
    under_en: str
    mark: str = ""


def poster_qr(url: str) -> QrCode:
    """The code of an address, at level Q: it hangs in rain and sun. The mask is given: to try all
    eight takes four fifths of the time, and what is signed looks random under any."""
    segments = QrSegment.make_segments(url)
    return QrCode.encode_segments(segments, QrCode.Ecc.QUARTILE, mask=MASK)


def posters(sheets: Iterable[Sheet], *, zh: Words, en: Words, title: str, font: str = "") -> bytes:
    """The PDF, a page for each. `font` is the path of a TrueType font with Chinese, to be
    embedded."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    pen = Pen(canvas, registered_font(font))
    for sheet in sheets:
        _frame(pen, zh, en)
        _card(pen, sheet)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _frame(pen: Pen, zh: Words, en: Words) -> None:
    _sky(pen.canvas)
    pen.star(29 * mm, 271 * mm, 10 * mm, STAR)
    pen.text(44 * mm, 271.5 * mm, zh.title, 32, white, bold=True)
    pen.text(44.5 * mm, 263.5 * mm, en.title.upper(), 13, white, spaced=2.4)
    pen.text(191 * mm, 273 * mm, zh.what, 24, STAR, bold=True, right=True, room=75 * mm)
    pen.text(191 * mm, 264.5 * mm, en.what, 15, white, right=True, room=75 * mm)
    for number, (said, also) in enumerate(zip(zh.steps, en.steps, strict=True), start=1):
        _step(pen, number, said, also)
    pen.text(19 * mm, 12 * mm, zh.foot, 9.5, white, room=140 * mm)
    pen.text(19 * mm, 7.6 * mm, en.foot, 8, white, room=140 * mm)


def _sky(canvas: Canvas) -> None:
    canvas.linearGradient(0, HEIGHT, WIDTH, 0, (BLUE, DEEP))
    chance = random.Random(11)
    for _number in range(120):
        canvas.setFillColor(Color(1, 1, 1, alpha=chance.uniform(0.12, 0.5)))
        canvas.circle(
            chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT), chance.choice((0.5, 0.8, 1.2)),
            stroke=0, fill=1,
        )  # fmt: skip


def _step(pen: Pen, number: int, said: str, also: str) -> None:
    top, room = (80 - 18 * number) * mm, 152 * mm
    pen.canvas.setFillColor(STAR)
    pen.canvas.circle(26 * mm, top + 2.2 * mm, 5.4 * mm, stroke=0, fill=1)
    pen.text(26 * mm, top - 0.2 * mm, str(number), 19, DEEP, middle=True)
    pen.text(38 * mm, top + 2.6 * mm, said, 18, white, bold=True, room=room)
    pen.text(38 * mm, top - 3.8 * mm, also, 12, white, room=room)


def _card(pen: Pen, sheet: Sheet) -> None:
    canvas, middle, room = pen.canvas, WIDTH / 2, 150 * mm
    canvas.setFillColor(white)
    canvas.roundRect(19 * mm, 76 * mm, 172 * mm, 179 * mm, 9 * mm, stroke=0, fill=1)
    pen.text(middle, 238 * mm, sheet.name_zh, 30, INK, bold=True, middle=True, room=room)
    pen.text(middle, 230 * mm, sheet.name_en, 14, MUTED, middle=True, room=room)
    pen.text(middle, 216 * mm, sheet.under_zh, 26, INK, bold=True, middle=True, room=room)
    pen.text(middle, 209 * mm, sheet.under_en, 14, MUTED, middle=True, room=room)
    side = 126 * mm
    draw_qr(canvas, poster_qr(sheet.url), middle - side / 2, 79 * mm, side)
    pen.text(191 * mm, 12 * mm, sheet.mark, 9.5, white, right=True, room=32 * mm)
