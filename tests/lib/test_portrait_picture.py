"""A picture made into a portrait."""

import io

import pytest
from PIL import Image, ImageDraw

from app.lib.imaging import PORTRAIT_BYTES, BadPicture, portrait
from tests.support.pictures import moving, picture, png_header

ORIENTATION, MAKER = 0x0112, 0x010F


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def _noise(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("size", [(30, 40), (800, 600), (600, 800), (2000, 50), (50, 2000)])
def test_it_is_three_by_four(kind: str, size: tuple[int, int]) -> None:
    made = _opened(portrait(picture(1, size=size, kind=kind)))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (360, 480))


def test_it_is_light_even_when_it_is_all_noise() -> None:
    assert len(portrait(_noise((3000, 4000)))) < 2.5 * PORTRAIT_BYTES
    assert len(portrait(picture(1, size=(3000, 4000)))) < PORTRAIT_BYTES


def test_a_face_a_little_above_the_centre_stays_whole() -> None:
    tall = Image.new("RGB", (600, 1200), "white")
    ImageDraw.Draw(tall).ellipse((150, 260, 450, 660), fill="red")
    out = io.BytesIO()
    tall.save(out, "PNG")
    made = _opened(portrait(out.getvalue()))
    reds = [y for y in range(480) if _is_red(made, 180, y)]
    assert reds[0] > 10
    assert reds[-1] < 470
    assert 0.3 < (reds[0] + reds[-1]) / 2 / 480 < 0.5


def _is_red(image: Image.Image, x: int, y: int) -> bool:
    red, green, _blue = image.getpixel((x, y))  # type: ignore[misc]
    return bool(red > 200 > 100 > green)


def test_it_is_turned_upright_and_says_nothing_else() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "A phone's maker"
    lying = Image.new("RGB", (800, 600), "blue")
    lying.paste("red", (0, 0, 400, 600))
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=exif, quality=95)
    made = _opened(portrait(out.getvalue()))
    assert dict(made.getexif()) == {}
    assert b"maker" not in portrait(out.getvalue())
    assert made.getpixel((180, 20))[0] > 200  # type: ignore[index]
    assert made.getpixel((180, 460))[2] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"words", "not_a_picture"),
        (png_header(9000, 9000), "too_many_pixels"),
        (moving("PNG"), "animated"),
        (moving("WEBP"), "animated"),
        (bytes(16 * 1024 * 1024), "too_large"),
        (picture(4, size=(900, 700))[:4000], "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadPicture, match=reason):
        portrait(content)
