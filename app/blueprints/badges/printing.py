"""The printed badge: one page of A6 as PDF, for riders with no phone.

It can be copied, so a gate never lets it in by itself: it says so, and shows the face to compare.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from qrcodegen import QrCode, QrSegment
from reportlab.lib.colors import Color, white
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.blueprints.badges.codec import PREFIX
from app.blueprints.badges.issuing import Printed
from app.blueprints.badges.models import Holder
from app.lib.clock import to_local
from app.lib.pdf import BLUE, DEEP, INK, MUTED, PALE, STAR, Pen, draw_qr, registered_font

WIDTH, HEIGHT = A6
MOST_STARS = 5

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
    page = _Page(canvas, Pen(canvas, registered_font(font)), _words("zh_Hans"), _words("en"))
    page.draw(sheet)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _words(locale: str) -> dict[str, str]:
    with force_locale(locale):
        return {name: str(text) for name, text in WORDS.items()}


def badge_qr(text: str) -> QrCode:
    """The QR code of a printed badge's text: letters and digits each in their own mode, level Q."""
    segments = [
        QrSegment.make_alphanumeric(PREFIX),
        QrSegment.make_numeric(text.removeprefix(PREFIX)),
    ]
    return QrCode.encode_segments(segments, QrCode.Ecc.QUARTILE, boostecl=False)


@dataclass(frozen=True)
class _Page:
    """The page while it is drawn. Lengths in points, from the lower left corner."""

    canvas: Canvas
    pen: Pen
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
        self.pen.star(14 * mm, 138.3 * mm, 5.2 * mm, STAR)
        self.pen.text(22 * mm, 138.3 * mm, self.zh["title"], 17, white, bold=True)
        self.pen.text(22 * mm, 133.9 * mm, self.en["title"].upper(), 7.5, white, spaced=1.4)
        self.pen.text(97 * mm, 139.2 * mm, self.zh["kind"], 11.5, STAR, bold=True, right=True)
        self.pen.text(97 * mm, 134.6 * mm, self.en["kind"], 8, white, right=True)

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
        self.pen.text(x, 118.3 * mm, sheet.name, 19, INK, bold=True, room=room)
        self.pen.text(x, 112.2 * mm, sheet.company_zh, 11, INK, room=room)
        self.pen.text(x, 108.0 * mm, sheet.company_en, 8, MUTED, room=room)
        for number in range(MOST_STARS):
            colour = STAR if number < sheet.stars else PALE
            self.pen.star(x + (2.4 + 5.6 * number) * mm, 103.2 * mm, 2.5 * mm, colour)
        until = f"{self.zh['until']}  {self.en['until']}"
        self.pen.text(x, 96.6 * mm, until, 8, MUTED, room=room)
        day = f"{to_local(sheet.expires_at):%Y-%m-%d %H:%M}"
        self.pen.text(x, 91.4 * mm, day, 13, INK, bold=True, room=room)

    def _foot(self) -> None:
        self.pen.text(9 * mm, 18.6 * mm, self.zh["face"], 12.5, STAR, bold=True)
        start = 9 * mm + self.pen.width(self.zh["face"], 12.5) + 3 * mm
        self.pen.text(start, 18.6 * mm, self.en["face"], 10, white, room=WIDTH - start - 9 * mm)
        lines = (self.zh["what"] + self.zh["how"], self.en["what"], self.en["how"])
        for number, line in enumerate(lines):
            self.pen.text(
                9 * mm, (13.4 - 3.9 * number) * mm, line, 7.6, white, room=WIDTH - 18 * mm
            )
