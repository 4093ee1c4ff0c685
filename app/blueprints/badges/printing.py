"""The printed badge: one page of A6 as PDF, for riders with no phone.

It can be copied, so a gate never lets it in by itself: it says so, and shows the face to compare.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from math import cos, pi, sin

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from qrcodegen import QrCode, QrSegment
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.blueprints.badges.codec import PREFIX
from app.blueprints.badges.issuing import Printed
from app.blueprints.badges.models import Holder
from app.lib.clock import to_local

WIDTH, HEIGHT = A6
BLUE, DEEP, STAR = HexColor("#1550b8"), HexColor("#051d4a"), HexColor("#ffc53d")
INK, MUTED, PALE = HexColor("#0f1a30"), HexColor("#3a475f"), HexColor("#d9e0ec")
QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004, 6.3.8)."""
MOST_STARS = 5
_CHINESE = "STSong-Light"
"""A font that every reader of PDF is asked to bring along, when the settings name none."""

WORDS = {
    "title": _l("Star Knight"),
    "kind": _l("Printed badge"),
    "until": _l("Valid until"),
    "face": _l("Compare the face"),
    "what": _l("Entry badge of a delivery rider of Suzhou Industrial Park."),
    "how": _l("The gate scans it, compares the face, and decides. No phone is needed."),
}


@dataclass(frozen=True)
class Sheet:
    """What stands on a printed badge; the portrait is a JPEG."""

    text: str
    name: str
    company_zh: str
    company_en: str
    stars: int
    expires_at: datetime
    portrait: bytes


def sheet_of(holder: Holder, printed: Printed, portrait: bytes) -> Sheet:
    """What stands on the badge that was just issued for this rider."""
    return Sheet(
        text=printed.text,
        name=holder.user.name,
        company_zh=holder.company.name_zh,
        company_en=holder.company.name_en,
        stars=holder.stars,
        expires_at=printed.badge.expires_at,
        portrait=portrait,
    )


def printed_badge(sheet: Sheet, *, font: str = "") -> bytes:
    """The PDF. `font` is the path of a TrueType font with Chinese, to be embedded."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A6, invariant=1, pageCompression=1)
    canvas.setTitle("Star Knight 星骑士")
    page = _Page(canvas, _font(font), _words("zh_Hans"), _words("en"))
    page.draw(sheet)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _words(locale: str) -> dict[str, str]:
    with force_locale(locale):
        return {name: str(text) for name, text in WORDS.items()}


@lru_cache(maxsize=4)
def _font(path: str) -> str:
    """The name of the font, registered."""
    font = TTFont("Badge", path, subfontIndex=0) if path else UnicodeCIDFont(_CHINESE)
    pdfmetrics.registerFont(font)
    return str(font.fontName)


def badge_qr(text: str) -> QrCode:
    """The QR code of a printed badge's text: letters and digits each in their own mode, level Q."""
    segments = [
        QrSegment.make_alphanumeric(PREFIX),
        QrSegment.make_numeric(text.removeprefix(PREFIX)),
    ]
    return QrCode.encode_segments(segments, QrCode.Ecc.QUARTILE, boostecl=False)


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
        for start, end in _dark_runs(code, row):
            path.rect(x + (start + QUIET) * module, top - module, (end - start) * module, module)
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)


def _dark_runs(code: QrCode, row: int) -> Iterable[tuple[int, int]]:
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
class _Page:
    """The page while it is drawn. Lengths in points, from the lower left corner."""

    canvas: Canvas
    font: str
    zh: dict[str, str]
    en: dict[str, str]

    def draw(self, sheet: Sheet) -> None:
        self._sky()
        self._head()
        self.canvas.setFillColor(white)
        self.canvas.roundRect(7 * mm, 25.5 * mm, 91 * mm, 103.5 * mm, 5 * mm, stroke=0, fill=1)
        self._portrait(sheet)
        self._person(sheet)
        side = 63 * mm
        draw_qr(self.canvas, badge_qr(sheet.text), (WIDTH - side) / 2, 26.5 * mm, side)
        self._foot()

    def _sky(self) -> None:
        canvas = self.canvas
        canvas.linearGradient(0, HEIGHT, WIDTH, 0, (BLUE, DEEP))
        chance = random.Random(7)
        for _number in range(70):
            canvas.setFillColor(Color(1, 1, 1, alpha=chance.uniform(0.12, 0.5)))
            canvas.circle(
                chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT),
                chance.choice((0.35, 0.5, 0.8)), stroke=0, fill=1,
            )  # fmt: skip
        canvas.setStrokeColor(Color(0.5, 0.69, 1, alpha=0.55))
        canvas.setLineWidth(1.6)
        canvas.setLineCap(1)
        canvas.bezier(-4 * mm, 134 * mm, 30 * mm, 120 * mm, 75 * mm, 124 * mm, 109 * mm, 146 * mm)

    def _head(self) -> None:
        self._star(14 * mm, 138.3 * mm, 5.2 * mm, STAR)
        self._text(22 * mm, 138.3 * mm, self.zh["title"], 17, white, bold=True)
        self._text(22 * mm, 133.9 * mm, self.en["title"].upper(), 7.5, white, spaced=1.4)
        self._text(97 * mm, 139.2 * mm, self.zh["kind"], 11.5, STAR, bold=True, right=True)
        self._text(97 * mm, 134.6 * mm, self.en["kind"], 8, white, right=True)

    def _portrait(self, sheet: Sheet) -> None:
        x, y, width, height = 12 * mm, 91 * mm, 25.5 * mm, 34 * mm
        canvas = self.canvas
        canvas.saveState()
        frame = canvas.beginPath()
        frame.roundRect(x, y, width, height, 2.5 * mm)
        canvas.clipPath(frame, stroke=0, fill=0)
        canvas.drawImage(ImageReader(BytesIO(sheet.portrait)), x, y, width, height)
        canvas.restoreState()
        canvas.setStrokeColor(PALE)
        canvas.setLineWidth(0.6)
        canvas.roundRect(x, y, width, height, 2.5 * mm, stroke=1, fill=0)

    def _person(self, sheet: Sheet) -> None:
        x, room = 41.5 * mm, 52 * mm
        self._text(x, 118.3 * mm, sheet.name, 19, INK, bold=True, room=room)
        self._text(x, 112.2 * mm, sheet.company_zh, 11, INK, room=room)
        self._text(x, 108.0 * mm, sheet.company_en, 8, MUTED, room=room)
        for number in range(MOST_STARS):
            colour = STAR if number < sheet.stars else PALE
            self._star(x + (2.4 + 5.6 * number) * mm, 103.2 * mm, 2.5 * mm, colour)
        until = f"{self.zh['until']}  {self.en['until']}"
        self._text(x, 96.6 * mm, until, 8, MUTED, room=room)
        day = f"{to_local(sheet.expires_at):%Y-%m-%d %H:%M}"
        self._text(x, 91.4 * mm, day, 13, INK, bold=True, room=room)

    def _foot(self) -> None:
        self._text(9 * mm, 18.6 * mm, self.zh["face"], 12.5, STAR, bold=True)
        start = 9 * mm + self._width(self.zh["face"], 12.5) + 3 * mm
        self._text(start, 18.6 * mm, self.en["face"], 10, white, room=WIDTH - start - 9 * mm)
        lines = (self.zh["what"] + self.zh["how"], self.en["what"], self.en["how"])
        for number, line in enumerate(lines):
            self._text(9 * mm, (13.4 - 3.9 * number) * mm, line, 7.6, white, room=WIDTH - 18 * mm)

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: Color,
        *,
        bold: bool = False,
        right: bool = False,
        spaced: float = 0,
        room: float = 0,
    ) -> None:
        """A line of text on its baseline. In less room it gets smaller, down to a half, and is
        then cut. The fonts have one weight: bold is drawn with an outline."""
        if room:
            text, size = self._fitted(text, size, room)
        line = self.canvas.beginText(x - (self._width(text, size) if right else 0), y)
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
        width = self._width(text, size)
        smaller = max(size * min(1.0, room / width), size / 2) if width else size
        while text and self._width(text, smaller) > room + 0.01:
            text = text[:-2].rstrip() + "…" if len(text) > 1 else ""
        return text, smaller

    def _width(self, text: str, size: float) -> float:
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

    def _star(self, x: float, y: float, radius: float, colour: Color) -> None:
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
