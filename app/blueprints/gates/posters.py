"""The place code of a gate as a poster: one page of A4 as PDF, to hang where riders pass."""

from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.lib.poster import Sheet, Words, posters

WORDS = {
    "title": _l("Star Knight"),
    "gate": _l("Scan the gate"),
    "one": _l("Scan this code with your phone's camera."),
    "two": _l("Your badge opens. Let it find where you are."),
    "three": _l("Tap: I go in. The building map opens."),
    "foot": _l("For delivery riders of Suzhou Industrial Park. Nobody's badge is on this paper."),
}


@dataclass(frozen=True)
class Poster:
    """What stands on it: the address in the code, and the names of gate and compound."""

    url: str
    gate_zh: str
    gate_en: str
    compound_zh: str
    compound_en: str


def poster(content: Poster, *, font: str = "") -> bytes:
    """The PDF. `font` is the path of a TrueType font with Chinese, to be embedded."""
    sheet = Sheet(
        url=content.url, name_zh=content.compound_zh, name_en=content.compound_en,
        under_zh=content.gate_zh, under_en=content.gate_en,
    )  # fmt: skip
    title = f"{content.compound_zh} {content.gate_zh}"
    return posters([sheet], zh=_words("zh_Hans"), en=_words("en"), title=title, font=font)


def _words(locale: str) -> Words:
    with force_locale(locale):
        said = {name: str(text) for name, text in WORDS.items()}
    steps = (said["one"], said["two"], said["three"])
    return Words(said["title"], said["gate"], steps, said["foot"])
