"""Drawing on pages of PDF: text in both languages, stars, and QR codes as vectors.

Lengths are points, from the lower left corner.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import cos, pi, sin

from qrcodegen import QrCode
from reportlab.lib.colors import Color, HexColor, white
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

BLUE, DEEP, STAR = HexColor("#1550b8"), HexColor("#051d4a"), HexColor("#ffc53d")
INK, MUTED, PALE = HexColor("#0f1a30"), HexColor("#3a475f"), HexColor("#d9e0ec")
QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004, 6.3.8)."""
_CHINESE = "STSong-Light"
"""A font that every reader of PDF is asked to bring along, when the settings name none."""


@lru_cache(maxsize=4)
def registered_font(path: str) -> str:
    """The name of the font in that file, or of one that readers bring along, registered."""
    font = TTFont("Chinese", path, subfontIndex=0) if path else UnicodeCIDFont(_CHINESE)
    pdfmetrics.registerFont(font)
    return str(font.fontName)


def draw_qr(canvas: Canvas, code: QrCode, x: float, y: float, side: float) -> None:
    """Draw a QR code as one vector path into a square of white; (x, y) is its lower left corner.
    The quiet zone is within."""
    size = code.get_size()
    module = side / (size + 2 * QUIET)
    canvas.setFillColor(white)
    canvas.rect(x, y, side, side, stroke=0, fill=1)
    path = canvas.beginPath()  # one path, so that no hairlines show between its modules
    for row in range(size):
        top = y + side - (row + QUIET) * module
        for start, end in dark_runs(code, row):
            path.rect(x + (start + QUIET) * module, top - module, (end - start) * module, module)
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)


def dark_runs(code: QrCode, row: int) -> Iterable[tuple[int, int]]:
    """Where dark modules begin and end in a row."""
    start = None
    for column in range(code.get_size() + 1):
        dark = code.get_module(column, row)  # False past the edge
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column
            start = None


def _is_latin(character: str) -> bool:
    """Whether Helvetica has it, in the encoding that PDF calls WinAnsi."""
    return bool(character.encode("cp1252", errors="ignore"))


@dataclass(frozen=True)
class Pen:
    """Writes on a canvas in one font, a name that `registered_font` gave."""

    canvas: Canvas
    font: str

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: Color,
        *,
        bold: bool = False,
        right: bool = False,
        middle: bool = False,
        spaced: float = 0,
        room: float = 0,
    ) -> None:
        """A line of text on its baseline, from x on, up to it, or around it. In less room it gets
        smaller, down to a half, and is then cut. The fonts have one weight: bold is drawn with an
        outline."""
        if room:
            text, size = self._fitted(text, size, room)
        x -= self.width(text, size) * (1 if right else 0.5 if middle else 0)
        line = self.canvas.beginText(x, y)
        line.setFillColor(colour)
        line.setCharSpace(spaced)
        if bold:
            self.canvas.setStrokeColor(colour)
            self.canvas.setLineWidth(size / 40)
            line.setTextRenderMode(2)
        for font, part in self._runs(text):
            line.setFont(font, size)
            line.textOut(part)
        line.setTextRenderMode(0)
        self.canvas.drawText(line)

    def _fitted(self, text: str, size: float, room: float) -> tuple[str, float]:
        width = self.width(text, size)
        smaller = max(size * min(1.0, room / width), size / 2) if width else size
        while text and self.width(text, smaller) > room + 0.01:
            text = text[:-2].rstrip() + "…" if len(text) > 1 else ""
        return text, smaller

    def width(self, text: str, size: float) -> float:
        """How wide a text gets."""
        return sum(
            float(pdfmetrics.stringWidth(part, font, size)) for font, part in self._runs(text)
        )

    def _runs(self, text: str) -> list[tuple[str, str]]:
        """The text in parts, each with its font. Latin letters of the Chinese font that readers
        bring along look like a typewriter's, so they are set in Helvetica."""
        if self.font != _CHINESE:
            return [(self.font, text)]
        parts = groupby(text, lambda character: "Helvetica" if _is_latin(character) else _CHINESE)
        return [(font, "".join(part)) for font, part in parts]

    def star(self, x: float, y: float, radius: float, colour: Color) -> None:
        """A star of five points around (x, y)."""
        path = self.canvas.beginPath()
        for number in range(10):
            reach = radius if number % 2 == 0 else radius * 0.45
            angle = pi / 2 + number * pi / 5
            point = (x + reach * cos(angle), y + reach * sin(angle))
            path.moveTo(*point) if number == 0 else path.lineTo(*point)
        path.close()
        self.canvas.setFillColor(colour)
        self.canvas.drawPath(path, stroke=0, fill=1)
